//! A paper as an Office Open XML document (.docx): the same paper makes the same bytes in any process, thread and time
//! zone. The parts are written as text: the form needs rows that repeat as headings, rules of a computed length and
//! nothing that counts beside the document, and the schema of that little is small. PURE.

mod certificate;
mod letter;
mod package;
mod page;
mod tables;
mod xml;

pub use package::docx;

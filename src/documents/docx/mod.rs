//! A paper as an Office Open XML document (.docx), written by docx-rs: the same paper makes the same bytes in any process,
//! thread and time zone. What that crate cannot say is put in afterwards, in `finish`. PURE.

mod certificate;
mod finish;
mod letter;
mod package;
mod page;
mod tables;
mod text;

pub use package::docx;

//! Papers: what an award and a movement put on paper, in the form of Nghị định 30/2020/NĐ-CP, Phụ lục I. A *template* is
//! the wording of a paper as data; *filled* with values it is a *paper*; a paper is written as a document or a list, and
//! the *checker* (`form`) reads any document and says where it leaves the form.

mod docx;
pub mod form;
mod metrics;
mod paper;
mod qr;
mod sheet;
mod template;

pub use docx::docx;
pub use paper::{Paper, PaperKind, Trace, in_words};
pub use sheet::xlsx;
pub use template::{Field, Filling, Holds, Template, Values, default_template, default_text, fields, fill, lint};

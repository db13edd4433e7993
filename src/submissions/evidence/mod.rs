//! Evidence (tài liệu kiểm chứng): the documents behind a report's figures.
//!
//! A document belongs to one unit's place in one period, and a draft of that place may name it. It is handed in while
//! the report may be edited, and from then on nobody changes or deletes it: what a revision names, it names for good.
//! `kind` and `archive` decide what is taken, `upload` reads it as it comes.

mod about;
mod api;
mod archive;
mod kind;
mod named;
mod store;
mod upload;

pub use about::{About, check as check_about};
pub use api::{EvidenceView, of_report, routes};
pub use kind::{HEAD, Kind, TAIL, check_content, check_name};
pub use named::named;
pub use store::{known, of_unit};

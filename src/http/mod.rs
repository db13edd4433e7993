//! The kit: what every endpoint shares, each thing once. It knows no feature.

mod access;
mod address;
mod answer;
mod caller;
mod catalogue;
mod error;
mod etag;
mod extract;
mod form;
mod json;
mod locale;
mod operations;
mod page;
mod reply;
mod write;
mod writing;

pub use access::{ALL, Access, Held, MATRIX, Role, Scope, access};
pub use address::client_address;
pub use answer::answer;
pub use caller::{Account, Actor, Caller, Capacity, Grant, Locality, Reach};
pub use catalogue::{Entry, entries, entry, fill, split};
pub use error::{Error, Problem, ProblemItem, Result};
pub use etag::IfMatch;
pub use extract::{BodyTime, Json, NoBody, OptionalJson, Path, Query, not_blank};
pub use form::Form;
pub use json::{from_value, read};
pub use locale::Locale;
pub use operations::{Operation, Operations, fallback};
pub use page::{Cursor, Page, PageQuery};
pub use reply::Reply;
pub use write::Write;
pub use writing::{Writing, record_reading};

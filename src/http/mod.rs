//! The kit: what every endpoint shares, each thing once. It knows no feature.

mod access;
pub mod address;
mod answer;
mod caller;
mod catalogue;
mod cors;
mod deadline;
mod error;
mod etag;
mod extract;
mod headers;
mod json;
pub mod limits;
mod locale;
mod operations;
mod page;
mod reply;
mod unread;
mod write;

pub use access::{ALL, Access, MATRIX, Role};
pub use address::network;
pub use answer::answer;
pub use caller::{Account, Actor, Caller, Capacity, Grant, Locality, Reach};
pub use catalogue::{Entry, entries, entry, fill, split};
pub use cors::cors;
pub use deadline::{Deadline, deadline};
pub use error::{Error, Problem, ProblemItem, Result};
pub use etag::IfMatch;
pub use extract::{BodyTime, Json, NoBody, OptionalJson, Path, Query, not_blank};
pub use json::{from_value, read};
pub use limits::{Limits, client_address};
pub use locale::Locale;
pub use operations::{Operation, Operations, fallback};
pub use page::{Cursor, Page, PageQuery};
pub use reply::Reply;
pub use write::Write;

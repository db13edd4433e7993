//! Request bodies: bounded in time and size, read strictly, with a finding for every error.

mod body_timeout;
mod extract;
mod form;
mod json;
mod members;
mod misfits;
mod partly;
mod put;
mod read_only;
mod serde_messages;
mod spool;
mod strict_objects;
mod upload;

pub use body_timeout::BodyTimeout;
pub use extract::{BodyDigest, BodyTime, Json, NoBody, OptionalJson, Path, Query, SentBody, query};
pub use form::Form;
pub use json::{clean, from_value, read, read_each};
pub use members::{nullable, present};
pub use partly::{Unread, read_and_check};
pub use put::PutJson;
pub use read_only::{Shape, differences};
pub use spool::Spool;
pub use upload::Upload;

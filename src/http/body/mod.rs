//! Request bodies: bounded in time and size, read strictly, with a finding for every error.

mod body_timeout;
mod extract;
mod form;
mod json;
mod serde_messages;
mod strict_objects;
mod upload;

pub use body_timeout::BodyTimeout;
pub use extract::{BodyDigest, BodyTime, Json, NoBody, OptionalJson, Path, Query, SentBody, not_blank, query};
pub use form::Form;
pub use json::{clean, from_value, read, read_each};
pub use upload::Upload;

//! Responses of handlers: replies, pages, entity tags.

mod answer;
mod etag;
mod page;

pub use answer::{Reply, accepted};
pub use etag::{IF_NONE_MATCH, IfMatch, etag};
pub use page::{Cursor, ListQuery, Page, PageQuery};

//! Responses of handlers: replies, pages, entity tags.

mod answer;
mod etag;
mod page;

pub use answer::Reply;
pub use etag::{IfMatch, etag};
pub use page::{Cursor, ListQuery, Page, PageQuery};

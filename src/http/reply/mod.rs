//! Responses of handlers: replies, pages, entity tags, and what is answered again while nothing has changed.

mod answer;
mod etag;
mod file;
mod page;
mod unchanged;
mod unchanged_store;

pub use answer::{Reply, accepted};
pub use etag::{IF_NONE_MATCH, IfMatch, etag};
pub use file::file;
pub use page::{Cursor, ListQuery, Page, PageQuery};
pub use unchanged::{Asker, READS, ReadInState};

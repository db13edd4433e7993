//! History: the acts on reports, which never change, and what was known at any instant.

mod as_of_store;
mod replay;
mod store;

pub use as_of_store::{Answered, Asked, answered, as_known, list as list_known};
pub use replay::{Event, Known, known};
pub use store::{insert, list, list_many, submitters};

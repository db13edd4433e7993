//! Events (sự kiện): what happened, for programs that follow: a report handed in or approved, a period closed, a unit
//! that has not reported. Acts tell them through `db::events` in their own transaction.
//!
//! The life of an event: told → numbered → kept. Numbers are given to committed events alone, by whoever reads first,
//! one reader of a locality at a time: what commits late gets a later number, and nobody who follows the numbers misses
//! it. Handing events on to others is not done here.

mod api;
mod numbering;
mod store;

pub use api::routes;
pub use numbering::number;
pub use store::{Asked, Numbered, after};

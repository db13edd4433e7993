//! Domain events (sự kiện), for programs that follow: a report is submitted or approved, a period is closed, a unit has
//! not reported. Features publish them through `db::events` in their own transaction.
//!
//! Lifecycle of an event: published → numbered → kept. The next reader numbers committed events, one reader of a
//! locality at a time: an event that commits late gets a later number, and a follower misses none. Delivery to other
//! systems is not implemented here.

mod api;
mod numbering;
mod store;

pub use api::routes;
pub use numbering::number;
pub use store::{Asked, Numbered, after};

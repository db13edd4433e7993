//! Completeness: which reports are owed at an instant, which of them have come, and which are missing.

mod api;
mod counts;
mod obligations;
mod store;

pub use api::routes;
pub use counts::{Came, Counts, Expected, Timeliness, percent, timeliness};
pub use obligations::{Obligation, obligations};
pub use store::{Arrival, arrivals};

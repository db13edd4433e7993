//! Middleware: before every handler, and after it.

pub mod address;
mod cors;
mod deadline;
mod headers;
pub mod limits;
mod permits;
mod respond;

pub use address::network;
pub use cors::cors;
pub use deadline::{Deadline, deadline};
pub use limits::{Limits, client_address};
pub use permits::{Permit, Permits};
pub use respond::{RequestAccount, Secure, answer};

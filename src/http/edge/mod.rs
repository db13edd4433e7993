//! Middleware: before every handler, and after it.

pub mod address;
mod connection;
mod cors;
mod deadline;
mod headers;
mod leaving;
pub mod limits;
mod permits;
mod pieces;
mod request_line;
mod respond;
mod stuck;
mod unread;

pub use address::network;
pub use connection::Connections;
pub use cors::cors;
pub use deadline::{Deadline, deadline};
pub use leaving::{Leaving, leaving};
pub use limits::{Limits, client_address};
pub use permits::{Permit, Permits};
pub use request_line::RequestLine;
pub use respond::{RequestAccount, Secure, answer};
pub use stuck::Stuck;

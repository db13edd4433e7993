//! The way to Postgres: one pool, reads and transactions, and constraint names turned into client errors.

mod address;
pub mod audit_log;
mod blobs;
mod connection;
mod constraint;
pub mod embedded;
mod enum_text;
pub mod events;
mod failure;
mod ids;
mod locks;
mod memory;
pub mod migrations;
mod order;
mod pool;
mod probe;
pub mod redaction;
mod rows;
pub mod schema;
mod statement;

pub use address::{Address, TlsMode, Whereabouts, describe, whereabouts, with_password};
pub use blobs::next_piece;
pub use connection::connect;
pub use enum_text::{from_text, to_text};
pub use failure::{LockedOut, OnConstraint, is_english};
pub use ids::*;
pub use locks::{Lock, advisory_lock, share_advisory_lock, try_advisory_lock};
pub use memory::{Holdable, Memory, Of, Recall, renew_generation};
pub(crate) use order::listed;
pub use order::{Listed, Order, Position, Positioned, SortKey, Sorts, Total, Unsortable, arrange, is_of_our_era};
pub use pool::{Conn, Db, PoolStatus};
pub use rows::write_rows;
pub use statement::{Statement, statement};

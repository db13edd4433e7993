//! The audit log (nhật ký): who did what, when, from which to which value, why. Every write appends one record in its
//! own transaction (`http::Write`, `db::audit_log`), and so does every reading of a hold's reason.
//!
//! Lifecycle of a record: written → chained within a second, under the next number of its locality's chain → kept for
//! ever. Records and chain are only inserted; a record's text may be redacted when a person's retention ends, which is
//! itself recorded. `chain` verifies a chain, the sequencer appends to it, the inspection reads it, and a head kept
//! elsewhere detects a truncation.

mod acts_store;
mod api;
pub mod chain;
mod head;
mod inspection;
mod sequencer;
mod store;
mod visibility;

pub use api::routes;
pub use head::AuditHead;
pub use inspection::{inspect, logs};
pub use sequencer::{chain_waiting, keep_chaining};
pub use store::{Backlog, backlog};

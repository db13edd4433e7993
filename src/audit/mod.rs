//! The audit log (nhật ký): who did what, when, from what to what, why. Every write leaves one record in its own
//! transaction (`http::Write`, `db::audit_log`), and whoever reads why somebody is held leaves one too.
//!
//! The life of a record: written → chained within a second, under the next number of its locality's chain → kept for
//! ever. Records and chain are only inserted; the words of a record may be replaced when a person's retention ends,
//! which is a record itself. `chain` says what holds in a chain, the sequencer appends to it, the inspection reads it
//! through, a head kept elsewhere finds what was cut off.

mod api;
pub mod chain;
mod head;
mod inspection;
mod sequencer;
mod store;

pub use api::routes;
pub use head::AuditHead;
pub use inspection::{inspect, logs};
pub use sequencer::{chain_waiting, keep_chaining};

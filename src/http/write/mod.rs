//! Writes: once per key, in one transaction, with a record in the audit log.

pub mod idempotency_store;
mod request;
mod scope;

pub use idempotency_store::forget as forget_answers;
pub use request::{KEY_MOST, WriteRequest, write_for};
pub use scope::{SignInSubject, WriteScope, record_entrance, record_reading};

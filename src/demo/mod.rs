//! The sample data: the Hồng Vân movement with units, people, accounts and reports, loaded through the HTTP API of an
//! instance whose clock is in 2025. Existing data stay as they are, so that a second load changes nothing and an
//! interrupted one continues.
//!
//! Periods 2025-11 and 2025-12 stay open and untouched, for trying out.

mod accounts;
mod awards;
mod client;
mod organisation;
mod reports;
mod sample;
mod store;
mod story;
mod tell;

pub use tell::tell;

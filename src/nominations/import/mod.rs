//! Nominations from a file: `rows` says what a row of a table means, `candidates` whom it names, and `api` stores all of it
//! in one transaction.

mod api;
mod candidates;
mod rows;

pub use api::routes;
pub use candidates::{Known, find};
pub use rows::NominationRow;

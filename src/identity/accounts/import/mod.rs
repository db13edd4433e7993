//! Accounts from a file: `rows` says what a row of a table means, `merge` what it comes to, and `api` stores all of it in
//! one transaction. An account made so has no password until its owner sets one with a code.

mod api;
mod merge;
mod rows;

pub use api::routes;

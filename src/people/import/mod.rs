//! People from a file: `rows` says what a row of a table means, `merge` finds whom it is about and what changes, and `api`
//! stores all of it in one transaction.

mod api;
mod merge;
mod rows;

pub use api::{PersonKinds, routes};
pub use merge::{Merged, PersonState, merge};
pub use rows::PersonRow;

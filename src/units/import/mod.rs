//! Units from a file: `rows` says what a row of a table means, `merge` puts rows into the history of the tree, and `api`
//! stores all of it in one transaction.

mod api;
mod merge;
mod rows;

pub use api::routes;
pub use merge::{Merged, merge};
pub use rows::UnitRow;

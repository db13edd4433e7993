//! Import: many values at once, from a list, lines, a table or a spreadsheet, into the drafts they belong to.
//!
//! A reader a format (`json`, `csv`, `xlsx` behind `bounds`) turns the file into `rows`; `columns` knows the headings and
//! `cells` what a cell means, or why it is refused. `merge` puts rows into drafts; all of it is stored in one
//! transaction (`store`) with one record of the audit log.

mod act;
mod api;
pub mod bounds;
pub mod cells;
pub mod columns;
pub mod csv;
pub mod json;
pub mod merge;
pub mod rows;
mod store;
mod view;
pub mod xlsx;

pub use api::routes;

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
mod command;
pub mod csv;
mod format;
pub mod json;
mod later;
mod later_api;
mod later_store;
pub mod merge;
mod progress;
pub mod rows;
mod run;
mod store;
mod view;
pub mod xlsx;

pub use act::{ImportMode, Order as ImportOrder};
pub use api::routes;
pub use command::{ImportCommand, import_on_command};
pub use format::Format;
pub use later::{ForgetImports, RunImport};
pub use progress::Progress;

//! Import: many values at once, from a list, lines, a table or a spreadsheet, into the drafts they belong to.
//!
//! `rows` says what a line of a table means by its `columns` and their `words`; `merge` puts rows into drafts; all of it is
//! stored in one transaction (`run`) with one record of the audit log.

mod act;
mod api;
pub mod columns;
mod command;
mod later;
mod later_api;
mod later_store;
pub mod merge;
mod progress;
pub mod rows;
mod run;
mod view;
pub mod words;

pub use act::{ImportMode, Order as ImportOrder};
pub use api::routes;
pub use command::{ImportCommand, import_on_command};
pub use later::{ForgetImports, RunImport};
pub use progress::Progress;

//! Import: many values at once, from a list, lines, a table or a spreadsheet, into the drafts they belong to.
//!
//! `rows` says what a line of a table means by its `columns` and their `vocabulary`; `resolve` finds the codes of what rows
//! name (`names`), also by the headings of values that stand side by side (`across`); `repeats` takes each value once; `merge` puts rows into drafts; `evaluate` judges all of them; `execute` stores them in one transaction with one record of the audit log.

mod across;
mod api;
mod background;
mod columns;
mod command;
mod evaluate;
mod execute;
mod merge;
mod names;
mod order;
mod progress;
mod repeats;
mod resolve;
mod rows;
mod view;
mod vocabulary;

use utoipa_actix_web::service_config::ServiceConfig;

pub use background::{ForgetImports, RunImport};
pub use columns::{COLUMNS, Column};
pub use command::{ImportCommand, import_on_command};
pub use names::{Names, PlanNames, level_word};
pub use order::{ImportMode, Order as ImportOrder};
pub use progress::Progress;
pub use repeats::{Repeats, once};
pub use rows::Row;
pub use vocabulary::{STATES, period, periods_in};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(background::routes);
}

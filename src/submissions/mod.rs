//! Submissions: one unit's report for one period, from draft to approval.
//!
//! The life: `draft → submitted → approved`, with `submitted → draft` (withdrawn by the unit), `submitted → returned →
//! submitted` and `approved → reopened → submitted`. Every submit makes a revision that never changes; every act is an
//! event that never changes; what was known at any instant can be asked again. `rules` decides who may take which
//! step, `checks` what is wrong with a content.

mod acts;
mod api;
mod checks;
mod completeness;
mod completeness_api;
mod content;
mod evidence;
pub mod forms;
pub mod import;
mod revisions;
mod rules;
mod store;
mod value;
mod values_store;
mod view;

pub use api::routes;
pub use checks::{check_draft, check_submit};
pub use completeness::{Came, Counts, Expected, percent};
pub use content::{Content, OnBehalf, Remark};
pub use evidence::{About, HEAD, Kind, TAIL, check_about, check_content, check_name};
pub use import::{ForgetImports, RunImport, rows::Row as ImportRow};
pub use rules::{Action, State, next, period_lets};
pub use value::{MOST, Value, ValueState};
pub use values_store::{Answered, Asked, Timeliness, answered, timeliness};

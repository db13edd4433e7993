//! Submissions: one unit's report for one period, from draft to approval.
//!
//! The life: `draft → submitted → approved`, with `submitted → draft` (withdrawn by the unit), `submitted → returned →
//! submitted` and `approved → reopened → submitted`. Every submit makes a revision that never changes; every act is an
//! event that never changes; what was known at any instant can be asked again. `lifecycle` decides who may take which
//! step, `validation` what is wrong with a content, `history` what was known when, `revisions` what a hand-in changed.

mod api;
mod bundle;
mod commands;
mod completeness;
mod content;
mod estimates;
mod events;
mod evidence;
mod history;
pub mod import;
mod lifecycle;
mod list_api;
mod list_store;
mod plausible;
mod position;
mod positions;
mod postpone_api;
mod reminders;
mod review;
mod revisions;
mod sheets;
mod store;
mod tree;
mod validation;
mod value;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use bundle::{ReportBundle, bundle};
pub use completeness::{
    Arrival, Came, Counts, Expected, Obligation, Timeliness, arrivals, obligations, percent, timeliness,
};
pub use content::{Content, OnBehalf, Remark};
pub use estimates::{are_asked as estimates_are_asked, give_way as estimates_give_way, mark as mark_estimates};
pub use evidence::{
    About, EvidenceView, HEAD, Kind, TAIL, check_about, check_content, check_name, named as evidence_named,
    of_unit as evidence_of_unit,
};
pub use history::{
    ChangedReport, CountedReport, Event, Explanation, ReportQuery, Snapshot, SourceReport, Wanted, changed_reports,
    counted_reports, explanations, source_reports,
};
pub use import::{ForgetImports, Row as ImportRow, RunImport};
pub use lifecycle::{Action, Bar, HandIns, State, lets, may_approve, next, period_lets, waits_for_unit};
pub use plausible::{check_final, check_jumps, warnings};
pub use position::ReportPath;
pub use reminders::{RemindUnits, ReminderTime, Schedule, reminder_time};
pub use revisions::{Change, RevisionSummary, diff};
pub use sheets::{CellContent, FormWords, Line};
pub use tree::{ReportedIndicator, affected, orphaned_reports, plan_rule, tree_rule};
pub use validation::{check_draft, check_submit};
pub use value::{Value, ValueState};
pub use view::SubmissionView;

pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(list_api::routes)
        .configure(api::routes)
        .configure(postpone_api::routes)
        .configure(revisions::routes)
        .configure(review::routes)
        .configure(import::routes)
        .configure(sheets::routes)
        .configure(evidence::routes)
        .configure(completeness::routes);
}

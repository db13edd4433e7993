//! Movements: a plan loaded, launched, reported on. `plan` is the format with its versions, and its `lint` says what is
//! wrong with one; `launch` says what only the organisation tree can show. `periods` makes the reporting periods,
//! `calendar` knows the working days.
//!
//! The life: `draft → launched → closed → concluded`. An issued plan version never changes; `amendments` say what a
//! later one may, and each day is judged by the version then in force.

pub mod amendments;
mod api;
mod assigned;
mod awarded;
pub mod calendar;
mod continued;
mod deadlines;
mod drafts_api;
mod kinds_store;
mod label;
pub mod launch;
mod load;
mod locked_store;
pub mod membership;
mod movement;
pub mod periods;
pub mod plan;
mod store;
pub mod target;
pub mod target_table;
mod tree_rule;

use utoipa_actix_web::service_config::ServiceConfig;

pub use amendments::{PlanChange, PlanRule, PlanRules};
pub use api::all_deadlines;
pub use deadlines::{Deadline, DeadlineKind};
pub use kinds_store::{person_kinds, unit_kinds};
pub use label::label;
pub use load::{load, replace};
pub use locked_store::{LockedMovement, lock, share, share_by_id, share_under_way, share_with_tree};
pub use membership::owes;
pub use movement::{Movement, Period, PeriodState, State, Stored};
pub use plan::{lint, schema, versions};
pub use store::{OfTemplate, by_id, ever_launched, find, find_any, launched, list_periods, of_template, period};
pub use tree_rule::tree_rule;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(drafts_api::routes).configure(plan::routes).configure(amendments::routes);
    config.configure(periods::routes).configure(calendar::routes);
}

//! Amendments: new versions of the plan of a launched movement. `rules` says what one may change and from which day on;
//! a [`PlanRule`] says what it breaks for a feature that counts on the plan.

mod api;
mod rule;
mod rules;

pub use api::routes;
pub use rule::{PlanChange, PlanRule, PlanRules};
pub use rules::{Former, check_code, check_cut_periods, check_day, check_plan, is_kept};

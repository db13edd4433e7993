//! Reporting periods: each has a cut-off and a due instant. `rules` makes them of a plan; closing one is an act of the
//! agency, not of the clock.

mod api;
mod rules;

pub use api::routes;
pub use rules::{NotAPeriodCode, PeriodCode, PeriodDates, Window, due_time, generate, leaves, regular};

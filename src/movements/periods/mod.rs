//! Reporting periods: each has a cut-off and a due instant. `rules` makes them of a plan, `due_day` says when they are
//! due, `due` moves due instants, `frequency` says what is owed in which, `shift` what a span is compared with; closing one is an act of the agency, not of the
//! clock.

mod api;
mod due;
mod due_day;
mod frequency;
mod rules;
mod shift;
mod store;

pub use api::{PeriodView, routes, view};
pub use due::{amended, check_postponed, check_within_reach, postponed};
pub use due_day::{day_by_plan, due_on, due_time, opens_on};
pub use frequency::{covered, longer, reported_in};
pub use rules::{
    Asked, NotAPeriodCode, PeriodCode, PeriodDates, Window, all, extent, generate, leaves, months, regular, tiles,
    window_of,
};
pub use shift::{before, year_before};
pub use store::{DueMove, due_as_of, move_due};

//! Reporting periods: each has a cut-off and a due instant. `rules` makes them of a plan, `due` moves due instants;
//! closing one is an act of the agency, not of the clock.

mod api;
mod due;
mod rules;
mod store;

pub use api::{PeriodView, routes, view};
pub use due::{amended, check_postponed, check_within_reach, postponed};
pub use rules::{
    Asked, NotAPeriodCode, PeriodCode, PeriodDates, Window, due_time, extent, generate, leaves, regular, window_of,
};
pub use store::{DueMove, due_as_of, move_due};

//! Progress: approved values added up exactly and held against their targets.
//!
//! A caller gathers the slots of one indicator (owing unit × leaf, with what its report answered), and [`aggregate`]
//! in as arguments, and nothing here rounds but [`shown`].

mod aggregate;
mod answer;
mod display;
mod figure;
mod shortfall;
mod standing;
mod tally;
mod verdict;
mod whole;

pub use aggregate::{Question, aggregate, judge};
pub use answer::{Given, Leaf, Report, Slot};
pub use display::shown;
pub use figure::{Aim, Coverage, Covers, FieldStanding, Figure, LevelCount, Missing, Stale, Standing};
pub use shortfall::{missing_of_count, missing_of_ratio};
pub use tally::{Counts, Place, Sum, Tally, tally};
pub use verdict::{Bound, Goal, Verdict, is_over};

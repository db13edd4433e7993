//! Progress: approved values added up exactly and held against their targets.

mod display;
mod shortfall;
mod verdict;

pub use display::shown;
pub use shortfall::{missing_of_count, missing_of_ratio};
pub use verdict::{Bound, Goal, Verdict, is_over};

//! Progress: approved values added up exactly and held against their targets.

mod shortfall;
mod verdict;

pub use shortfall::{missing_of_count, missing_of_ratio};
pub use verdict::{Bound, Goal, Verdict, is_over};

//! Submissions: one unit's report for one period, from draft to approval.

mod value;

pub use value::{MOST, Value, ValueState};

//! Reports that are due before their period is over: what they say by its last day are estimates, and until the next
//! period is due the final figures take their place without a reopening. PURE.

use chrono::{DateTime, Utc};

use super::{content::Content, value::ValueState};
use crate::{
    clock::day,
    movements::{Period, PeriodState},
};

/// Whether what is handed in now is an estimate, because the plan asks for it before the period is over.
pub fn are_asked(period: &Period, now: DateTime<Utc>) -> bool {
    period.is_due_early() && day(now) <= period.dates.cutoff_on
}

/// Marks the figures of a report as estimates.
pub fn mark(content: &mut Content) {
    let figures = content.values.iter_mut().filter(|value| value.state == ValueState::Reported);
    figures.for_each(|value| value.estimated = true);
}

/// Whether final figures are taken without a reopening, from a unit that first handed in at an instant: once the period is
/// over, until the next is due or the agency closes it.
pub fn give_way(period: &Period, first_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let over = |at: DateTime<Utc>| day(at) > period.dates.cutoff_on;
    let came_early = first_at.is_some_and(|first_at| !over(first_at));
    let in_time = period.next_due_at.is_none_or(|next_due_at| now <= next_due_at);
    period.is_due_early() && came_early && over(now) && in_time && period.state != PeriodState::Closed
}

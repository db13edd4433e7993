//! Totals: what the approved reports of each movement come to, kept, so that figures over all localities of a city cost the
//! same however long the history is.
//!
//! An approval writes beside the report which revision counts in place of which (`approved_changes`); a job folds these
//! changes into the [parts](part) that are [kept](kept) for each leaf and indicator, and whoever reads folds what is left for
//! themselves, in the same snapshot. So every read sees what was committed before it, and no approval waits for another's
//! row. What the organisation tree, the plan or the periods change is counted anew: totals hold under the generation of
//! their locality alone.

mod check;
mod fold;
mod kept;
mod part;
mod store;

pub use check::{CheckTotals, Wrong, check_totals, mend_totals};
pub use fold::FoldTotals;
pub use kept::{Ground, Kept, read};
pub use part::{Part, parts, tally as tally_of_parts};
pub use store::{Parts, wrong as wrong_totals};

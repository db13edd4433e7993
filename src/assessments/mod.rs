//! Assessments (chấm điểm): the standing agency's score of a nomination on a criterion, beside the candidate's claimed
//! score. A new score is a new row and the newest counts, so that `as_of` can ask for any instant. Zero is a score,
//! absent is not. The council's stage is deliberately absent for now.

mod amended;
mod amended_rule;
mod api;
mod rules;
mod store;

pub use amended::changes;
pub use amended_rule::plan_rule;
pub use api::routes;
pub use rules::Score;
pub use store::{Assessment, as_of};

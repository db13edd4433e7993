//! Assessments (chấm điểm): what the standing agency gives a nomination on a criterion, beside the score that the
//! candidate claims. A new score is a new row and the newest counts, so that any instant can be asked again. Zero is a
//! score, absent is not. The council's stage is deliberately absent for now.

mod api;
mod rules;
mod store;

pub use api::routes;
pub use rules::Score;
pub use store::{Assessment, as_of};

//! Concerns (khó khăn, vướng mắc, kiến nghị): a unit raises them, the standing agency submits them to the chair in a
//! summary of one or several, the chair decides, the agency replies.
//!
//! Lifecycle: `raised → consolidated → decided → replied`. Concerns of one summary are decided and replied to together,
//! and each keeps its own text and its own history; no text is overwritten. A unit sees neither other units' concerns
//! nor the summary.

mod access;
mod api;
mod rules;
mod store;
mod transitions_api;
mod view;
mod waiting;

use utoipa_actix_web::service_config::ServiceConfig;

pub use rules::{Action, Kind, Outcome, State, check_together, next, shows};
pub use waiting::{WaitingConcern, waiting};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(transitions_api::routes);
}

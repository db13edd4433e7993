//! Concerns (khó khăn, vướng mắc, kiến nghị): raised by a unit, put before the chair by the standing agency in one
//! summary of several or of one, decided by the chair, replied to by the agency.
//!
//! The life: `raised → consolidated → decided → replied`. Concerns of one summary are decided and replied to together,
//! and each keeps its own words and its own trace of acts; nothing that was said is overwritten. What other units
//! raised, and the summary in which it stands together, a unit does not see.

mod access;
mod api;
mod rules;
mod store;
mod transitions_api;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use rules::{Action, Kind, Outcome, State, check_together, next, shows};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(transitions_api::routes);
}

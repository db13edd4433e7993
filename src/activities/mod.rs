//! Communication activities (hoạt động tuyên truyền): a broadcast, a training, an article; what a unit does to make the
//! movement known, recorded by the unit or by the standing agency.
//!
//! Lifecycle: `recorded → withdrawn`. A correction is a new version with its reason, and earlier versions stay
//! readable. No indicator counts activities: the plan format has no such rule.

mod access;
mod api;
mod rules;
mod store;
mod transitions_api;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use rules::{Action, Content, Kind, State, check, next};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(transitions_api::routes);
}

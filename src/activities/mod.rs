//! Activities of propaganda (hoạt động tuyên truyền): a broadcast, a training, an article; what a unit did to make the
//! movement known, told by the unit or entered by the standing agency.
//!
//! The life: `recorded → withdrawn`. A correction is a new version with its reason, and the former ones stay readable.
//! No figure counts activities: nothing in the plan format does.

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

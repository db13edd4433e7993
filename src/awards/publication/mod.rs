//! Publication, which stays: what is published changes only by an act with a number and a date of its own. A revoked award
//! stays on record. The proposing units are told.

mod acts_api;
mod api;
mod notices_api;
mod results_api;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use store::{PublishedAward, results};

pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(api::routes)
        .configure(acts_api::routes)
        .configure(results_api::routes)
        .configure(notices_api::routes);
}

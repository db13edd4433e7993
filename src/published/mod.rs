//! What anybody reads of published awards, without login: the results of a movement, whether one certificate still stands, and
//! the certificate as a credential that software elsewhere verifies. Published fields only, with what later acts corrected;
//! what was revoked stays on record as revoked.

mod certificates_api;
mod credential;
mod results_api;
mod status_list;
mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use credential::{Claim, credential, status_credential};
pub use status_list::{LENGTH, encoded, place};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(results_api::routes).configure(certificates_api::routes);
}

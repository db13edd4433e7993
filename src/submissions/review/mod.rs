//! Review: what waits for the caller, and the approval of many reports at once.

mod approvals_api;
mod inbox_api;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(approvals_api::routes).configure(inbox_api::routes);
}

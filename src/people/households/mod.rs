//! Households (hộ gia đình) that may be nominated, each known by its head and by the residential unit that it lives in. A
//! household is no unit: nobody reports for it, and what its residential unit reports is not its own.

mod api;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use store::{HouseholdFacts, all, facts_of, members};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes);
}

//! Machine clients: accounts without a login, with scopes, secrets or keys of their own.

mod api;
mod create;
mod oauth_api;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use create::{NewClient, create as create_client};
pub use oauth_api::well_known;
pub use store::find;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(oauth_api::routes);
}

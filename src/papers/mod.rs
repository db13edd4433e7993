//! Wordings of papers as an agency keeps them: versions of what is shipped, changed as data and never overwritten.

mod answer;
mod api;
mod pages;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use answer::{Kind, answer, paper, place};
pub use store::wording;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes);
}

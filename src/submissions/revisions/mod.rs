//! Revisions: what was handed in, frozen for good, and what one changed against another.

mod api;
mod compare_api;
mod diff;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use api::{RevisionSummary, newest};
pub use diff::{Change, diff};
pub use store::{NUMBERS, NumberRow, ValueRow, WORDS, content, insert};

/// `…/revisions/diff` comes before `…/revisions/{revision}`, which would match it.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(compare_api::routes).configure(api::routes);
}

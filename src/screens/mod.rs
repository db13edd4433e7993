//! Screens: what one page of a front end shows, in one answer. The chair's page of a movement, the reviewer's page of a
//! report, and the reporter's form. Every figure is that of the operation which answers it alone.

mod lines;
mod report_api;
mod store;
mod summary;
mod summary_api;
mod waiting;

use utoipa_actix_web::service_config::ServiceConfig;

pub use summary::{Late, Worst, late_units, worst};

/// `…/progress/summary` comes before `…/progress/{indicator}`, which would match it.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(summary_api::routes).configure(report_api::routes);
}

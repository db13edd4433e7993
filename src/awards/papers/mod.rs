//! What a proposal and a decision put on paper, and the money that goes with a decision. Every figure is of the sealed run
//! that the proposal names; names, votes and achievements are as they were when it was proposed or decided, so that the same
//! decision makes the same bytes for ever.

mod bases;
mod bonus;
mod bonus_api;
mod decision;
mod decisions_api;
mod grounds;
mod proposal;
mod proposals_api;
mod report;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(proposals_api::routes).configure(decisions_api::routes).configure(bonus_api::routes);
}

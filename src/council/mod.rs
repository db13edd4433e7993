//! The council (hội đồng): who its members are, and its sessions, with the roll, the votes on each candidate, and the minutes
//! as data. An award without a council in its plan has none of it.
//!
//! Lifecycle of a session: `open → closed`. Nothing is added to a closed one; a later session may replace it. Quorum and
//! pass ratio are the plan's, see `docs/judging.md`.

mod access;
mod api;
mod members_api;
mod outcomes;
mod papers_api;
mod rules;
mod store;
mod view;
mod votes_api;

use utoipa_actix_web::service_config::ServiceConfig;

pub use outcomes::{CouncilVote, council_votes};
pub use rules::{Attendance, Count, Roll, Vote, check_count, counted, has_quorum, passes};
pub use store::{Voted, passed, votes};

pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(members_api::routes)
        .configure(api::routes)
        .configure(votes_api::routes)
        .configure(papers_api::routes);
}

//! Proposals (tờ trình): three lists side by side, with a reason for each difference; what is heard about them before a
//! decision (`hearing`), and what is still missing for one (`readiness`).
//!
//! Lifecycle: `open → returned | withdrawn | decided`. One proposal on an award is open at a time.

mod access;
mod acts_api;
mod api;
mod consultations_api;
mod hearing;
mod hearing_store;
mod posting_api;
mod readiness;
mod rules;
mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use access::{Case, award, award_on, must_be_open, proposal, proposal_for_change};
pub use hearing::{Answer, Answered, Consultation, Consulted, Hearing, Objection, Posting};
pub use readiness::{Ground, missing};
pub use rules::{
    Bar, Difference, Listed, Lists, bar, check_beyond, check_chosen, check_late, check_reasons, check_texts, is_by,
    needed,
};
pub use store::{Candidate, Proposal, State, end, find, usernames};

pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(api::routes)
        .configure(acts_api::routes)
        .configure(consultations_api::routes)
        .configure(posting_api::routes);
}

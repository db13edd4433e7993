//! Nominations (đề nghị khen thưởng): a unit or a person for an award, with what they achieved and the points they
//! claim. The head of the candidate's unit nominates, or the agency on behalf with a reason.
//!
//! The life: `nominated → verified | rejected | withdrawn`. A hold (discipline, inspection or complaint pending) is a
//! flag beside the state. Whoever put a dossier together never verifies or appraises it. Every act keeps the dossier
//! as it stood after it, so that any instant can be asked again.

mod api;
mod place;
mod rules;
mod store;
mod transitions_api;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use place::{LockedPlace, Place, place, place_for_change};
pub use rules::{Action, Draft, Hold, Nomination, State, check_points, is_claimable};
pub use store::{as_of, authored, find, lock};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(transitions_api::routes);
}

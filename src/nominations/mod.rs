//! Nominations (đề nghị khen thưởng): a unit, a person or a household is proposed for an award, with achievements and claimed
//! points. The head of the candidate's unit nominates, or the agency on their behalf with a reason.
//!
//! Lifecycle: `nominated → verified | rejected | withdrawn`. A hold (disciplinary case, inspection or complaint
//! pending) is a flag beside the state. Authors of a dossier never verify or appraise it. Every act stores the
//! resulting dossier, so that `as_of` can ask for any instant.

mod api;
mod beside;
mod facts;
mod found_store;
mod holds_api;
mod import;
mod place;
mod relied;
mod rules;
mod store;
mod transitions_api;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use facts::{AchievementFrom, ConfirmedFacts, Facts, Women};
pub use found_store::{Use, uses};
pub use import::{Known, NominationRow, find as find_candidate};
pub use place::{LockedPlace, NominationPath, Place, place, place_for_change};
pub use rules::{Action, Draft, Hold, Nomination, State, check_points, is_claimable, same_form, window};
pub use store::{as_of, authored, candidates, find, lock, share};

pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(import::routes)
        .configure(api::routes)
        .configure(holds_api::routes)
        .configure(transitions_api::routes);
}

//! Assessments (chấm điểm): the candidate's claimed score, the standing agency's, and the ballots of the council's members
//! (phiếu chấm) side by side. A new score is a new row and the newest counts, so that `as_of` can ask for any instant. Zero
//! is a score, absent is not. How a ballot is hidden, final and recused: `docs/judging.md`.

mod amended;
mod amended_rule;
mod api;
mod ballots;
mod disclose;
mod disclosure_store;
mod doubts_api;
mod judging_api;
mod levels;
mod panel;
mod panel_store;
mod remarks_api;
mod rounds;
mod rules;
mod statistics;
mod store;
mod ties;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use amended::changes;
pub use amended_rule::plan_rule;
pub use ballots::{Ballots, Counted};
pub use disclose::{Councils, disclose, disclose_before_run};
pub use panel::{Panel, Recusal};
pub use panel_store::{Known, Member, members, record_member};
pub use rounds::{Bench, Cast, Disclosure, Vote};
pub use rules::{Score, is_of_council};
pub use statistics::Spread;
pub use store::{Assessment, as_of};
pub use ties::Ground;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(doubts_api::routes).configure(judging_api::routes);
    config.configure(remarks_api::routes);
}

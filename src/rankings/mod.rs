//! Rankings: candidates put in order by the plan's method, each place explained. [`Inputs`] are frozen, [`rank()`]
//! turns them into an [`Output`], [`compare`] and [`explain()`] say why a place is what it is. All of it is exact and
//! pure: the same inputs give the same output for ever. `gather` freezes what was known at an instant, `store` keeps every
//! run whole, `api` answers, `wording` says it in sentences, `robustness` how firmly a place stands. The machine advises;
//! people decide.
//!
//! A run is sealed when it is made (`seal`), compared with another of its award (`changes`), and its facts are ranked
//! again by other rules (`replay`).
//!
//! The life of a run: `preview`, or `official → superseded` by the next official one of its award.

mod api;
mod asked;
mod basis;
mod beside;
mod changes;
mod conditions;
mod explain;
mod figures;
mod found;
mod gather;
mod inputs;
mod judges;
mod making;
mod rank;
mod replay;
mod request;
pub mod robustness;
mod run;
mod score;
pub mod seal;
mod store;
mod texts;
mod views;
pub mod wording;
mod yardstick;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{
    changes::difference,
    conditions::*,
    explain::*,
    figures::*,
    inputs::*,
    rank::{Standing, *},
    run::{Mode, State as RunState},
    score::*,
    store::{Kept as KeptRun, Run, find as find_run, head as run_head},
    texts::Texts,
};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(seal::routes).configure(changes::routes).configure(robustness::routes);
}

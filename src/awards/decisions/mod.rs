//! Decisions (quyết định): the chair's word on a proposal, its number and date from the registry (văn thư), and the signed
//! paper, taken in by its digest.
//!
//! Lifecycle: `decided → registered → published`, see [`permits`]. What is published changes only by acts of their own.

mod access;
mod acts_store;
mod api;
mod papers_api;
mod papers_store;
mod rules;
mod signed_api;
mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use access::{Ruling, decision, decision_for_change};
pub use acts_store::{ActRow, insert_act, insert_publication};
pub use papers_api::NewNumber;
pub use papers_store::insert_paper;
pub use rules::{
    Accepted, Act, ActKind, Facts, Numbered, SignedAs, check_accepted, check_order, check_signed_as, ordered, permits,
    symbol,
};
pub use store::Decided;
pub use view::{DecisionView, shown};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(papers_api::routes).configure(signed_api::routes);
}

//! People and [`households`]: who may be nominated beside units. A person is not a login. Names stand exactly as entered; lists go by given name (the
//! last word), search by the name without diacritics. No birth date, phone or identity number is kept.
//! `retention` says how long people are known by name, and `forgetting` puts a pseudonym in its place after that.

mod api;
mod directory;
mod forget_store;
mod forgetting;
mod households;
mod import;
mod names;
mod party;
pub mod retention;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use directory::{Directory, PartyView, Scope, directory, directory_in, scope};
pub use forgetting::ForgetPeople;
pub use households::{HouseholdFacts, all as all_households};
pub use import::{Merged, PersonKinds, PersonRow, PersonState, merge};
pub use names::{plain, sort_key};
pub use party::Party;
pub use store::{PersonFacts, all, facts};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(households::routes).configure(import::routes);
}

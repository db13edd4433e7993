//! People: who may be nominated. A person is not a login. Names stand exactly as entered; lists go by given name (the
//! last word), search by the name without diacritics. No birth date, phone or identity number is kept.

mod api;
mod names;
mod party;
mod store;

pub use api::routes;
pub use names::{plain, sort_key};
pub use party::{Directory, Party, PartyView, Scope, directory, scope};
pub use store::{PersonFacts, facts};

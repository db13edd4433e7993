//! The law as dated data, never a constant: the texts that papers cite (căn cứ pháp lý) with their validity and what replaced
//! them, and the figures of the bonus (tiền thưởng). What the program ships stands in `law/`; a locality records what is
//! missing there or what has changed since, with its source. A record of its own stands in place of a shipped one of the same
//! code (and, of a figure, the same first day). Nothing recorded is overwritten.

mod api;
mod rules;
mod shipped;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use rules::{Basis, Bonus, Figure, Law, Recipient};
pub use shipped::shipped;
pub use store::of_locality;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes);
}

//! Certificates (Giấy khen): one for each who is awarded, with the ordinal of the decision (số sổ vàng), the published fields
//! and an unguessable code. A lost or wrong one is replaced by the next version, which names it.

mod api;
mod code;
mod rules;
mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use code::{BITS, code};
pub use rules::{CertificateState, Correction, current};
pub use store::{Certificate, of_decision};
pub use view::recipient;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes);
}

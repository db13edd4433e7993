//! From the ranked list to published certificates: a proposal (tờ trình) with the machine's list, the council's and the
//! selection side by side, consultations, the posting with objections, the decision, its number and signed paper,
//! certificates, publication, and the acts that alone change what was published.
//!
//! Lifecycle of a proposal: `open → returned | withdrawn | decided`; of a decision: `decided → registered → published`.
//! Every step is a row that is only inserted, so that a state is the rows that are there, and none can be skipped or
//! taken twice. Nobody decides what they proposed, nobody publishes what they registered.

mod certificates;
mod decisions;
mod papers;
mod proposals;
mod publication;
mod recipient;
mod recipients;

use utoipa_actix_web::service_config::ServiceConfig;

pub use certificates::{BITS, Certificate, CertificateState, Correction, code, current};
pub use decisions::{
    Accepted, Act, ActKind, Facts, Numbered, SignedAs, check_accepted, check_order, check_signed_as, ordered, permits,
    symbol,
};
pub use proposals::{
    Answer, Answered, Bar, Consultation, Consulted, Difference, Ground, Hearing, Listed, Lists, Objection, Posting,
    bar, check_chosen, check_late, check_reasons, is_by, missing, needed,
};
pub use publication::{PublishedAward, results};
pub use recipient::{Member, Recipient, published};
pub use recipients::recipient_of;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(proposals::routes).configure(decisions::routes);
    config.configure(certificates::routes).configure(publication::routes);
    config.configure(papers::routes);
}

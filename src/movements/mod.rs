//! Movements: a plan loaded, launched, reported on. `plan` is the format and `schema` describes it, `lint` says what
//! is wrong with one, `periods` makes its reporting windows, `calendar` knows the working days.

pub mod calendar;
pub mod lint;
pub mod periods;
pub mod plan;
pub mod schema;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(_: &mut ServiceConfig) {}

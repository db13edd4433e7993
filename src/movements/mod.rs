//! Movements: a plan loaded, launched, reported on. `plan` is the format, `lint` says what is wrong with one,
//! `periods` makes its reporting windows.

pub mod plan;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(_: &mut ServiceConfig) {}

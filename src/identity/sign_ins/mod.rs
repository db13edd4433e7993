//! Sign-ins of people: log-in, refresh, log-out. Failed log-ins are throttled.

mod api;
mod expiry;
mod store;
mod throttle;

pub use api::routes;
pub use expiry::ForgetSignIns;
pub use store::{end_sign_ins, forget_failures};

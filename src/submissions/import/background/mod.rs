//! Imports that are done after the request that asked for them.

mod api;
mod job;
mod store;

pub use api::{ImportJob, accept, can_be_asked_again, is_preferred, routes};
pub use job::{ForgetImports, RunImport};

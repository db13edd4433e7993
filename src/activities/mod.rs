//! Activities of propaganda (hoạt động tuyên truyền): a broadcast, a training, an article; what a unit did to make the
//! movement known, told by the unit or entered by the standing agency.
//!
//! The life: `recorded → withdrawn`. A correction is a new version with its reason, and the former ones stay readable.
//! No figure counts activities: nothing in the plan format does.

mod acts_api;
mod api;
mod rules;
mod store;
mod view;

pub use api::routes;
pub use rules::{Action, Content, Kind, State, check, next};

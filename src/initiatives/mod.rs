//! Initiatives (sáng kiến, mô hình, giải pháp): proposed by units and people, alone or jointly, recognised at a level by
//! the standing agency. A joint one counts in full for each owner of a ranking, and once for the locality.
//!
//! The life: `proposed → recognised | rejected`. Which levels there are, the criteria of the plan say.

mod api;
mod rules;
mod store;

pub use api::routes;
pub use store::{Recognised, recognised};

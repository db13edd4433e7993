//! What became of a ranking from one run to another: who moved, by how much, through which figure, who came and who left,
//! and which rules changed in between.

mod api;
mod diff;

pub use api::routes;
pub use diff::{Came, Difference, Left, Moved, difference};

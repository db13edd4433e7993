//! What became of a ranking from one run to another: who moved, by how much, through which figure, who came and who left,
//! and which rules changed in between.

pub mod api;
mod diff;

pub use diff::{Difference, difference};

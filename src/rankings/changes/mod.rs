//! What became of a ranking from one run to another: who moved, by how much, through which figures, who came and who left,
//! and which rules changed in between; whether the cut moved.

mod api;
mod causes;
mod cut;
mod diff;

pub use api::routes;
pub use causes::FigureMoved;
pub use cut::CutMoved;
pub use diff::{Came, CriterionMoved, Difference, Left, Moved, difference};

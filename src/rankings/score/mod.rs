//! One candidate's points, criterion by criterion, or every reason why there are none. Points are taken as given:
//! that nobody gives more than a criterion's maximum is checked where they are entered. PURE.

mod answers;
mod assessed;
mod centring;
mod conditional;
mod headings;
mod indicators;
mod measured;
mod points;
mod result;
pub mod scale;

pub use centring::Levels;
pub use measured::of_target;
pub use points::score;
pub(super) use points::{counted, weighed, weight};
pub use result::{Reason, ReasonCode, Scale, Score};

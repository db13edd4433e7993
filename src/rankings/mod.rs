//! Rankings: candidates put in order by the plan's method, each place explained.

mod figures;
mod inputs;
mod rank;
mod score;

pub use self::{figures::*, inputs::*, rank::*, score::*};

//! Rankings: candidates put in order by the plan's method, each place explained. [`Inputs`] are frozen, [`rank()`]
//! turns them into an [`Output`], [`compare`] and [`explain()`] say why a place is what it is. All of it is exact and
//! pure: the same inputs give the same output for ever. The machine advises; people decide.

mod explain;
mod figures;
mod inputs;
mod rank;
mod score;

pub use self::{explain::*, figures::*, inputs::*, rank::*, score::*};

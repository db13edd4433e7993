//! Conditions of criteria, classes and awards: whether they hold for a candidate, atom by atom. PURE.

mod figures;
mod holds;

pub use figures::{About, AtomFigures, ConditionFigures, PartFigures, Quantifier};
pub use holds::{Known, evaluate};

//! The figure as people read it: rounded, but never onto the other side of what it is judged against. PURE.

use crate::{
    exact::{self, BigRational},
    movements::target::Bound,
};

/// Half-up to 2 decimals, with digits added until the shown figure is on the same side of every bound as the exact one:
/// 99.996 against at least 100 shows `99.996`, not `100.00`; exactly 60 against more than 60 shows `60.00`.
pub fn shown(exact: &BigRational, bounds: &[Bound]) -> String {
    // Ends: the rounding error shrinks tenfold with each digit, while the exact figure either equals a bound (of at
    // most 8 decimals) or keeps its distance from it.
    exact::shown(exact, 2, |shown| bounds.iter().any(|bound| bound.holds(exact) != bound.holds(shown)))
}

//! The figure as people read it: rounded, but never onto the other side of what it is judged against. PURE.

use num_bigint::BigInt;
use num_traits::Zero;

use crate::{
    exact::{self, BigRational},
    movements::{plan::Comparator, target::Bound},
};

/// Half-up to 2 decimals, with digits added until the shown figure is on the same side of every bound as the exact one:
/// 99.996 against at least 100 shows `99.996`, not `100.00`; exactly 60 against more than 60 shows `60.00`.
pub fn shown(exact: &BigRational, bounds: &[Bound]) -> String {
    // Ends: the rounding error shrinks tenfold with each digit, while the exact figure either equals a bound (of at
    // most 8 decimals) or keeps its distance from it.
    exact::shown(exact, 2, |shown| bounds.iter().any(|bound| bound.holds(exact) != bound.holds(shown)))
}

/// A target in at least 2 decimals: whole where it has an end, else with digits added until the shown figure stands on the
/// same side of it as of the exact one. So 10.0225 is no `10.02` that a figure of 10.02 misses.
pub fn shown_target(exact: &BigRational, comparator: Comparator, figure: Option<&BigRational>) -> String {
    let has_end = has_end(exact);
    exact::shown(exact, 2, |shown| {
        let moves = figure.is_some_and(|figure| comparator.holds(figure, exact) != comparator.holds(figure, shown));
        has_end && shown != exact || moves
    })
}

/// Whether a number is a decimal of finitely many digits.
fn has_end(number: &BigRational) -> bool {
    let digits = u32::try_from(number.denom().bits()).unwrap_or(u32::MAX);
    (BigInt::from(10).pow(digits) % number.denom()).is_zero()
}

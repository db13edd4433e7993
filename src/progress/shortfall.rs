//! What is missing to the target, in the indicator's own unit («còn thiếu 12 hồ sơ»). PURE.

use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::{
    exact::{BigRational, ratio},
    movements::{
        plan::Comparator,
        target::{Bound, is_upward},
    },
};

/// The least k for which (n + k)/d in percent meets the target; for a target from above, the least k to take away.
/// 0 when met; None where no such k exists within d − n (from above: within n). `d` must not be zero.
pub fn missing_of_ratio(n: i128, d: i128, target: &Bound) -> Option<i128> {
    missing(n, &target.value * ratio(d, 100), target.comparator, Some(d - n))
}

/// The least k for which n + k meets the target; for a target from above, the least k to take away, None below zero.
pub fn missing_of_count(n: i128, target: &Bound) -> Option<i128> {
    missing(n, target.value.clone(), target.comparator, None)
}

/// From `n` to the first whole number on the good side of `edge`; `room` is how much can still be added.
fn missing(n: i128, edge: BigRational, comparator: Comparator, room: Option<i128>) -> Option<i128> {
    let n = BigInt::from(n);
    let first = match comparator {
        Comparator::AtLeast => edge.ceil().to_integer(),
        Comparator::Above => edge.floor().to_integer() + BigInt::one(),
        Comparator::AtMost => edge.floor().to_integer(),
        Comparator::Below => edge.ceil().to_integer() - BigInt::one(),
    };
    let (step, room) = match is_upward(comparator) {
        true => (first - &n, room.map(BigInt::from)),
        false => (&n - first, Some(n)),
    };
    let k = step.max(BigInt::zero());
    let reachable = k.is_zero() || room.is_none_or(|room| k <= room);
    if reachable { i128::try_from(k).ok() } else { None }
}

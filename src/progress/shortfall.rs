//! What is missing to the target, or beyond it, in the indicator's own unit («còn thiếu 12 hồ sơ»). PURE.

use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::{
    exact::{BigRational, ratio},
    movements::{
        plan::Comparator,
        target::{Bound, is_upward},
    },
};

/// The least k for which (n + k)/d in percent meets the target; 0 when met. None where no such k exists within d − n,
/// unless the numerator may exceed the denominator, and where less is better. `d` must not be zero.
pub fn missing_of_ratio(n: i128, d: i128, target: &Bound, may_exceed: bool) -> Option<i128> {
    missing(n, edge_of_ratio(d, target), target.comparator, (!may_exceed).then_some(d - n))
}

/// A target of a count in units of 10^−decimals, as the count is: the least that is missing goes in such steps.
pub fn in_units(target: &Bound, decimals: u32) -> Bound {
    Bound { value: &target.value * ratio(10_i128.pow(decimals), 1), comparator: target.comparator }
}

/// The least k for which n + k meets the target; None where less is better.
pub fn missing_of_count(n: i128, target: &Bound) -> Option<i128> {
    missing(n, target.value.clone(), target.comparator, None)
}

/// Where less is better the least k for which (n − k)/d in percent meets the target; 0 when met, None where even 0 misses.
pub fn excess_of_ratio(n: i128, d: i128, target: &Bound) -> Option<i128> {
    excess(n, edge_of_ratio(d, target), target.comparator)
}

/// The same of a count.
pub fn excess_of_count(n: i128, target: &Bound) -> Option<i128> {
    excess(n, target.value.clone(), target.comparator)
}

fn edge_of_ratio(d: i128, target: &Bound) -> BigRational {
    &target.value * ratio(d, 100)
}

/// `room` is how much can still be added.
fn missing(n: i128, edge: BigRational, comparator: Comparator, room: Option<i128>) -> Option<i128> {
    let k = (first_good(&edge, comparator) - n).max(BigInt::zero());
    let reachable = k.is_zero() || room.is_none_or(|room| k <= BigInt::from(room));
    i128::try_from(k).ok().filter(|_| is_upward(comparator) && reachable)
}

fn excess(n: i128, edge: BigRational, comparator: Comparator) -> Option<i128> {
    let k = (n - first_good(&edge, comparator)).max(BigInt::zero());
    i128::try_from(k).ok().filter(|k| !is_upward(comparator) && *k <= n)
}

/// The whole number on the good side of `edge` that is nearest to it.
fn first_good(edge: &BigRational, comparator: Comparator) -> BigInt {
    match comparator {
        Comparator::AtLeast => edge.ceil().to_integer(),
        Comparator::Above => edge.floor().to_integer() + BigInt::one(),
        Comparator::AtMost => edge.floor().to_integer(),
        Comparator::Below => edge.ceil().to_integer() - BigInt::one(),
    }
}

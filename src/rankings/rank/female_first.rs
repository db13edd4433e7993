//! The tie-breaker of the law: among equals the woman, or the collective with at least 70 % women, comes first (Nghị định
//! 152/2025/NĐ-CP, Điều 4, khoản 6). PURE.

use num_traits::{One, Zero};

use super::{contender::Contender, entry::Step};
use crate::{
    exact::{BigRational, Fraction, ratio},
    movements::plan::FEMALE_FIRST,
};

/// 1 for who comes first, 0 for who does not; none where the fact is absent.
pub(in crate::rankings) fn comes_first(women: Option<&Fraction>) -> Option<BigRational> {
    let enough = |women: &Fraction| women.0 >= ratio(7, 10);
    women.map(|women| if enough(women) { BigRational::one() } else { BigRational::zero() })
}

/// An absent fact is not «no». Were one without it level with both the first and the second, who are not level with each
/// other, there would be no order: so it parts nobody of those who are level so far, until the facts of all are known.
pub(super) fn settle(ties: &[String], block: &mut [Contender]) {
    for step in ties.iter().zip(1..).filter(|(tie, _)| *tie == FEMALE_FIRST).map(|(_, step)| step) {
        let before = |one: &Contender| one.compared[..step].iter().map(value).collect::<Vec<_>>();
        block.sort_by_cached_key(before);
        for level in block.chunk_by_mut(|a, b| a.compared[..step] == b.compared[..step]) {
            if level.iter().any(|one| one.compared[step].value.is_none()) {
                level.iter_mut().for_each(|one| one.compared[step].value = None);
            }
        }
    }
}

fn value(step: &Step) -> Option<Fraction> {
    step.value.clone()
}

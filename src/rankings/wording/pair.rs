//! Two entries beside each other in sentences: why one is ahead. PURE.

use std::cmp::Reverse;

use num_traits::{Signed, Zero};

use super::{
    entry::step,
    names::Names,
    sentence::{Sentence, number, say, word},
};
use crate::rankings::{
    explain::{Comparison, CriterionDifference, Leader},
    rank::TOTAL,
};

/// Who is ahead and by what, then where they differ, the most first.
pub fn of_pair(pair: &Comparison, names: &Names) -> Vec<Sentence> {
    let is_b = pair.leader == Some(Leader::B);
    let (first, second) = if is_b { (&pair.b, &pair.a) } else { (&pair.a, &pair.b) };
    let both = || [("leader", word(&first.candidate.name)), ("other", word(&second.candidate.name))];
    let with = |code: &str, more: (&'static str, Sentence)| {
        let [leader, other] = both();
        say(code, &[leader, other, more])
    };
    let points = |text: &str| ("points", number(text.trim_start_matches('-')));
    let mut said = vec![match pair.decided_by.as_deref() {
        Some(TOTAL) => with("ahead", points(&pair.difference)),
        Some(by) if pair.difference_exact.0.is_zero() => with("ahead_by_step", ("step", step(by, names))),
        Some(by) => with("ahead_rounded", ("step", step(by, names))),
        None if pair.ranked_together => say("level", &both()),
        None => with("apart", points(&pair.difference)),
    }];
    let mut differing: Vec<&CriterionDifference> =
        pair.criteria.iter().filter(|one| !one.difference_exact.0.is_zero()).collect();
    differing.sort_by_key(|one| (Reverse(one.difference_exact.0.abs()), one.code.clone()));
    said.extend(differing.into_iter().map(|one| {
        if let (Some(_), None, own, _) | (None, Some(_), _, own) = (&one.a, &one.b, &pair.a, &pair.b) {
            let name = ("name", word(&own.candidate.name));
            let words = [name, points(&one.difference), ("code", names.criterion(&one.code))];
            return if one.scaled { say("only_scaled", &words) } else { say("only", &words) };
        }
        let words =
            [("leader", word(&first.candidate.name)), points(&one.difference), ("code", names.criterion(&one.code))];
        match (one.difference_exact.0.is_negative() == is_b, one.scaled) {
            (true, false) => say("more", &words),
            (true, true) => say("more_scaled", &words),
            (false, false) => say("less", &words),
            (false, true) => say("less_scaled", &words),
        }
    }));
    said
}

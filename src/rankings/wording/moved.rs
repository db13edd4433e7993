//! What became of an entry from one run to another, in a sentence. PURE.

use num_traits::{Signed, Zero};

use super::{
    names::Names,
    sentence::{Sentence, apart_from_zero, number, say, standing, word},
};
use crate::rankings::changes::{Came, Left, Moved};

/// Its rank and its total, and the criterion that did the most.
pub fn of_moved(moved: &Moved, names: &Names) -> Sentence {
    let words =
        [("name", word(&moved.candidate.name)), ("from", number(moved.from.rank)), ("to", number(moved.to.rank))];
    let mut parts = vec![match moved.rose.signum() {
        1 => say("moved_up", &words),
        -1 => say("moved_down", &words),
        _ => say("moved_none", &words),
    }];
    let by = &moved.difference.0;
    let points = ("points", apart_from_zero(&by.abs()));
    parts.push(match by.is_zero() {
        true => say("moved_level", &[]),
        false if by.is_positive() => say("moved_more", &[points]),
        false => say("moved_less", &[points]),
    });
    let most = moved.criteria.iter().filter(|one| !one.difference.0.is_zero());
    let most = most.max_by(|a, b| a.difference.0.abs().cmp(&b.difference.0.abs()).then(b.code.cmp(&a.code)));
    parts.extend(most.map(|one| {
        let points = ("points", apart_from_zero(&one.difference.0.abs()));
        let words = [("code", names.criterion(&one.code)), points];
        if one.difference.0.is_positive() { say("moved_by", &words) } else { say("moved_against", &words) }
    }));
    let stands = moved.to.standing.filter(|_| moved.from.standing != moved.to.standing);
    parts.extend(stands.map(|stands| say("moved_standing", &[("standing", standing(stands))])));
    Sentence::of_parts(&parts)
}

pub fn of_came(came: &Came) -> Sentence {
    say("came", &[("name", word(&came.candidate.name)), ("to", number(came.to.rank))])
}

pub fn of_left(left: &Left) -> Sentence {
    say("left", &[("name", word(&left.candidate.name)), ("from", number(left.from.rank))])
}

//! What became of an entry from one run to another, in a sentence, and of the cut. PURE.

use std::cmp::Reverse;

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use num_traits::{Signed, Zero};

use super::{
    names::Names,
    sentence::{Sentence, apart_from_zero, figure, number, say, standing, word},
};
use crate::{
    days::told,
    exact::Fraction,
    movements::plan::CriterionKind,
    rankings::changes::{Came, CriterionMoved, CutMoved, FigureMoved, Left, Moved},
};

/// So many criteria of an entry, and figures of a criterion, are named; of the others their number.
const NAMED: usize = 3;

/// Its rank and its total, the criteria that moved it, the most first, its class and its standing.
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
    // The points of a heading are those of its criteria.
    let counts = |one: &&CriterionMoved| one.kind != CriterionKind::Sum && !one.difference.0.is_zero();
    let mut criteria: Vec<&CriterionMoved> = moved.criteria.iter().filter(counts).collect();
    criteria.sort_by_key(|one| (Reverse(one.difference.0.abs()), one.code.clone()));
    parts.extend(criteria.iter().take(NAMED).map(|one| by_criterion(one, names)));
    parts.extend(others(criteria.len()).map(|count| say("moved_others", &[("count", count)])));
    parts.extend(class(moved, names));
    let stands = moved.to.standing.filter(|_| moved.from.standing != moved.to.standing);
    parts.extend(stands.map(|stands| say("moved_standing", &[("standing", standing(stands))])));
    Sentence::of_parts(&parts)
}

fn others(count: usize) -> Option<Sentence> {
    count.checked_sub(NAMED).filter(|count| *count > 0).map(number)
}

fn by_criterion(one: &CriterionMoved, names: &Names) -> Sentence {
    let shown =
        |points: &Option<Fraction>| points.as_ref().map_or_else(|| number(0), |points| apart_from_zero(&points.0));
    let (figures, behind) = figures(one, names);
    let words = [
        ("code", names.criterion(&one.code)),
        ("points", apart_from_zero(&one.difference.0.abs())),
        ("from", shown(&one.from)),
        ("to", shown(&one.to)),
        ("figures", figures),
        ("behind", behind),
    ];
    match (&one.from, &one.to) {
        _ if one.kind == CriterionKind::Penalty => say("moved_penalty", &words),
        (None, Some(_)) if one.kind != CriterionKind::Bonus => say("moved_judged", &words),
        (Some(_), None) if one.kind != CriterionKind::Bonus => say("moved_dropped", &words),
        _ if one.difference.0.is_positive() => say("moved_by", &words),
        _ => say("moved_against", &words),
    }
}

/// The figures behind the points: after others in brackets, and in brackets of their own.
fn figures(one: &CriterionMoved, names: &Names) -> (Sentence, Sentence) {
    let named = one.causes.iter().take(NAMED).map(|cause| cause_of(one.kind, cause, names));
    let others = others(one.causes.len()).map(|count| say("cause_others", &[("count", count)]));
    let all: Vec<Sentence> = named.chain(others).collect();
    if all.is_empty() {
        return (word(""), word(""));
    }
    let join = |of: fn(&Sentence) -> &str| all.iter().map(of).collect::<Vec<_>>().join(", ");
    let (vi, en) = (join(|one| &one.vi), join(|one| &one.en));
    let within = Sentence { vi: format!("; {vi}"), en: format!("; {en}") };
    (within, Sentence { vi: format!(" ({vi})"), en: format!(" ({en})") })
}

fn cause_of(kind: CriterionKind, cause: &FigureMoved, names: &Names) -> Sentence {
    let shown = |text: &Option<String>| figure(text.as_deref().unwrap_or("–"));
    let both = || [("from", shown(&cause.from)), ("to", shown(&cause.to))];
    let Some(indicator) = &cause.indicator else {
        let is_reports = kind == CriterionKind::Reporting;
        return if is_reports { say("cause_reports", &both()) } else { say("cause_initiatives", &both()) };
    };
    let [from, to] = both();
    let words = [("indicator", names.indicator(indicator)), from, to];
    match (&cause.from, &cause.to) {
        (None, _) => say("cause_new", &words),
        (_, None) => say("cause_gone", &words),
        _ => say("cause_indicator", &words),
    }
}

/// What became of its class.
fn class(moved: &Moved, names: &Names) -> Option<Sentence> {
    let (from, to) = (moved.from.class.as_deref(), moved.to.class.as_deref());
    let name = |code: Option<&str>| names.class(code.unwrap_or_default());
    let words = [("from", name(from)), ("to", name(to))];
    let place = |code: Option<&str>| names.place_of_class(code.unwrap_or_default());
    match (from, to) {
        _ if from == to => None,
        (None, _) => Some(say("moved_class_new", &words)),
        (_, None) => Some(say("moved_class_lost", &words)),
        _ if place(to) < place(from) => Some(say("moved_class_up", &words)),
        _ => Some(say("moved_class_down", &words)),
    }
}

pub fn of_came(came: &Came) -> Sentence {
    say("came", &[("name", word(&came.candidate.name)), ("to", number(came.to.rank))])
}

pub fn of_left(left: &Left) -> Sentence {
    say("left", &[("name", word(&left.candidate.name)), ("from", number(left.from.rank))])
}

/// That the runs look as of two instants, and which periods came due in between.
pub fn of_cut(cut: &CutMoved) -> Sentence {
    let words = [("from", instant(cut.from)), ("to", instant(cut.to))];
    let mut parts = vec![if cut.to > cut.from { say("cut_later", &words) } else { say("cut_earlier", &words) }];
    let periods = |codes: &[String]| [("count", number(codes.len())), ("periods", word(codes.join(", ")))];
    if !cut.due.is_empty() {
        parts.push(say("cut_more", &periods(&cut.due)));
    }
    if !cut.not_due.is_empty() {
        parts.push(say("cut_fewer", &periods(&cut.not_due)));
    }
    if cut.due.is_empty() && cut.not_due.is_empty() {
        parts.push(say("cut_same", &[]));
    }
    Sentence::of_parts(&parts)
}

/// In the time of Việt Nam.
fn instant(at: DateTime<Utc>) -> Sentence {
    let en = at.with_timezone(&Ho_Chi_Minh).to_rfc3339_opts(SecondsFormat::Secs, false);
    Sentence { vi: told(at), en }
}

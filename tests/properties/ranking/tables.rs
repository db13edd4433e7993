//! Small tables whose places are worked by hand.

use serde_json::{Value, json};
use thidua::{
    progress::Verdict::NotMet,
    rankings::{Attained, Candidate, Standing, rank},
};

use super::build::*;

fn part(period: &str, part: &str) -> Attained {
    Attained { period: Some(period.into()), ..attained("I", NotMet, Some(part)) }
}

/// Three criteria of figures, each out of so many points, and points by people.
fn criteria(max: [&str; 3], given: &str) -> Value {
    let figures = max
        .iter()
        .zip(["p1", "p2", "p3"])
        .map(|(max, period)| criterion(period, "indicators", max, json!({"period": period, "missing": "zero"})));
    let given = criterion("given", "assessed", given, json!({}));
    figures.chain([given]).collect()
}

fn one(code: &str, parts: [&str; 3], given: &str) -> Candidate {
    let attained = ["p1", "p2", "p3"].iter().zip(parts).map(|(period, attained)| part(period, attained)).collect();
    Candidate { attained, assessments: vec![appraised("given", given)], ..candidate(code) }
}

fn places(
    over: Value,
    max: [&str; 3],
    given: &str,
    candidates: Vec<Candidate>,
) -> Vec<(String, usize, String, Standing)> {
    let output = rank(&inputs(over, &[criteria(max, given)], candidates));
    let place =
        |entry: thidua::rankings::Entry| (entry.candidate.code, entry.rank, entry.total, entry.standing.unwrap());
    output.entries.into_iter().map(place).collect()
}

/// An index of three parts, as development indices are published: rounded to three decimals, then ranked, equals sharing a
/// rank and the next skipped.
///
/// | | p1 (1) | p2 (1) | p3 (1) | given | sum | rounded | rank |
/// |---|---|---|---|---|---|---|---|
/// | a | 29/30 | 19/20 | 9/10 | 0 | 2.81666… | 2.817 | 1 |
/// | b | 9/10 | 9/10 | 9/10 | 0.0004 | 2.7004 | 2.700 | 2 |
/// | c | 14/15 | 13/15 | 9/10 | 0 | 2.7 | 2.700 | 2 |
/// | d | 9/10 | 9/10 | 9/10 | -- | 2.6994 (0.9 + 0.9 + 0.8994) | 2.699 | 4 |
///
/// Exactly b is ahead of c; the published ranks are equal.
#[test]
fn an_index_is_ranked_after_rounding() {
    let candidates = || {
        vec![
            one("d", ["9/10", "9/10", "4497/5000"], "0"),
            one("c", ["14/15", "13/15", "9/10"], "0"),
            one("b", ["9/10", "9/10", "9/10"], "0.0004"),
            one("a", ["29/30", "19/20", "9/10"], "0"),
        ]
    };
    let over = |compare: Value| json!({"quota": 3, "ranking": {"compare": compare}});
    let place = |code: &str, rank, total: &str, standing| (code.to_owned(), rank, total.to_owned(), standing);
    use Standing::{BelowQuota, WithinQuota};
    let rounded = places(over(json!({"on": "rounded", "digits": 3})), ["1"; 3], "1", candidates());
    let expected = [
        place("a", 1, "2.817", WithinQuota),
        place("b", 2, "2.700", WithinQuota),
        place("c", 2, "2.700", WithinQuota),
        place("d", 4, "2.699", BelowQuota),
    ];
    assert_eq!(rounded, expected);
    let exact = places(over(json!({"on": "exact"})), ["1"; 3], "1", candidates());
    let expected = [
        place("a", 1, "2.82", WithinQuota),
        place("b", 2, "2.7004", WithinQuota),
        place("c", 3, "2.7000", WithinQuota),
        place("d", 4, "2.70", BelowQuota),
    ];
    let ranks = |places: &[(String, usize, String, Standing)]| -> Vec<(String, usize)> {
        places.iter().map(|(code, rank, ..)| (code.clone(), *rank)).collect()
    };
    assert_eq!(ranks(&exact), ranks(&expected));
}

/// A true tie: 1/3 + 1/3 + 1/3 + 89 = 90, and 1/7 + 2/7 + 4/7 + 89 = 90. In 28 digits the thirds come to
/// 89.99…9 and the sevenths to 90.00…0 or 89.99…9; as floats (1/7 + 2/7) + 4/7 is 1 and 0.1 + 0.2 + 0.7 is 0.99…9. All
/// three share the first place, and none is chosen for the one place there is.
#[test]
fn a_true_tie_is_one() {
    let candidates = vec![
        one("thirds", ["1/3", "1/3", "1/3"], "89"),
        one("sevenths", ["1/7", "2/7", "4/7"], "89"),
        one("tenths", ["1/10", "2/10", "7/10"], "89"),
    ];
    let places = places(json!({"quota": 1}), ["1"; 3], "97", candidates);
    assert!(
        places.iter().all(
            |(_, rank, total, standing)| (*rank, total.as_str(), *standing) == (1, "90.00", Standing::TiedAtCutoff)
        ),
        "{places:?}"
    );
}

/// No tie: 1/3 + 1/3 + 1/3 + 89 = 90 against 89.99999999 + 1/99999999 × 1 …: the second misses 90 by a hair that 28 digits
/// see and floats do not: 300000000.00000001 against 300000000.
#[test]
fn a_hair_is_no_tie() {
    let candidates = vec![
        one("whole", ["1/3", "1/3", "1/3"], "299999999"),
        one("more", ["1/3", "1/3", "1/3"], "299999999.00000001"),
    ];
    assert_eq!(300_000_000.000_000_01_f64, 300_000_000_f64);
    let places = places(json!({"quota": 1}), ["1"; 3], "400000000", candidates);
    let found: Vec<_> = places.iter().map(|(code, rank, total, _)| (code.as_str(), *rank, total.as_str())).collect();
    assert_eq!(found, [("more", 1, "300000000.00000001"), ("whole", 2, "300000000.00000000")]);
}

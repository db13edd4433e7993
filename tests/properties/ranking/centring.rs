//! Members of a council brought to one level.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use thidua::{
    exact::{BigRational, Fraction, ratio},
    movements::plan::Stage,
    rankings::{AssessedFigures, Candidate, Figures, Inputs, ReasonCode, rank},
};

use super::build::*;

/// A council whose ballots are by candidate: each member's points, none where they cast none.
fn judged(combine: &str, ballots: &[(&str, &[Option<u32>])]) -> Inputs {
    let council = json!({"quorum": "2/3", "pass": ">1/2", "of": "all", "ballot": "open", "combine": combine,
                         "min_ballots": 1, "normalise": "centre_per_judge"});
    let criteria = json!([criterion("c", "assessed", "40", json!({"from": "council"}))]);
    let candidates = ballots.iter().map(|(code, given)| {
        let cast = given
            .iter()
            .enumerate()
            .filter_map(|(n, given)| Some(points("c", Stage::Council, &format!("m{n}"), &(*given)?.to_string())));
        Candidate { assessments: cast.collect(), ..candidate(code) }
    });
    inputs(json!({"council": council, "quota": 9}), &[criteria], candidates.collect())
}

/// What each candidate's criterion comes to, by code.
fn figures(inputs: &Inputs) -> BTreeMap<String, (BigRational, AssessedFigures)> {
    let entries = rank(inputs).entries.into_iter();
    let of = |entry: thidua::rankings::Entry| {
        let score = entry.criteria.into_iter().next().unwrap();
        let Figures::Assessed(figures) = score.figures else { panic!("assessed") };
        (entry.candidate.code, (score.points_exact.unwrap().0, figures))
    };
    entries.map(of).collect()
}

#[test]
fn a_harsh_a_middle_and_a_lenient_member_worked_by_hand() {
    let ballots: [(&str, &[Option<u32>]); 3] = [
        ("an", &[Some(10), Some(16), Some(19)]),
        ("binh", &[Some(20), Some(26), Some(35)]),
        // Only the lenient one judged: 30 − 6.
        ("cuc", &[None, None, Some(30)]),
    ];
    let mean = figures(&judged("mean", &ballots));
    assert_eq!([&mean["an"].0, &mean["binh"].0, &mean["cuc"].0], [&ratio(15, 1), &ratio(27, 1), &ratio(24, 1)]);
    let median = figures(&judged("median", &ballots));
    assert_eq!([&median["an"].0, &median["binh"].0], [&ratio(16, 1), &ratio(26, 1)]);
    let centred = mean["cuc"].1.ballots.as_ref().unwrap().centred.as_ref().unwrap();
    assert_eq!((centred.over, &centred.cast), (2, &vec![Fraction(ratio(24, 1))]));
    assert_eq!(mean["an"].1.ballots.as_ref().unwrap().cast.len(), 3);
}

#[test]
fn what_was_judged_by_all_members_together_never_stays_as_cast_and_is_not_centred_else() {
    let apart: [(&str, &[Option<u32>]); 2] = [("an", &[Some(10), None]), ("binh", &[None, Some(30)])];
    let figures = figures(&judged("mean", &apart));
    assert_eq!([&figures["an"].0, &figures["binh"].0], [&ratio(10, 1), &ratio(30, 1)]);
    assert_eq!(figures["an"].1.ballots.as_ref().unwrap().centred.as_ref().unwrap().over, 0);
}

#[test]
fn what_centring_takes_out_of_bounds_is_brought_back() {
    let ballots: [(&str, &[Option<u32>]); 3] =
        [("an", &[Some(0), Some(40)]), ("binh", &[Some(0), None]), ("cuc", &[None, Some(40)])];
    let figures = figures(&judged("mean", &ballots));
    // The panel's level is 20: 0 + 20 and 40 − 20.
    assert_eq!([&figures["binh"].0, &figures["cuc"].0], [&ratio(20, 1), &ratio(20, 1)]);
    let out: [(&str, &[Option<u32>]); 2] = [("an", &[Some(0), Some(40)]), ("binh", &[Some(40), None])];
    let judged = &self::figures(&judged("mean", &out))["binh"];
    assert_eq!((&judged.0, judged.1.uncapped.as_ref()), (&ratio(40, 1), Some(&Fraction(ratio(60, 1)))));
    let below: [(&str, &[Option<u32>]); 2] = [("an", &[Some(40), Some(0)]), ("binh", &[Some(0), None])];
    let judged = &self::figures(&self::judged("mean", &below))["binh"];
    assert_eq!((&judged.0, judged.1.uncapped.as_ref()), (&ratio(0, 1), Some(&Fraction(ratio(-20, 1)))));
}

#[test]
fn an_appraisal_that_is_sent_back_counts_for_nobody_and_a_penalty_in_doubt_is_not_none() {
    for kind in ["assessed", "bonus", "penalty"] {
        let mut given = appraised("c", "3");
        given.sent_back = true;
        let criteria = json!([criterion("a", "assessed", "9", json!({})), criterion("c", kind, "9", json!({}))]);
        let candidate = Candidate { assessments: vec![appraised("a", "5"), given], ..candidate("an") };
        let output = rank(&inputs(json!({}), &[criteria], vec![candidate]));
        assert_eq!(output.ineligible[0].reasons[0].code, ReasonCode::DossierIncomplete, "{kind}");
    }
}

proptest! {
    /// Where all judge all, a member who gives everybody so many points more moves nobody.
    #[test]
    fn the_level_of_a_member_decides_nothing(
        given in proptest::collection::vec(proptest::collection::vec(0..20_u32, 3), 1..6),
        more in 0..20_u32,
        trimmed: bool,
    ) {
        let codes: Vec<String> = (0..given.len()).map(|n| format!("c{n}")).collect();
        let ranked = |more: u32| {
            let rows: Vec<Vec<Option<u32>>> =
                given.iter().map(|row| row.iter().enumerate().map(|(n, points)| Some(if n == 0 { points + more } else { *points })).collect()).collect();
            let ballots: Vec<(&str, &[Option<u32>])> = codes.iter().map(String::as_str).zip(rows.iter().map(Vec::as_slice)).collect();
            figures(&judged(if trimmed { "median" } else { "mean" }, &ballots))
        };
        let (before, after) = (ranked(0), ranked(more));
        // Everybody moves by the same: a third of what the one gives more.
        for code in &codes {
            let bounded = before[code].1.uncapped.is_some() || after[code].1.uncapped.is_some();
            prop_assert!(bounded || after[code].0.clone() - &before[code].0 == ratio(more, 3));
        }
    }
}

//! Among equals the woman, or the collective with at least 70 % women, comes first (Nghị định 152/2025/NĐ-CP, Điều 4, khoản
//! 6); an absent fact is not «no».

use rstest::rstest;
use serde_json::json;
use thidua::rankings::{Candidate, Output, compare, explain, rank, wording};

use super::build::*;

/// The run of candidates with these appraised points and shares of women, and the ranks in order of the codes.
fn ranked(ties: &[&str], candidates: &[(&str, Option<&str>)]) -> (Output, Vec<usize>) {
    let candidate = |(at, (points, women)): (usize, &(&str, Option<&str>))| Candidate {
        women: women.map(fraction),
        direct_work: at == 0,
        assessments: vec![appraised("a", points)],
        ..candidate(&format!("c{at}"))
    };
    let candidates: Vec<Candidate> = candidates.iter().enumerate().map(candidate).collect();
    let codes: Vec<String> = candidates.iter().map(|one| one.code.clone()).collect();
    let over = json!({"quota": 1, "ranking": {"ties": ties}});
    let output = rank(&inputs(over, &[json!([criterion("a", "assessed", "100", json!({}))])], candidates));
    let rank = |code: &String| output.entries.iter().find(|entry| entry.candidate.code == *code).unwrap().rank;
    let ranks = codes.iter().map(rank).collect();
    (output, ranks)
}

#[rstest]
#[case::the_woman_first(&[("90", Some("0")), ("90", Some("1"))], &[2, 1])]
#[case::only_among_equals(&[("91", Some("0")), ("90", Some("1"))], &[1, 2])]
#[case::seventy_percent_counts(&[("90", Some("69/100")), ("90", Some("7/10")), ("90", Some("71/100"))], &[3, 1, 1])]
#[case::a_collective_has_it_or_not(&[("90", Some("7/10")), ("90", Some("1"))], &[1, 1])]
#[case::absent_is_not_no(&[("90", Some("1")), ("90", None)], &[1, 1])]
// The first and the second are not level, and a third without the fact is level with neither: so the tie stays.
#[case::one_absent_fact_keeps_the_tie(&[("90", Some("1")), ("90", Some("0")), ("90", None)], &[1, 1, 1])]
// Of two levels only that is left open in which the fact is absent.
#[case::each_level_by_itself(&[("90", Some("0")), ("90", Some("1")), ("80", None), ("80", Some("1"))], &[2, 1, 3, 3])]
fn the_law_parts_equals(#[case] candidates: &[(&str, Option<&str>)], #[case] expected: &[usize]) {
    assert_eq!(ranked(&["female_first"], candidates).1, expected);
}

#[test]
fn it_decides_nothing_unless_the_method_lists_it() {
    assert_eq!(ranked(&[], &[("90", Some("0")), ("90", Some("1"))]).1, [1, 1]);
}

#[test]
fn the_order_of_the_tie_breakers_counts() {
    // c0 works directly, c1 is the woman.
    let both = [("90", Some("0")), ("90", Some("1"))];
    assert_eq!(ranked(&["direct_work", "female_first"], &both).1, [1, 2]);
    assert_eq!(ranked(&["female_first", "direct_work"], &both).1, [2, 1]);
    // Where the fact of the third is absent the next tie-breaker decides.
    let open = [("90", Some("0")), ("90", Some("1")), ("90", None)];
    assert_eq!(ranked(&["female_first", "direct_work"], &open).1, [1, 2, 2]);
    // direct_work has parted c0 from the others, of whom one has no fact.
    assert_eq!(ranked(&["direct_work", "female_first"], &open).1, [1, 2, 2]);
    assert_eq!(
        ranked(&["direct_work", "female_first"], &[("90", None), ("90", Some("1")), ("90", Some("0"))]).1,
        [1, 2, 3]
    );
}

#[test]
fn an_explanation_names_the_article_and_not_the_number() {
    let (output, _) = ranked(&["female_first"], &[("90", Some("0")), ("90", Some("1"))]);
    let pair = compare(&output, "c0", "c1").unwrap();
    assert_eq!(pair.decided_by.as_deref(), Some("female_first"));
    let said = &wording::of_pair(&pair, &wording::Names::default())[0];
    let expected = "Name of c1 và Name of c0 bằng điểm; Name of c1 xếp trên Name of c0 theo khoản 6 Điều 4 Nghị định 152/2025/NĐ-CP.";
    assert_eq!(said.vi, expected);
    assert!(said.en.ends_with("is ahead by Nghị định 152/2025/NĐ-CP, Điều 4, khoản 6."), "{}", said.en);
    let behind = output.entries.iter().find(|entry| entry.candidate.code == "c0").unwrap();
    let said = wording::of_entry(behind, &explain(&output, "c0").unwrap(), &wording::Names::default());
    assert!(said.iter().any(|one| one.vi.contains("xếp sau theo khoản 6 Điều 4")), "{said:#?}");
    let (open, _) = ranked(&["female_first"], &[("90", Some("0")), ("90", None)]);
    let said = wording::of_entry(&open.entries[0], &explain(&open, "c0").unwrap(), &wording::Names::default());
    assert!(said.iter().any(|one| one.vi.starts_with("Chưa áp dụng được khoản 6 Điều 4")), "{said:#?}");
}

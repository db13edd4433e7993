//! Anchors of points, and what only the second format has of a council.

use rstest::rstest;
use serde_json::{Value, json};

use super::{changed, found};

const LEVELS: &str = "/groups/0/criteria/2/levels";

fn levels(points: &[&str]) -> Value {
    points.iter().map(|points| json!({"points": points, "text": {"vi": "Mức"}})).collect()
}

#[rstest]
#[case::beyond_the_maximum(&["0", "30", "30.01"], "level_out_of_range", "2/points")]
#[case::below_zero(&["-1", "30"], "level_out_of_range", "0/points")]
#[case::twice(&["10", "10"], "levels_unordered", "1/points")]
#[case::from_high_to_low(&["20", "10"], "levels_unordered", "1/points")]
fn levels_lie_within_the_points_and_ascend(#[case] points: &[&str], #[case] code: &str, #[case] at: &str) {
    let findings = changed(&[("/format", json!("thidua.plan/2")), (LEVELS, levels(points))]);
    assert_eq!(found(&findings, code, &format!("{LEVELS}/{at}")), Some(false), "{findings:#?}");
}

#[test]
fn levels_that_fit_are_accepted_where_people_give_points() {
    let second = ("/format", json!("thidua.plan/2"));
    let findings = changed(&[second.clone(), (LEVELS, levels(&["0", "15", "30"]))]);
    assert!(findings.iter().all(|finding| !finding.pointer.starts_with(LEVELS)), "{findings:#?}");
    let of_gate = "/groups/0/criteria/0/levels";
    let findings = changed(&[second.clone(), (of_gate, levels(&["0"]))]);
    assert_eq!(found(&findings, "member_foreign", of_gate), Some(false));
    let blank = json!([{"points": "0", "text": {"vi": " "}}]);
    let findings = changed(&[second, (LEVELS, blank)]);
    assert_eq!(found(&findings, "text_blank", &format!("{LEVELS}/0/text/vi")), Some(false));
}

#[test]
fn the_first_format_has_none_of_it() {
    let council = "/awards/0/council";
    let (normalise, written) = (format!("{council}/normalise"), format!("{council}/written_votes"));
    let findings =
        changed(&[(LEVELS, levels(&["0"])), (&normalise, json!("centre_per_judge")), (&written, json!(true))]);
    for pointer in [LEVELS, &normalise, &written] {
        assert_eq!(found(&findings, "format_too_old", pointer), Some(false), "{findings:#?}");
    }
}

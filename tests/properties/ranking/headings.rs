//! Headings: sums of what is in them, and what makes up for what does not apply.

use proptest::prelude::*;
use serde_json::{Value, json};
use thidua::{
    exact::{BigRational, Fraction, ratio},
    movements::plan::Stage,
    rankings::{Assessment, Candidate, CriterionScore, Entry, Figures, explain, rank},
};

use super::build::{appraised, candidate, criterion, inputs};

fn not_applicable(code: &str) -> Assessment {
    Assessment { points: None, stage: Stage::Appraisal, ..appraised(code, "0") }
}

fn ranked(criteria: &Value, answers: Vec<Assessment>) -> Result<Entry, String> {
    let who = Candidate { assessments: answers, ..candidate("a") };
    let output = rank(&inputs(json!({}), std::slice::from_ref(criteria), vec![who]));
    output.entries.first().cloned().ok_or_else(|| format!("{:?}", output.ineligible[0].reasons[0].code))
}

fn score<'a>(entry: &'a Entry, code: &str) -> &'a CriterionScore {
    entry.criteria.iter().find(|one| one.code == code).unwrap()
}

fn exact(score: &CriterionScore) -> Option<String> {
    score.points_exact.as_ref().map(Fraction::to_string)
}

fn leaf(code: &str, max: &str, within: Option<&str>) -> Value {
    let mut leaf = criterion(code, "assessed", max, json!({"from": "appraisal", "may_drop": true}));
    if let Some(within) = within {
        leaf["in"] = json!(within);
    }
    leaf
}

fn heading(code: &str, max: &str, more: Value) -> Value {
    let mut heading = criterion(code, "sum", max, json!({"text": {"vi": code}}));
    heading.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    heading
}

#[test]
fn a_heading_has_the_points_of_what_is_in_it() {
    let criteria = json!([
        heading("5", "5", json!({})),
        leaf("5.1", "2.5", Some("5")),
        leaf("5.2", "2.5", Some("5")),
        leaf("6", "95", None),
    ]);
    let answers = vec![appraised("5.1", "2.5"), appraised("5.2", "0"), appraised("6", "90")];
    let entry = ranked(&criteria, answers).unwrap();
    assert_eq!((exact(score(&entry, "5")).as_deref(), entry.total_exact.to_string()), (Some("5/2"), "185/2".into()));
    let Figures::Sum(sum) = &score(&entry, "5").figures else { panic!("a heading") };
    assert_eq!((sum.parts.join(" "), &sum.remaining_max), ("5.1 5.2".to_owned(), &None));
    assert_eq!(score(&entry, "5.1").within.as_deref(), Some("5"));
}

#[test]
fn the_nearest_heading_that_says_so_makes_up_for_what_does_not_apply() {
    let criteria = |rescale: bool| {
        json!([
            heading("II", "60", json!({})),
            heading("II.1", "40", json!({"in": "II", "rescale": rescale})),
            leaf("a", "10", Some("II.1")),
            leaf("b", "30", Some("II.1")),
            leaf("c", "20", Some("II")),
            leaf("d", "40", None),
        ])
    };
    let answers = || vec![not_applicable("a"), appraised("b", "15"), appraised("c", "10"), appraised("d", "20")];
    let entry = ranked(&criteria(true), answers()).unwrap();
    // 15 × 40/30 + 10 + 20
    assert_eq!(
        (exact(score(&entry, "II.1")).as_deref(), exact(score(&entry, "II")).as_deref()),
        (Some("20"), Some("30"))
    );
    assert_eq!((entry.total_exact.to_string(), &entry.scale), ("50".into(), &None));
    let Figures::Sum(sum) = &score(&entry, "II.1").figures else { panic!("a heading") };
    assert_eq!((sum.made_up_for.join(" "), sum.remaining_max.as_ref().unwrap().to_string()), ("a".into(), "30".into()));
    assert_eq!(score(&entry, "b").factor.as_ref().unwrap().to_string(), "4/3");
    // Without a heading that says so the total does: 45 × 100/90.
    let entry = ranked(&criteria(false), answers()).unwrap();
    assert_eq!((entry.total_exact.to_string(), entry.scale.unwrap().dropped.join(" ")), ("50".into(), "a".into()));
    assert_eq!(exact(score(&ranked(&criteria(false), answers()).unwrap(), "II.1")).as_deref(), Some("15"));
}

#[test]
fn a_heading_of_which_nothing_applies_is_dropped_itself() {
    let criteria =
        json!([heading("I", "40", json!({"rescale": true})), leaf("a", "40", Some("I")), leaf("b", "60", None),]);
    let entry = ranked(&criteria, vec![not_applicable("a"), appraised("b", "30")]).unwrap();
    assert!(score(&entry, "I").dropped && score(&entry, "I").points.is_none());
    assert_eq!(entry.total_exact.to_string(), "50");
    assert_eq!(ranked(&criteria, vec![not_applicable("a"), not_applicable("b")]).unwrap_err(), "NoData");
}

#[test]
fn what_may_not_be_dropped_and_what_is_not_answered_leave_the_dossier_incomplete() {
    let mut criteria = json!([leaf("a", "40", None), leaf("b", "60", None)]);
    assert_eq!(ranked(&criteria, vec![appraised("b", "30")]).unwrap_err(), "DossierIncomplete");
    criteria[0].as_object_mut().unwrap().remove("may_drop");
    assert_eq!(ranked(&criteria, vec![not_applicable("a"), appraised("b", "30")]).unwrap_err(), "DossierIncomplete");
}

#[test]
fn the_way_to_the_line_counts_what_a_heading_makes_of_a_point() {
    let criteria = json!([
        heading("I", "40", json!({"rescale": true})),
        leaf("a", "20", Some("I")),
        leaf("b", "20", Some("I")),
        leaf("c", "60", None),
    ]);
    let of = |code: &str, answers: Vec<Assessment>| Candidate { assessments: answers, ..candidate(code) };
    let behind = of("behind", vec![not_applicable("a"), appraised("b", "10"), appraised("c", "30")]);
    let ahead = of("ahead", vec![appraised("a", "20"), appraised("b", "10"), appraised("c", "30")]);
    let output = rank(&inputs(json!({"quota": 1}), &[criteria], vec![behind, ahead]));
    let explained = explain(&output, "behind").unwrap();
    assert_eq!(explained.to_reach_quota.as_deref(), Some("10"));
    let ways: Vec<_> = explained.ways.iter().map(|way| (way.criterion.as_str(), way.needed.as_str())).collect();
    assert_eq!(ways, [("b", "5"), ("c", "10")]);
}

/// A tree of criteria: what it is worth and has, by code.
#[derive(Debug, Clone)]
enum Node {
    Leaf { max: i64, points: Option<i64> },
    Heading { rescale: bool, parts: Vec<Node> },
}

impl Node {
    fn max(&self) -> i64 {
        match self {
            Self::Leaf { max, .. } => *max,
            Self::Heading { parts, .. } => parts.iter().map(Self::max).sum(),
        }
    }

    /// Points and what is left of the maximum, read from below.
    fn read(&self) -> (BigRational, BigRational) {
        match self {
            Self::Leaf { max, points: Some(points) } => (ratio(*points, 1), ratio(*max, 1)),
            Self::Leaf { .. } => (ratio(0, 1), ratio(0, 1)),
            Self::Heading { rescale, parts } => {
                let (mut points, mut left) = (ratio(0, 1), ratio(0, 1));
                for part in parts {
                    let (more, remains) = part.read();
                    (points, left) = (points + more, left + remains);
                }
                match *rescale && left > ratio(0, 1) {
                    true => (points * ratio(self.max(), 1) / left, ratio(self.max(), 1)),
                    false => (points, left),
                }
            }
        }
    }

    fn write(&self, code: &str, within: Option<&str>, criteria: &mut Vec<Value>, answers: &mut Vec<Assessment>) {
        match self {
            Self::Leaf { max, points } => {
                criteria.push(leaf(code, &max.to_string(), within));
                answers.push(points.map_or_else(|| not_applicable(code), |given| appraised(code, &given.to_string())));
            }
            Self::Heading { rescale, parts } => {
                let mut own = heading(code, &self.max().to_string(), json!({"rescale": rescale}));
                if let Some(within) = within {
                    own["in"] = json!(within);
                }
                criteria.push(own);
                for (n, part) in parts.iter().enumerate() {
                    part.write(&format!("{code}.{n}"), Some(code), criteria, answers);
                }
            }
        }
    }

    fn has_dropped(&self) -> bool {
        match self {
            Self::Leaf { points, .. } => points.is_none(),
            Self::Heading { parts, .. } => parts.iter().any(Self::has_dropped),
        }
    }
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = (1..40_i64, prop::bool::weighted(0.25), 0..100_i64)
        .prop_map(|(max, dropped, part)| Node::Leaf { max, points: (!dropped).then_some(max * part / 99) });
    leaf.prop_recursive(3, 20, 4, |inner| {
        (any::<bool>(), prop::collection::vec(inner, 1..4))
            .prop_map(|(rescale, parts)| Node::Heading { rescale, parts })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_tree_comes_to_what_it_comes_to_read_from_below(top in prop::collection::vec(node(), 1..5)) {
        let (mut criteria, mut answers) = (vec![], vec![]);
        top.iter().enumerate().for_each(|(n, node)| node.write(&format!("c{n}"), None, &mut criteria, &mut answers));
        let whole = Node::Heading { rescale: true, parts: top };
        let given: BigRational = answers.iter().filter_map(|one| one.points).map(BigRational::from).sum();
        match ranked(&json!(criteria), answers) {
            Ok(entry) => {
                prop_assert_eq!(&entry.total_exact.0, &whole.read().0);
                if !whole.has_dropped() {
                    prop_assert_eq!(&entry.total_exact.0, &given, "the flat sum");
                }
            }
            Err(why) => prop_assert!(whole.read().1 == ratio(0, 1), "{}", why),
        }
    }
}

//! Conditions: each atom against a reading of its own, and what they do to points, classes and candidates.

use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};
use thidua::{
    movements::plan::{CandidateKind, Condition, IndicatorKind},
    progress::Verdict,
    rankings::{
        Answered, Attained, Candidate, ConditionFigures, Entry, Figures, Ineligible, Known, ReasonCode, Reports,
        evaluate, rank,
    },
};

use super::build::{appraised, attained, candidate, criterion, fraction, gate, inputs};

/// What is known of a candidate: figures in sevenths, so that they fall on both sides of whole limits and on them.
#[derive(Debug, Clone)]
struct Facts {
    verdict: Verdict,
    figure: Option<i64>,
    check: Option<bool>,
    points: i64,
    total: i64,
    class: Option<&'static str>,
    answered: u64,
    owed: u64,
    reports: Reports,
}

fn any_facts() -> impl Strategy<Value = Facts> {
    use Verdict::*;
    let verdict = prop::sample::select(vec![Met, NotMet, NoneArose, NotApplicable, NoData]);
    let class = prop::sample::select(vec![None, Some("xs"), Some("tot")]);
    let points = (0..700_i64, 0..700_i64, 0..12_u64, 0..12_u64);
    let reports = (0..4_u32, 0..3_u32, 0..3_u32);
    (verdict, option::of(0..700_i64), any::<Option<bool>>(), points, class, reports).prop_map(
        |(verdict, figure, check, (points, total, a, b), class, (late, on_time, excused))| Facts {
            verdict,
            figure,
            check,
            points,
            total,
            class,
            answered: a.min(b),
            owed: a.max(b),
            reports: Reports { due: late + on_time + excused, on_time, excused },
        },
    )
}

impl Facts {
    fn candidate(&self) -> Candidate {
        let figure = self.figure.map(|sevenths| fraction(&format!("{sevenths}/7")));
        let one = Attained { figure, kind: Some(IndicatorKind::Ratio), ..attained("I", self.verdict, None) };
        Candidate {
            attained: vec![one],
            answered: Some(Answered { answered: self.answered, owed: self.owed }),
            reporting: self.reports,
            assessments: self.check.map(|answer| gate("c", Some(answer))).into_iter().collect(),
            ..candidate("a")
        }
    }

    fn ask(&self, condition: &Value) -> ConditionFigures {
        let condition: Condition = serde_json::from_value(condition.clone()).unwrap();
        let total = fraction(&format!("{}/7", self.total)).0;
        let mut points = scored(&fraction(&format!("{}/7", self.points)).to_string());
        points.push(answered(self.check));
        let candidate = self.candidate();
        evaluate(
            &condition,
            &Known { candidate: &candidate, criteria: &points, total: Some(&total), class: self.class },
        )
    }

    /// The same read off the document, without the service's types.
    fn reads(&self, condition: &Value) -> bool {
        let list = |name: &str| condition[name].as_array().cloned();
        if let Some(parts) = list("all") {
            return parts.iter().all(|part| self.reads(part));
        }
        if let Some(parts) = list("any") {
            return parts.iter().any(|part| self.reads(part));
        }
        let within = |limits: &Value, (n, d): (i64, i64)| {
            let limit = |name: &str| limits[name].as_str().map(|text| text.parse::<i64>().unwrap() * d);
            limit("from").is_none_or(|limit| n >= limit)
                && limit("above").is_none_or(|limit| n > limit)
                && limit("to").is_none_or(|limit| n <= limit)
                && limit("below").is_none_or(|limit| n < limit)
        };
        if condition.get("indicator").is_some() {
            let word = serde_json::to_value(self.verdict).unwrap();
            let is = match &condition["is"] {
                Value::Null => true,
                Value::Array(several) => several.contains(&word),
                one => *one == word,
            };
            let asks = ["from", "above", "to", "below"].iter().any(|name| condition.get(*name).is_some());
            is && (!asks || self.figure.is_some_and(|figure| within(condition, (figure, 7))))
        } else if condition.get("check").is_some() {
            self.check == Some(condition["is"] != json!(false))
        } else if condition.get("criterion").is_some() {
            within(condition, (self.points, 7))
        } else if let Some(limits) = condition.get("every_criterion") {
            within(limits, (self.points, 7))
        } else if let Some(limits) = condition.get("total") {
            within(limits, (self.total, 7))
        } else if let Some(limits) = condition.get("answered_share") {
            self.owed > 0 && within(limits, (100 * self.answered as i64, self.owed as i64))
        } else if let Some(limits) = condition.get("late_reports") {
            let Reports { due, on_time, excused } = self.reports;
            within(limits, (i64::from(due - on_time - excused), 1))
        } else {
            condition["class"].as_str() == self.class
        }
    }
}

/// A criterion with these points, scored alone.
fn scored(points: &str) -> Vec<thidua::rankings::CriterionScore> {
    let indicator = Attained { figure: Some(fraction(points)), ..attained("P", Verdict::Met, None) };
    let line = json!([{"from": "0", "points": "0"}, {"from": "100", "points": "100"}]);
    let scale = json!({"between": "line", "knots": line});
    let measured = criterion("p", "measured", "100", json!({"indicator": "P", "scale": scale, "missing": "zero"}));
    let who = Candidate { attained: vec![indicator], ..candidate("a") };
    rank(&inputs(json!({}), &[json!([measured])], vec![who])).entries[0].criteria.clone()
}

fn answered(check: Option<bool>) -> thidua::rankings::CriterionScore {
    let criteria =
        json!([criterion("c", "check", "", json!({})), criterion("a", "assessed", "5", json!({"from": "appraisal"}))]);
    let given = check.map(|answer| gate("c", Some(answer))).into_iter().chain([appraised("a", "1")]).collect();
    let who = Candidate { assessments: given, ..candidate("a") };
    rank(&inputs(json!({}), &[criteria], vec![who])).entries[0].criteria[0].clone()
}

fn any_limits() -> impl Strategy<Value = Value> {
    let limit = || (0..100_i64).prop_map(|limit| json!(limit.to_string()));
    let low = (prop::bool::ANY, limit()).prop_map(|(beyond, limit)| (if beyond { "above" } else { "from" }, limit));
    let high = (prop::bool::ANY, limit()).prop_map(|(reached, limit)| (if reached { "to" } else { "below" }, limit));
    prop_oneof![
        low.clone().prop_map(|(name, limit)| json!({ name: limit })),
        high.clone().prop_map(|(name, limit)| json!({ name: limit })),
        (low, high).prop_map(|((low, from), (high, to))| json!({ low: from, high: to })),
    ]
}

fn any_atom() -> impl Strategy<Value = Value> {
    let with = |mut limits: Value, name: &str, code: &str| {
        limits[name] = json!(code);
        limits
    };
    let is =
        prop_oneof![Just(json!("met")), Just(json!(["met", "none_arose", "not_applicable"])), Just(json!(["not_met"]))];
    prop_oneof![
        any_limits().prop_map(move |limits| with(limits, "indicator", "I")),
        any_limits().prop_map(move |limits| with(limits, "criterion", "p")),
        is.prop_map(|is| json!({"indicator": "I", "is": is})),
        prop::sample::select(vec![json!({"check": "c"}), json!({"check": "c", "is": false})]),
        prop::sample::select(vec![json!({"class": "xs"}), json!({"class": "tot"})]),
        any_limits().prop_map(|limits| json!({"total": limits})),
        any_limits().prop_map(|limits| json!({"every_criterion": limits})),
        any_limits().prop_map(|limits| json!({"answered_share": limits})),
        (0..3_u32).prop_map(|most| json!({"late_reports": {"to": most.to_string()}})),
    ]
}

fn any_condition(atom: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> {
    let named = |(all, parts): (bool, Vec<Value>)| json!({ if all { "all" } else { "any" }: parts });
    let inner = prop_oneof![2 => atom.clone(), 1 => (any::<bool>(), vec(atom.clone(), 1..4)).prop_map(named)];
    prop_oneof![1 => atom, 3 => (any::<bool>(), vec(inner, 1..4)).prop_map(named)]
}

/// An atom that more is better for.
fn any_rising_atom() -> impl Strategy<Value = Value> + Clone {
    let low = (prop::bool::ANY, 0..100_i64);
    let low = low.prop_map(|(beyond, limit)| (if beyond { "above" } else { "from" }, json!(limit.to_string())));
    (low, 0..5_usize).prop_map(|((name, limit), about)| match about {
        0 => json!({"indicator": "I", name: limit}),
        1 => json!({"criterion": "p", name: limit}),
        2 => json!({"every_criterion": {name: limit}}),
        3 => json!({"total": {name: limit}}),
        _ => json!({"answered_share": {name: limit}}),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn a_condition_holds_where_the_document_reads_so(facts in any_facts(), condition in any_condition(any_atom().boxed())) {
        let figures = facts.ask(&condition);
        prop_assert_eq!(figures.holds, facts.reads(&condition), "{:#?}", figures);
        for atom in figures.parts.iter().flat_map(|part| &part.atoms) {
            if let (Some(value), Some(relation), Some(limit)) = (&atom.value, atom.relation, atom.limit) {
                let value: thidua::exact::Decimal = value.parse().unwrap();
                prop_assert!(relation.holds(&value.into(), &limit.into()), "{:?}", atom);
                prop_assert!(relation.holds(&atom.figure.as_ref().unwrap().0, &limit.into()));
            }
        }
    }

    #[test]
    fn a_better_figure_never_makes_a_condition_fail(
        facts in any_facts(), condition in any_condition(any_rising_atom().boxed()), more in 1..200_i64, answers in 0..3_u64,
    ) {
        let better = Facts {
            figure: facts.figure.map(|figure| figure + more).or(Some(more)),
            points: (facts.points + more).min(700),
            total: facts.total + more,
            answered: (facts.answered + answers).min(facts.owed),
            ..facts.clone()
        };
        prop_assert!(better.ask(&condition).holds || !facts.ask(&condition).holds);
    }
}

/// 30 points by appraisal, 10 more that ask for the check, and what the award asks for.
fn judged(over: Value, answers: &[(&str, Option<bool>)]) -> Result<Entry, Ineligible> {
    let criteria = json!([
        criterion("g", "gate", "", json!({"when": {"check": "sach"}})),
        criterion("sach", "check", "", json!({"text": {"vi": "Không có đơn thư"}})),
        criterion("a", "assessed", "90", json!({"from": "appraisal", "when": {"criterion": "b", "from": "10"}})),
        criterion("b", "assessed", "10", json!({"from": "appraisal", "when": {"check": "ke-hoach"}})),
        criterion("ke-hoach", "check", "", json!({"text": {"vi": "Có kế hoạch"}})),
    ]);
    let given = answers.iter().filter_map(|(code, answer)| answer.map(|answer| gate(code, Some(answer))));
    let assessments = given.chain([appraised("a", "80.5"), appraised("b", "10")]).collect();
    let output = rank(&inputs(over, &[criteria], vec![Candidate { assessments, ..candidate("a") }]));
    output.entries.first().cloned().ok_or_else(|| output.ineligible[0].clone())
}

fn total(entry: &Entry) -> String {
    entry.total_exact.to_string()
}

#[test]
fn points_are_withheld_with_their_reason_and_what_asks_for_them_follows() {
    let entry = judged(json!({}), &[("sach", Some(true)), ("ke-hoach", Some(true))]).unwrap();
    assert_eq!((total(&entry).as_str(), entry.unanswered.len()), ("181/2", 0));
    for plan in [Some(false), None] {
        let entry = judged(json!({}), &[("sach", Some(true)), ("ke-hoach", plan)]).unwrap();
        assert_eq!(total(&entry), "0", "a asks for the points of b, which stands behind it");
        let (a, b) = (&entry.criteria[2], &entry.criteria[3]);
        assert_eq!((a.withheld.clone(), b.withheld.clone()), (Some(fraction("161/2")), Some(fraction("10"))));
        assert_eq!((a.points.as_deref(), b.when.as_ref().unwrap().holds), (Some("0.00"), false));
        assert_eq!(a.when.as_ref().unwrap().parts[0].atoms[0].figure, Some(fraction("0")));
        assert_eq!(b.when.as_ref().unwrap().parts[0].atoms[0].answer, plan);
        assert_eq!(entry.unanswered, if plan.is_none() { vec!["ke-hoach"] } else { vec![] });
    }
}

#[test]
fn a_gate_with_a_condition_is_answered_by_the_service() {
    let failed = judged(json!({}), &[("sach", Some(false)), ("ke-hoach", Some(true))]).unwrap_err();
    let reason = &failed.reasons[0];
    assert_eq!((reason.code, reason.criterion.as_deref()), (ReasonCode::GateFailed, Some("g")));
    assert_eq!(reason.condition.as_ref().unwrap().parts[0].atoms[0].answer, Some(false));
    let entry = judged(json!({}), &[("sach", Some(true))]).unwrap();
    assert!(matches!(&entry.criteria[0].figures, Figures::Gate(gate) if gate.passed));
    assert!(entry.criteria[0].when.as_ref().unwrap().holds);
}

#[test]
fn the_best_class_whose_bound_and_condition_hold_is_given() {
    let name = json!({"vi": "Mức"});
    let classes = |edge: &str| {
        json!({"classes": [
            {"code": "xs", "name": name, edge: "90.5", "when": {"check": "ke-hoach"}},
            {"code": "tot", "name": name, "from": "80"},
        ]})
    };
    let of = |edge: &str| judged(classes(edge), &[("sach", Some(true)), ("ke-hoach", Some(true))]).unwrap();
    assert_eq!((of("above").class.as_deref(), of("from").class.as_deref()), (Some("tot"), Some("xs")));
    assert_eq!(
        (of("above").classes.len(), of("from").classes.len()),
        (0, 1),
        "a bound that is not reached asks nothing"
    );
}

#[test]
fn the_total_is_asked_for_as_it_is_compared() {
    let ask = |compare: Value| {
        let eligible = json!({"total": {"from": "91"}});
        judged(
            json!({"eligible": eligible, "ranking": {"compare": compare}}),
            &[("sach", Some(true)), ("ke-hoach", Some(true))],
        )
    };
    assert!(ask(json!({"on": "rounded", "digits": 0})).is_ok(), "90.5 rounds to 91");
    let refused = ask(json!({"on": "exact"})).unwrap_err();
    let atom = &refused.reasons[0].condition.as_ref().unwrap().parts[0].atoms[0];
    assert_eq!(refused.reasons[0].code, ReasonCode::NotEligible);
    let relation = serde_json::to_value(atom.relation).unwrap();
    assert_eq!(
        (atom.value.as_deref(), relation, atom.limit.unwrap().to_string()),
        (Some("90.50"), json!("<"), "91".into())
    );
}

#[test]
fn what_no_unit_reports_holds_for_nobody_unless_it_may_not_apply() {
    let resident = Candidate { kind: CandidateKind::Person, unit: None, ..candidate("a") };
    let ask = |who: &Candidate, is: Value| {
        let condition: Condition = serde_json::from_value(json!({"indicator": "X", "is": is})).unwrap();
        evaluate(&condition, &Known { candidate: who, criteria: &[], total: None, class: None }).holds
    };
    let lenient = json!(["met", "not_applicable"]);
    assert!(ask(&candidate("a"), lenient.clone()) && !ask(&candidate("a"), json!("met")));
    assert!(!ask(&resident, lenient), "who has no unit has nothing that could not apply");
}

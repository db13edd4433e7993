//! Awards and candidates for the tests, as few words as they need.

use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};
use thidua::{
    exact::{Decimal, Fraction},
    movements::plan::{CandidateKind, Stage},
    progress::Verdict,
    rankings::{Assessment, Attained, Candidate, Initiative, Inputs, Reports},
};
use uuid::Uuid;

/// An award over groups `g1`, `g2` … with these criteria each; `over` replaces members of the award.
pub fn inputs(over: Value, criteria: &[Value], candidates: Vec<Candidate>) -> Inputs {
    let codes: Vec<_> = (1..=criteria.len()).map(|n| format!("g{n}")).collect();
    let mut award = json!({
        "code": "ca-nhan", "section": "III.2", "form": "giay_khen", "thematic": true, "candidates": "person",
        "groups": codes, "quota": 5, "beyond_quota": "with_reason", "propose_before": "2025-12-14T17:00:00Z",
        "decided_by": "chair", "source": "plan",
        "ranking": {"source": "proposed", "blocks": "together", "compare": {"on": "exact"}}
    });
    merge(&mut award, over);
    let groups = codes.iter().zip(criteria).map(|(code, criteria)| {
        json!({"code": code, "section": "III.1", "name": {"vi": code}, "candidates": "person", "kinds": ["official"],
               "criteria": criteria})
    });
    let groups = Value::from_iter(groups);
    Inputs {
        locality: "10210".into(),
        movement: "cchc-2025-h2".into(),
        plan_version: 1,
        as_of: "2025-12-14T16:59:59Z".parse().unwrap(),
        award: serde_json::from_value(award).unwrap(),
        groups: serde_json::from_value(groups).unwrap(),
        candidates,
        yardsticks: vec![],
        units: None,
        pooled: vec![],
    }
}

fn merge(into: &mut Value, over: Value) {
    match (into, over) {
        (Value::Object(into), Value::Object(over)) => {
            over.into_iter().for_each(|(key, value)| merge(into.entry(key).or_insert(Value::Null), value));
        }
        (into, over) => *into = over,
    }
}

/// One criterion; `more` adds members.
pub fn criterion(code: &str, kind: &str, max: &str, more: Value) -> Value {
    let mut criterion = json!({"code": code, "kind": kind, "source": "proposed"});
    if !max.is_empty() {
        criterion["max"] = json!(max);
    }
    merge(&mut criterion, more);
    criterion
}

/// A person of group `g1` with nothing to show yet.
pub fn candidate(code: &str) -> Candidate {
    Candidate {
        kind: CandidateKind::Person,
        code: code.into(),
        name: format!("Name of {code}"),
        group: Some("g1".into()),
        unit: Some("van-phong".into()),
        held: None,
        direct_work: false,
        women: None,
        achievement_from: None,
        attained: vec![],
        initiatives: vec![],
        reporting: Reports::default(),
        answered: None,
        assessments: vec![],
        recused: 0,
        anew: vec![],
    }
}

pub fn points(criterion: &str, stage: Stage, assessor: &str, points: &str) -> Assessment {
    let points = Some(decimal(points));
    Assessment {
        criterion: criterion.into(),
        stage,
        assessor: assessor.into(),
        points,
        passed: None,
        comment: None,
        sent_back: false,
    }
}

pub fn appraised(criterion: &str, given: &str) -> Assessment {
    points(criterion, Stage::Appraisal, "standing-agency", given)
}

pub fn gate(criterion: &str, passed: Option<bool>) -> Assessment {
    Assessment { points: None, passed, ..appraised(criterion, "0") }
}

pub fn attained(indicator: &str, verdict: Verdict, attainment: Option<&str>) -> Attained {
    let attainment = attainment.map(|text| text.parse().unwrap());
    Attained {
        aim: None,
        period: None,
        indicator: indicator.into(),
        verdict,
        attainment,
        numerator: None,
        denominator: None,
        value: None,
        figure: None,
        target: None,
        kind: None,
        decimals: None,
        less_is_better: false,
    }
}

pub fn initiative(id: u128, level: &str) -> Initiative {
    Initiative {
        id: Uuid::from_u128(id),
        title: format!("Initiative {id}"),
        level: level.into(),
        recognised_on: None,
        serves: None,
    }
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn fraction(text: &str) -> Fraction {
    text.parse().unwrap()
}

/// Two groups with the same maximum: all kinds of criteria, and appraised points alone.
fn criteria() -> [Value; 2] {
    let all = json!([
        criterion("gate", "gate", "", json!({})),
        criterion("appraised", "assessed", "30", json!({"from": "appraisal"})),
        criterion("council", "assessed", "10", json!({"from": "council"})),
        criterion("targets", "indicators", "40", json!({"weights": {"I-0": "2"}, "missing": "exclude"})),
        criterion("ideas", "initiatives", "10", json!({"points": {"commune": "5", "unit": "2"}})),
        criterion("reports", "reporting", "10", json!({})),
        criterion("extra", "bonus", "1000", json!({})),
        criterion("fault", "penalty", "60", json!({})),
    ]);
    let few = json!([
        criterion("appraised", "assessed", "90", json!({"from": "appraisal"})),
        criterion("reports", "reporting", "10", json!({})),
        criterion("extra", "bonus", "1000", json!({})),
    ]);
    [all, few]
}

/// Any award over any candidates; many of them equals, some of them ineligible.
pub fn any_inputs() -> impl Strategy<Value = Inputs> {
    let compare =
        prop_oneof![Just(json!({"on": "exact"})), (0..3).prop_map(|digits| json!({"on": "rounded", "digits": digits}))];
    let ties = vec(
        prop_oneof![
            Just("kind:indicators"),
            Just("kind:initiatives"),
            Just("criterion:appraised"),
            Just("direct_work"),
            Just("female_first")
        ],
        0..4,
    );
    let candidates =
        (vec(any_candidate(), 1..6), vec(any::<(prop::sample::Index, bool)>(), 0..10)).prop_map(|(kinds, picks)| {
            let named = |(n, (pick, direct_work)): (usize, &(prop::sample::Index, bool))| Candidate {
                code: format!("c{n}"),
                name: format!("Name {}", n / 2),
                direct_work: *direct_work,
                ..pick.get(&kinds).clone()
            };
            picks.iter().enumerate().map(named).collect::<Vec<_>>()
        });
    (0..8_u32, prop_oneof![Just("together"), Just("by_group")], compare, ties, candidates).prop_map(
        |(quota, blocks, compare, ties, candidates)| {
            let ranking = json!({"blocks": blocks, "compare": compare, "ties": ties});
            let council = json!({"quorum": "2/3", "pass": ">1/2", "of": "all", "ballot": "secret",
                                 "combine": "trimmed_mean", "trim": 1, "min_ballots": 3});
            inputs(json!({"quota": quota, "ranking": ranking, "council": council}), &criteria(), candidates)
        },
    )
}

fn any_candidate() -> impl Strategy<Value = Candidate> {
    let rarely = |odds| prop::bool::weighted(odds);
    let who = (rarely(0.05), rarely(0.1), rarely(0.3));
    let assessed = (any_points(30), vec(any_points(10), 2..9), option::of(any_points(5)), option::of(any_points(80)));
    let facts = (vec(any_attained(), 0..4), vec(0..3_usize, 0..4), (0..5_u32, 0..3_u32));
    let women = option::weighted(0.9, prop::sample::select(vec!["0", "1", "7/10", "69/100"]));
    (who, rarely(0.05), assessed, facts, women).prop_map(|(who, gate_fails, assessed, facts, women)| {
        let ((held, stranger, second), (appraisal, ballots, bonus, penalty)) = (who, assessed);
        let (figures, levels, (on_time, late)) = facts;
        let group = if second { "g2" } else { "g1" };
        let mut assessments = vec![gate("gate", Some(!gate_fails)), appraised("appraised", &appraisal)];
        assessments.extend(bonus.map(|given| appraised("extra", &given)));
        assessments.extend(penalty.map(|given| appraised("fault", &given)));
        let members = ballots.iter().enumerate();
        assessments.extend(members.map(|(n, given)| points("council", Stage::Council, &format!("m{n}"), given)));
        let mut attained = figures;
        attained.iter_mut().enumerate().for_each(|(n, one)| one.indicator = format!("I-{n}"));
        let initiatives = levels.iter().enumerate();
        Candidate {
            group: (!stranger).then(|| group.to_owned()),
            held: held.then(|| "complaint pending".to_owned()),
            attained,
            women: women.map(fraction),
            initiatives: initiatives.map(|(n, l)| initiative(n as u128, ["commune", "unit", "other"][*l])).collect(),
            reporting: Reports { due: on_time + late, on_time, excused: 0 },
            assessments,
            ..candidate("")
        }
    })
}

/// Points to 8 decimals, often whole and often alike.
fn any_points(max: u32) -> impl Strategy<Value = String> {
    (prop_oneof![Just(1), 0..max], prop_oneof![Just(0_u32), 0..100_000_000_u32])
        .prop_map(|(whole, part)| format!("{whole}.{part:08}"))
}

fn any_attained() -> impl Strategy<Value = Attained> {
    use Verdict::*;
    let verdict = prop_oneof![
        4 => Just(Met), 4 => Just(NotMet), 1 => Just(AtRisk), 1 => Just(BelowFloor), 1 => Just(NoneArose),
        1 => Just(NotApplicable), 1 => Just(NoData), 1 => Just(NotEvaluable),
    ];
    (verdict, 0..8_u32, 8..20_u32).prop_map(|(verdict, n, d)| {
        let part = format!("{n}/{d}");
        attained("", verdict, (verdict != NoneArose).then_some(part.as_str()))
    })
}

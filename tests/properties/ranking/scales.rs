//! Scales: the points of a figure, as a line of a scoring table reads.

use num_traits::Zero;
use proptest::{collection::vec, prelude::*};
use rand::{SeedableRng, rngs::StdRng};
use rstest::rstest;
use serde_json::{Value, json};
use thidua::{
    exact::{BigRational, Fraction, ratio},
    movements::plan::{IndicatorKind, PointScale},
    progress::Verdict,
    quantity::Quantity,
    rankings::{
        Attained, Candidate, CriterionScore, Figures, ScaledFigure, UnitFigure, Yardstick, rank,
        scale::{better, percent_from, points},
    },
};

use super::build::{attained, candidate, criterion, decimal, fraction, inputs};

fn scale(document: Value) -> PointScale {
    serde_json::from_value(document).unwrap()
}

fn of(document: &Value, figure: &str) -> String {
    let figure = if figure.contains('/') { fraction(figure).0 } else { decimal(figure).into() };
    Fraction(points(&scale(document.clone()), &figure)).to_string()
}

#[rstest]
#[case::share_times_forty(json!({"between": "line", "knots": [{"from": "0", "points": "0"}, {"from": "100", "points": "40"}]}),
    &[("0", "0"), ("90", "36"), ("100", "40"), ("110", "40"), ("250/3", "100/3")])]
#[case::bands(json!({"between": "step", "knots": [{"from": "88", "points": "2"}, {"from": "90", "points": "3"},
                     {"from": "95", "points": "4"}, {"from": "100", "points": "5"}]}),
    &[("87.99", "0"), ("88", "2"), ("89.999", "2"), ("90", "3"), ("99.99", "4"), ("100", "5"), ("101", "5")])]
#[case::all_or_nothing(json!({"between": "step", "below": "0", "knots": [{"from": "95", "points": "2.5"}]}),
    &[("94", "0"), ("95", "5/2")])]
#[case::above_a_bound(json!({"between": "step", "below": "1", "knots": [{"from": "90", "points": "2"}, {"above": "90", "points": "3"}]}),
    &[("89", "1"), ("90", "2"), ("90.0001", "3")])]
#[case::breaches(json!({"between": "line", "knots": [{"from": "0", "points": "0"}, {"from": "10", "points": "5"}]}),
    &[("1", "1/2"), ("3", "3/2"), ("12", "5")])]
fn a_line_of_a_scoring_table(#[case] document: Value, #[case] expected: &[(&str, &str)]) {
    for (figure, given) in expected {
        assert_eq!(of(&document, figure), *given, "{figure}");
    }
}

/// Another reading of the same rule, on whole numbers: knots in quarters, figures in twelfths.
fn read_again(line: bool, below: i128, knots: &[(i128, bool, i128)], figure: i128) -> (i128, i128) {
    // 1/12 of a figure is 3 of 1/4.
    let place = |edge: i128| edge * 3;
    let mut last = None;
    for (at, (edge, beyond, _)) in knots.iter().enumerate() {
        if figure > place(*edge) || figure == place(*edge) && !beyond {
            last = Some(at);
        }
    }
    match last {
        None if line => (knots[0].2, 1),
        None => (below, 1),
        Some(at) if line && at + 1 < knots.len() => {
            let ((x0, _, y0), (x1, _, y1)) = (knots[at], knots[at + 1]);
            let wide = place(x1) - place(x0);
            (y0 * wide + (figure - place(x0)) * (y1 - y0), wide)
        }
        Some(at) => (knots[at].2, 1),
    }
}

#[test]
fn a_hundred_thousand_random_scales_read_as_another_reading_does() {
    let mut random = StdRng::seed_from_u64(20_260_601);
    for _ in 0..100_000 {
        let line = random.random_bool(0.5);
        let mut edges: Vec<(i128, bool)> = (0..random.random_range(2..6))
            .map(|_| (random.random_range(-40..400), !line && random.random_bool(0.3)))
            .collect();
        edges.sort_unstable();
        edges.dedup();
        if line {
            edges.dedup_by_key(|(edge, _)| *edge);
        }
        let knots: Vec<(i128, bool, i128)> =
            edges.into_iter().map(|(edge, beyond)| (edge, beyond, random.random_range(0..50))).collect();
        let below = random.random_range(0..50);
        let quarters =
            |edge: i128| format!("{}{}.{:02}", if edge < 0 { "-" } else { "" }, edge.abs() / 4, edge.abs() % 4 * 25);
        let written = knots.iter().map(|(edge, beyond, points)| {
            let member = if *beyond { "above" } else { "from" };
            json!({member: quarters(*edge), "points": points.to_string()})
        });
        let mut document = json!({"between": if line { "line" } else { "step" }, "knots": written.collect::<Vec<_>>()});
        if !line {
            document["below"] = json!(below.to_string());
        }
        // Often on a knot.
        let figure = match random.random_bool(0.3) {
            true => knots[random.random_range(0..knots.len())].0 * 3,
            false => random.random_range(-200..1300),
        };
        let (n, d) = read_again(line, below, &knots, figure);
        assert_eq!(points(&scale(document.clone()), &ratio(figure, 12)), ratio(n, d), "{figure}/12 on {document}");
    }
}

/// A scale whose points rise, and whether it is a line.
fn rising() -> impl Strategy<Value = (PointScale, bool)> {
    (any::<bool>(), vec((1..40_i64, 0..20_i64), 2..6)).prop_map(|(line, steps)| {
        let (mut edge, mut given) = (0, 0);
        let knot = |(wide, more): &(i64, i64)| {
            (edge, given) = (edge + wide, given + more);
            json!({"from": edge.to_string(), "points": given.to_string()})
        };
        let knots: Vec<Value> = steps.iter().map(knot).collect();
        (scale(json!({"between": if line { "line" } else { "step" }, "knots": knots})), line)
    })
}

/// The same turned round: points fall.
fn falling(scale: &PointScale) -> PointScale {
    let mut points: Vec<_> = scale.knots.iter().map(|knot| knot.points).collect();
    points.reverse();
    let below = Some(points[0]).filter(|_| scale.below.is_some() || scale.knots.len() > 1);
    let knots = scale.knots.iter().zip(points).map(|(knot, points)| {
        let mut knot = *knot;
        knot.points = points;
        knot
    });
    PointScale { knots: knots.collect(), below, ..scale.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_better_figure_never_has_fewer_points((scale, _) in rising(), a in 0..300_i64, b in 0..300_i64, d in 1..7_i64) {
        let (less, more) = (ratio(a.min(b), d), ratio(a.max(b), d));
        prop_assert!(points(&scale, &less) <= points(&scale, &more));
        let scale = falling(&scale);
        prop_assert!(points(&scale, &less) >= points(&scale, &more));
    }

    #[test]
    fn a_line_goes_through_its_knots_without_a_leap((scale, line) in rising(), at in 0..6_usize) {
        let knot = &scale.knots[at % scale.knots.len()];
        let edge = BigRational::from(knot.edge().unwrap().0);
        prop_assert_eq!(points(&scale, &edge), BigRational::from(knot.points));
        if line {
            let tiny = ratio(1, 1_000_000_000);
            let near = |figure: BigRational| points(&scale, &figure) - BigRational::from(knot.points);
            for leap in [near(&edge - &tiny), near(&edge + &tiny)] {
                prop_assert!(leap <= ratio(20, 1_000_000_000) && leap >= ratio(-20, 1_000_000_000));
            }
        }
    }

    #[test]
    fn what_is_better_has_more_points_and_what_is_nearer_has_not((scale, line) in rising(), n in 0..300_i64, falls: bool) {
        let scale = if falls { PointScale { below: None, ..falling(&scale) } } else { scale };
        let figure = ratio(n, 1);
        let here = points(&scale, &figure);
        let most = scale.knots.iter().map(|knot| BigRational::from(knot.points)).max().unwrap();
        match better(&scale, &figure) {
            None => prop_assert!(!line || here == most),
            Some(bound) => {
                // The first figure on its good side, in thousandths.
                let step = ratio(if thidua::movements::target::is_upward(bound.comparator) { 1 } else { -1 }, 1000);
                let there = if bound.holds(&bound.value) { bound.value.clone() } else { &bound.value + &step };
                prop_assert!(points(&scale, &there) > here, "{there} on {scale:?}");
                if !line {
                    prop_assert!(points(&scale, &(&there - step)) <= here);
                }
            }
        }
    }

    #[test]
    fn against_the_best_nobody_has_more_than_all(figures in vec(0..100_i64, 1..8), origin in 0..120_i64) {
        let best = ratio(*figures.iter().max().unwrap(), 1);
        for figure in figures {
            match percent_from(&ratio(figure, 1), &best, &ratio(origin, 1)) {
                Some(read) => prop_assert!(read >= BigRational::zero() && read <= ratio(100, 1)),
                None => prop_assert!(best <= ratio(origin, 1)),
            }
        }
    }
}

fn cases(number: i128) -> Option<Quantity> {
    Some(number.into())
}

/// A figure that a scale reads.
fn figure(
    indicator: &str,
    verdict: Verdict,
    kind: IndicatorKind,
    of: Option<(i128, i128)>,
    target: Option<&str>,
) -> Attained {
    let exact = of.filter(|(_, d)| *d != 0).map(|(n, d)| match kind {
        IndicatorKind::Ratio => ratio(n * 100, d),
        _ => ratio(n, d),
    });
    let (numerator, denominator) = of.filter(|_| kind == IndicatorKind::Ratio).unzip();
    let target = target.map(fraction);
    Attained {
        numerator: numerator.map(Quantity::from),
        denominator: denominator.map(Quantity::from),
        figure: exact.map(Fraction),
        target,
        kind: Some(kind),
        ..attained(indicator, verdict, None)
    }
}

fn judged(criterion: Value, given: Vec<Attained>, yardstick: Option<Yardstick>) -> Result<CriterionScore, String> {
    let other = super::build::criterion("other", "assessed", "10", json!({"from": "appraisal"}));
    let who =
        Candidate { attained: given, assessments: vec![super::build::appraised("other", "10")], ..candidate("a") };
    let mut inputs = inputs(json!({}), &[json!([criterion, other])], vec![who]);
    inputs.yardsticks.extend(yardstick);
    let output = rank(&inputs);
    match output.entries.first() {
        Some(entry) => Ok(entry.criteria[0].clone()),
        None => Err(format!("{:?}", output.ineligible[0].reasons[0].code)),
    }
}

fn measured(kind: &str, more: Value) -> Value {
    let line = json!({"between": "line", "knots": [{"from": "0", "points": "0"}, {"from": "100", "points": "20"}]});
    let mut criterion = criterion("m", kind, "20", json!({"indicator": "I", "scale": line}));
    if kind == "measured" {
        criterion["missing"] = json!("zero");
    }
    criterion.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    criterion
}

fn shown(score: &CriterionScore) -> Option<String> {
    score.points_exact.as_ref().map(Fraction::to_string)
}

fn figures(score: &CriterionScore) -> &ScaledFigure {
    match &score.figures {
        Figures::Measured(figures) => figures,
        Figures::Bonus(given) | Figures::Penalty(given) => given.measured.as_ref().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::reported("measured", Verdict::NotMet, Some((46, 50)), Some("92/5"))]
#[case::nothing_arose_of_a_ratio("measured", Verdict::NoneArose, Some((0, 0)), None)]
#[case::not_applicable("measured", Verdict::NotApplicable, None, None)]
#[case::silence_does_not_pay("measured", Verdict::NoData, None, Some("0"))]
#[case::without_a_target("measured", Verdict::NotEvaluable, Some((1, 2)), Some("10"))]
#[case::a_bonus("bonus", Verdict::Met, Some((1, 1)), Some("20"))]
#[case::a_bonus_of_nothing("bonus", Verdict::NotApplicable, None, Some("0"))]
#[case::a_penalty_unreported("penalty", Verdict::NoData, None, Some("0"))]
fn what_a_unit_said_decides_whether_there_are_points(
    #[case] kind: &str,
    #[case] verdict: Verdict,
    #[case] of: Option<(i128, i128)>,
    #[case] expected: Option<&str>,
) {
    let score =
        judged(measured(kind, json!({})), vec![figure("I", verdict, IndicatorKind::Ratio, of, None)], None).unwrap();
    assert_eq!(shown(&score).as_deref(), expected);
    assert_eq!(score.dropped, expected.is_none());
}

#[test]
fn a_count_of_which_nothing_arose_is_read_as_nothing() {
    let falls = json!({"between": "line", "knots": [{"from": "0", "points": "20"}, {"from": "10", "points": "0"}]});
    let none = || vec![figure("I", Verdict::NoneArose, IndicatorKind::Count, Some((0, 1)), Some("0"))];
    let score = judged(measured("measured", json!({"scale": falls})), none(), None).unwrap();
    assert_eq!(shown(&score).as_deref(), Some("20"));
    let penalty = judged(measured("penalty", json!({})), none(), None).unwrap();
    assert_eq!(shown(&penalty).as_deref(), Some("0"));
}

#[test]
fn what_was_not_owed_is_dropped_and_what_no_rule_covers_excludes() {
    assert!(judged(measured("measured", json!({})), vec![], None).unwrap().dropped);
    let silent = || vec![figure("I", Verdict::NoData, IndicatorKind::Ratio, None, None)];
    assert!(judged(measured("measured", json!({"missing": "exclude"})), silent(), None).unwrap().dropped);
    assert_eq!(judged(measured("measured", json!({"missing": "ineligible"})), silent(), None).unwrap_err(), "NoData");
}

#[test]
fn the_explanation_names_figure_knots_and_the_cases_to_the_next() {
    let bands = json!({"between": "step", "knots": [{"from": "88", "points": "2"}, {"from": "90", "points": "3"}, {"above": "95", "points": "20"}]});
    let of = |n: i128, d: i128| {
        let given = vec![figure("I", Verdict::Met, IndicatorKind::Ratio, Some((n, d)), None)];
        judged(measured("measured", json!({"scale": bands})), given, None).unwrap()
    };
    let score = of(447, 500);
    let seen = figures(&score);
    assert_eq!((shown(&score).as_deref(), seen.to_next), (Some("2"), cases(3)));
    assert_eq!(
        (seen.reached.as_ref().unwrap().points.to_string(), seen.next.as_ref().unwrap().points.to_string()),
        ("2".into(), "3".into())
    );
    assert_eq!(figures(&of(450, 500)).to_next, cases(26), "above 95 % of 500 are 476");
    assert_eq!(figures(&of(500, 500)).to_next, None);
    let breaches = json!({"between": "step", "below": "5", "knots": [{"above": "2", "points": "3"}, {"from": "10", "points": "0"}]});
    let given = vec![figure("I", Verdict::NotMet, IndicatorKind::Count, Some((12, 1)), None)];
    let score = judged(measured("measured", json!({"scale": breaches})), given, None).unwrap();
    assert_eq!((shown(&score).as_deref(), figures(&score).to_next), (Some("0"), cases(3)), "below 10 are 9");
}

#[test]
fn percent_of_the_own_target_are_read_for_what_rises_and_what_falls() {
    let rises = json!({"of": "target", "between": "line", "knots": [{"from": "0", "points": "0"}, {"from": "100", "points": "20"}]});
    let read = |scale: &Value, count: i128, target: Option<&str>| {
        let given = vec![figure("I", Verdict::NotMet, IndicatorKind::Count, Some((count, 1)), target)];
        judged(measured("measured", json!({"scale": scale})), given, None).unwrap()
    };
    assert_eq!(shown(&read(&rises, 1863, Some("3111"))).as_deref(), Some("12420/1037"));
    assert_eq!(figures(&read(&rises, 1863, Some("3111"))).to_next, cases(1248));
    assert!(read(&rises, 10, None).dropped, "without a target nothing is read");
    let falls = json!({"of": "target", "between": "line", "knots": [{"from": "100", "points": "20"}, {"from": "200", "points": "0"}]});
    assert_eq!(shown(&read(&falls, 0, Some("0"))).as_deref(), Some("20"));
    assert_eq!(shown(&read(&falls, 15, Some("10"))).as_deref(), Some("10"));
    assert_eq!(shown(&read(&falls, 50, Some("0"))).as_deref(), Some("0"), "what misses a target 0 is not left out");
}

fn against(of: &str, figures: &[(&str, &str)], origin: Option<&str>) -> (Value, Yardstick) {
    let mut scale = json!({"against": of, "between": "line", "knots": [{"from": "0", "points": "0"}, {"from": "100", "points": "20"}]});
    if let Some(origin) = origin {
        scale["origin"] = json!(origin);
    }
    let figures = figures.iter().map(|(unit, figure)| UnitFigure {
        unit: (!unit.is_empty()).then(|| (*unit).to_owned()),
        figure: fraction(figure),
    });
    let yardstick = Yardstick { group: "g1".into(), criterion: "m".into(), figures: figures.collect() };
    (measured("measured", json!({"scale": scale})), yardstick)
}

#[rstest]
#[case::the_best("best", &[("a", "80"), ("b", "90")], None, Some("160/9"), Some("90"), Some("b"))]
#[case::the_best_itself("best", &[("a", "80"), ("b", "70")], None, Some("20"), Some("80"), Some("a"))]
#[case::from_an_origin("best", &[("a", "80"), ("b", "100")], Some("60"), Some("10"), Some("100"), Some("b"))]
#[case::nobody_above_the_origin("best", &[("a", "80"), ("b", "90")], Some("90"), Some("0"), Some("90"), Some("b"))]
#[case::the_mean("mean", &[("a", "80"), ("b", "120")], None, Some("16"), Some("100"), None)]
#[case::a_mean_of_nothing("mean", &[("a", "0"), ("b", "0")], None, Some("0"), Some("0"), None)]
#[case::published("indicator:PAR", &[("", "64")], None, Some("20"), Some("64"), None)]
#[case::published_by_nobody("indicator:PAR", &[], None, Some("0"), None, None)]
fn figures_are_read_against_those_of_the_group(
    #[case] of: &str,
    #[case] given: &[(&str, &str)],
    #[case] origin: Option<&str>,
    #[case] expected: Option<&str>,
    #[case] figure_of: Option<&str>,
    #[case] unit: Option<&str>,
) {
    let (criterion, yardstick) = against(of, given, origin);
    let own = vec![figure("I", Verdict::NotMet, IndicatorKind::Index, Some((80, 1)), None)];
    let score = judged(criterion, own, Some(yardstick)).unwrap();
    assert_eq!(shown(&score).as_deref(), expected);
    let against = figures(&score).against.as_ref().unwrap();
    let figure = against.figure.as_ref().map(Fraction::to_string);
    assert_eq!((figure.as_deref(), against.unit.as_deref()), (figure_of, unit));
}

#[test]
fn a_frozen_scale_reads_back_to_the_same_bytes() {
    let (criterion, yardstick) = against("best", &[("a", "80"), ("b", "90")], Some("10"));
    let who = Candidate {
        attained: vec![figure("I", Verdict::Met, IndicatorKind::Ratio, Some((4, 5)), Some("85"))],
        ..candidate("a")
    };
    let mut inputs = inputs(json!({}), &[json!([criterion])], vec![who]);
    inputs.yardsticks.push(yardstick);
    let written = serde_json::to_string(&inputs).unwrap();
    let read: thidua::rankings::Inputs = serde_json::from_str(&written).unwrap();
    assert_eq!((serde_json::to_string(&read).unwrap(), rank(&read)), (written, rank(&inputs)));
}

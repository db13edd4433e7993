//! The law of a day: what may be cited, and what money goes with an award.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use thidua::{
    exact::{BigRational, Decimal, ratio},
    law::{Basis, Figure, Law, shipped},
    movements::plan::CandidateKind,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn figure(code: &str, from: &str, value: &str) -> Figure {
    let (code, source) = (code.to_owned(), "Văn bản".to_owned());
    Figure { code, valid_from: day(from), value: Some(value.parse().unwrap()), times: None, source, certain: true }
}

fn amount(law: &Law, recipient: CandidateKind, on: &str) -> Result<u64, Vec<String>> {
    let named = |finding: &thidua::finding::Finding| finding.args["figure"].clone();
    let found = law.bonus("giay_khen", recipient, day(on));
    found.map(|bonus| bonus.amount).map_err(|findings| findings.iter().map(named).collect())
}

#[test]
fn the_day_of_the_decision_decides_the_money() {
    // 0,6 × 2.340.000 = 1.404.000 and 0,6 × 2.530.000 = 1.518.000, rounded up to 10.000.
    assert_eq!(amount(shipped(), CandidateKind::Unit, "2026-06-30"), Ok(1_410_000));
    assert_eq!(amount(shipped(), CandidateKind::Unit, "2026-07-01"), Ok(1_520_000));
}

#[test]
fn an_unknown_coefficient_computes_nothing_and_is_named() {
    let person = vec!["giay_khen.person".to_owned()];
    assert_eq!(amount(shipped(), CandidateKind::Person, "2026-06-30"), Err(person.clone()));
    assert_eq!(amount(shipped(), CandidateKind::Household, "2026-06-30"), Err(person));
    // Before the decree nothing of it is known, and neither is a form that it does not have.
    assert_eq!(amount(shipped(), CandidateKind::Unit, "2025-06-30"), Err(vec!["giay_khen.unit".to_owned()]));
    let other = shipped().bonus("bang_khen", CandidateKind::Unit, day("2026-06-30"));
    assert_eq!(other.unwrap_err()[0].args["figure"], "bang_khen.unit");
}

#[test]
fn what_somebody_enters_stands_from_its_day_on_and_carries_the_households() {
    let own = Law { figures: vec![figure("giay_khen.person", "2026-01-01", "0.3")], bases: Vec::new() };
    let law = shipped().with(own);
    assert!(amount(&law, CandidateKind::Person, "2025-12-31").is_err());
    // 0,3 × 2.340.000 = 702.000; 1,5 times that is 1.053.000.
    assert_eq!(amount(&law, CandidateKind::Person, "2026-01-01"), Ok(710_000));
    assert_eq!(amount(&law, CandidateKind::Household, "2026-01-01"), Ok(1_060_000));
}

#[test]
fn a_text_out_of_force_is_told_with_what_replaced_it() {
    let cited = ["nd-98-2023", "nd-152-2025", "luat-06-2026", "khong-co"].map(str::to_owned);
    let found = shipped().check_cited("/bases", &cited, day("2025-12-20"), false);
    let told: Vec<_> = found.iter().map(|one| (one.pointer.as_str(), one.code, one.warning)).collect();
    assert_eq!(
        told,
        [
            ("/bases/0", "basis_expired", true),
            ("/bases/2", "basis_not_yet", true),
            ("/bases/3", "basis_unknown", false)
        ]
    );
    assert_eq!(found[0].args["instead"], "152/2025/NĐ-CP");
    let refused = shipped().check_cited("/bases", &cited[..2], day("2025-12-20"), true);
    assert_eq!(refused.iter().map(|one| (one.code, one.warning)).collect::<Vec<_>>(), [("basis_expired", false)]);
    // On its last day a text is in force, and the next one on the day after.
    let in_force = |on| shipped().in_force(day(on)).map(|basis| basis.code.as_str()).collect::<Vec<_>>();
    assert_eq!(in_force("2025-06-30"), ["luat-06-2022", "nd-98-2023"]);
    assert_eq!(in_force("2025-07-01"), ["luat-06-2022", "nd-152-2025"]);
    // What was never compared with the text itself is not offered.
    assert!(!in_force("2026-10-01").contains(&"luat-06-2026"));
}

#[test]
fn what_is_replaced_is_replaced_by_something_that_follows_it() {
    for basis in &shipped().bases {
        let Some(code) = &basis.replaced_by else { continue };
        let next: &Basis = shipped().bases.iter().find(|one| one.code == *code).unwrap();
        assert_eq!(basis.valid_to.unwrap() + Days::new(1), next.valid_from, "{}", basis.code);
    }
}

proptest! {
    #[test]
    fn money_is_never_less_than_the_exact_product_nor_more_than_a_step_above(
        coefficient in 1..500_000_u32, salary in 1..100_000_000_u64,
    ) {
        let coefficient = format!("{}.{:04}", coefficient / 10_000, coefficient % 10_000);
        let figures =
            vec![figure("giay_khen.unit", "2026-01-01", &coefficient), figure("base_salary", "2026-01-01", &salary.to_string())];
        let bonus = Law { figures, bases: Vec::new() }.bonus("giay_khen", CandidateKind::Unit, day("2026-02-01")).unwrap();
        let exact = BigRational::from(coefficient.parse::<Decimal>().unwrap()) * ratio(salary, 1);
        let above = ratio(bonus.amount, 1) - exact;
        prop_assert!(bonus.amount.is_multiple_of(10_000) && above >= ratio(0, 1) && above < ratio(10_000, 1));
    }

    #[test]
    fn of_several_days_the_last_that_has_come_counts(days in proptest::collection::btree_set(0..1000_u64, 1..8), asked in 0..1000_u64) {
        let of = |n: u64| day("2024-01-01") + Days::new(n);
        let one = |(i, n): (usize, &u64)| Figure { valid_from: of(*n), ..figure("x.unit", "2024-01-01", &(i + 1).to_string()) };
        let mut figures: Vec<Figure> = days.iter().enumerate().map(one).collect();
        figures.push(figure("base_salary", "2024-01-01", "10000"));
        let found = Law { figures, bases: Vec::new() }.bonus("x", CandidateKind::Unit, of(asked));
        let expected = days.iter().filter(|n| **n <= asked).count() as u64;
        prop_assert_eq!(found.ok().map(|bonus| bonus.amount), (expected > 0).then_some(expected * 10_000));
    }
}

//! Exact numbers as people and programs read them.

use num_rational::BigRational;
use num_traits::Signed;
use proptest::{collection::vec, prelude::*};
use rstest::rstest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use thidua::{
    exact::{Decimal, Fraction, WHOLE_MOST, compare, half_up, nearest, ratio, round_up, rounded, shown_apart, sum},
    quantity::Quantity,
};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Sum {
    sum: Option<Quantity>,
}

#[rstest]
#[case::nothing(None, json!(null))]
#[case::zero(Some(0), json!(0))]
#[case::the_last_that_every_reader_keeps(Some(i128::from(WHOLE_MOST)), json!(9_007_199_254_740_991_i64))]
#[case::the_first_beyond(Some(i128::from(WHOLE_MOST) + 1), json!("9007199254740992"))]
#[case::beyond_64_bits(Some(i128::MAX), json!("170141183460469231731687303715884105727"))]
fn a_sum_beyond_what_every_reader_keeps_is_text(#[case] sum: Option<i128>, #[case] expected: serde_json::Value) {
    let sum = sum.map(Quantity::from);
    let json = serde_json::to_value(Sum { sum }).unwrap();
    assert_eq!(json["sum"], expected);
    assert_eq!(serde_json::from_value::<Sum>(json).unwrap(), Sum { sum });
}

/// Figures that descend, often close to one another and to whole numbers.
fn any_figures() -> impl Strategy<Value = Vec<BigRational>> {
    let near = (0..4i64, -20..20i64, prop_oneof![Just(1_000), Just(10_000), Just(3_000_000)]);
    let figure = near.prop_map(|(whole, off, of)| ratio(whole, 1) + ratio(off, of));
    vec(figure, 0..8).prop_map(|mut figures| {
        figures.sort_by(|a, b| b.cmp(a));
        figures
    })
}

fn read(text: &str) -> BigRational {
    let digits = text.split_once('.').map_or(0, |(_, part)| part.len());
    let units: num_bigint::BigInt = text.replace('.', "").parse().unwrap();
    ratio(units, num_bigint::BigInt::from(10).pow(digits as u32))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn figures_are_shown_in_their_order_and_on_their_own_side(figures in any_figures(), limit in 0..4i64) {
        let limit = ratio(limit, 1);
        let texts = shown_apart(&figures, 2, |exact, shown| (*exact < limit) != (*shown < limit));
        prop_assert_eq!(texts.len(), figures.len());
        for (figure, text) in figures.iter().zip(&texts) {
            let digits = text.split_once('.').unwrap().1.len() as u32;
            prop_assert_eq!(text, &half_up(figure, digits));
            prop_assert_eq!(*figure < limit, read(text) < limit);
            let lonely = figures.iter().all(|other| other == figure || (other - figure) > ratio(1, 10) || (figure - other) > ratio(1, 10));
            if lonely && digits > 2 {
                let shorter = rounded(figure, digits - 1);
                prop_assert!((*figure < limit) != (shorter < limit), "a digit more than needed");
            }
        }
        for at in 1..figures.len() {
            prop_assert_eq!(figures[at - 1] == figures[at], texts[at - 1] == texts[at]);
            prop_assert!(read(&texts[at - 1]) >= read(&texts[at]));
        }
    }
}

/// Of few digits, of 64 bits and of more.
fn any_rational() -> impl Strategy<Value = BigRational> {
    let whole = || {
        prop_oneof![
            (-1_000_000..1_000_000_i128).boxed(),
            any::<i64>().prop_map(i128::from).boxed(),
            any::<i128>().boxed(),
            Just(i128::from(i64::MIN)).boxed(),
            Just(0).boxed(),
        ]
    };
    let tens = (0..20_u32).prop_map(|digits| 10_i128.pow(digits));
    let below = prop_oneof![tens.boxed(), whole().prop_map(|n| if n == 0 { 1 } else { n }).boxed()];
    (whole(), below).prop_map(|(n, d)| BigRational::new(n.into(), d.into()))
}

/// To the nearest whole number as its definition has it.
fn plainly(value: &BigRational) -> num_bigint::BigInt {
    let up = (value.abs() + ratio(1, 2)).floor().to_integer();
    if value.is_negative() { -up } else { up }
}

fn tens(digits: u32) -> BigRational {
    ratio(num_bigint::BigInt::from(10).pow(digits), 1)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn the_quick_way_is_the_plain_one(numbers in vec(any_rational(), 0..6), digits in 0..40_u32, by in any_rational()) {
        prop_assert_eq!(sum(&numbers), numbers.iter().sum::<BigRational>());
        for one in &numbers {
            prop_assert_eq!(compare(one, &by), one.cmp(&by));
            prop_assert_eq!(Fraction(one.clone()) == Fraction(by.clone()), *one == by);
            prop_assert_eq!(nearest(one, &by), plainly(&(one * &by)));
            let units = plainly(&(one * tens(digits)));
            prop_assert_eq!(rounded(one, digits), ratio(units.clone(), 1) / tens(digits));
            let text = half_up(one, digits);
            prop_assert_eq!(text.split_once('.').map_or(0, |(_, part)| part.len()), digits as usize);
            prop_assert_eq!(text.replace('.', "").parse::<num_bigint::BigInt>().unwrap(), units);
            let up = round_up(one);
            prop_assert_eq!(read(&up), (one * tens(8)).ceil() / tens(8));
            prop_assert!(!up.contains('.') || !up.ends_with(['0', '.']), "{}", up);
        }
    }

    #[test]
    fn a_decimal_is_the_fraction_that_it_says(whole in 0..1_000_000_000_000_000_i64, part in 0..100_000_000_u32, digits in 1..9_usize) {
        let part = &format!("{part:08}")[..digits];
        let decimal: Decimal = format!("{whole}.{part}").parse().unwrap();
        prop_assert_eq!(BigRational::from(decimal), read(&format!("{whole}.{part}")));
    }
}

#[test]
fn a_decimal_is_shown_without_what_adds_nothing() {
    for (said, shown) in [("-0", "0"), ("-0.00", "0"), ("00010", "10"), ("-007.50", "-7.5")] {
        assert_eq!(said.parse::<thidua::exact::Decimal>().unwrap().to_string(), shown);
    }
}

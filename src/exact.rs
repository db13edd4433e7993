//! Exact numbers: decimals as they are written and stored, rationals as they are compared. Nothing here rounds but
//! [`half_up`], [`shown`], [`shown_apart`] and [`round_up`], for people to read, and [`rounded`], where a plan asks for it.
//! PURE.

use std::{borrow::Borrow, cmp::Ordering, fmt, str::FromStr};

use num_bigint::BigInt;
pub use num_rational::BigRational;
use num_rational::Ratio;
use num_traits::{One, Signed, ToPrimitive, Zero};
use serde::{Deserialize, Serialize, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// The largest count, numerator or denominator: what JSON carries without loss (2^53 − 1).
pub const WHOLE_MOST: i64 = 9_007_199_254_740_991;

/// A decimal as people write it: at most 15 digits before the point and 8 after; a string in JSON (`"98.72"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(rust_decimal::Decimal);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal such as \"98.72\": at most 15 digits before the point and 8 after")]
pub struct NotADecimal;

impl Decimal {
    pub const ONE: Self = Self(rust_decimal::Decimal::ONE);
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |s: &str, most| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !numeric(whole, 15) || !numeric(part, 8) {
            return Err(NotADecimal);
        }
        rust_decimal::Decimal::from_str_exact(text).map(Self).map_err(|_| NotADecimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.normalize())
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(stored: rust_decimal::Decimal) -> Self {
        Self(stored)
    }
}

impl From<Decimal> for rust_decimal::Decimal {
    fn from(decimal: Decimal) -> Self {
        decimal.0
    }
}

impl From<Decimal> for BigRational {
    fn from(decimal: Decimal) -> Self {
        reduced(decimal.0.mantissa(), 10_i128.pow(decimal.0.scale()))
    }
}

impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl schemars::JsonSchema for Decimal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": r"^-?\d{1,15}(\.\d{1,8})?$",
            "description": "A decimal, as text so that nothing rounds it on the way.",
            "example": "98.72"
        })
    }
}

/// A fraction of two integers. `d` must not be zero.
pub fn ratio(n: impl Into<BigInt>, d: impl Into<BigInt>) -> BigRational {
    BigRational::new(n.into(), d.into())
}

/// `n` and `d` in lowest terms; `d` is above 0. Of 64 bits each, they are reduced in a hundredth of the time.
fn reduced(n: i128, d: i128) -> BigRational {
    match (i64::try_from(n), i64::try_from(d)) {
        (Ok(n), Ok(d)) if n != i64::MIN => {
            let (n, d) = Ratio::new(n, d).into_raw();
            BigRational::new_raw(n.into(), d.into())
        }
        _ => BigRational::new(n.into(), d.into()),
    }
}

/// Numerator and denominator, where both have 64 bits.
fn words(value: &BigRational) -> Option<(i128, i128)> {
    Some((value.numer().to_i64()?.into(), value.denom().to_i64()?.into()))
}

/// Their order. Cross products decide it without a division, where they fit.
pub fn compare(a: &BigRational, b: &BigRational) -> Ordering {
    match (words(a), words(b)) {
        (Some((a, b)), Some((c, d))) => (a * d).cmp(&(c * b)),
        _ => a.cmp(b),
    }
}

/// The sum, brought to lowest terms once.
pub fn sum(numbers: impl IntoIterator<Item: Borrow<BigRational>>) -> BigRational {
    let (mut large, mut so_far) = (BigRational::zero(), (0, 1));
    for number in numbers {
        match words(number.borrow()).and_then(|number| added(so_far, number)) {
            Some(sum) => so_far = sum,
            None => large += number.borrow(),
        }
    }
    let small = reduced(so_far.0, so_far.1);
    if large.is_zero() { small } else { large + small }
}

fn added((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<(i128, i128)> {
    if b % d == 0 {
        Some((a.checked_add(c.checked_mul(b / d)?)?, b))
    } else if d % b == 0 {
        Some((a.checked_mul(d / b)?.checked_add(c)?, d))
    } else {
        Some((a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?))
    }
}

/// The mean; none of no numbers.
pub fn mean<'a>(numbers: impl ExactSizeIterator<Item = &'a BigRational>) -> Option<BigRational> {
    let count = numbers.len();
    (count > 0).then(|| sum(numbers) / ratio(count, 1))
}

/// `value × by`, half-up (away from zero) to a whole number.
pub fn nearest(value: &BigRational, by: &BigRational) -> BigInt {
    let quick = || {
        let ((n, d), (up, down)) = (words(value)?, words(by)?);
        halved_up(n.checked_mul(up)?, d.checked_mul(down)?)
    };
    quick().map_or_else(|| (value * by).round().to_integer(), BigInt::from)
}

/// `value × 10^digits`, half-up to a whole number.
fn units(value: &BigRational, digits: u32) -> BigInt {
    let quick = || {
        let (n, d) = words(value)?;
        halved_up(n.checked_mul(10_i128.checked_pow(digits)?)?, d)
    };
    quick().map_or_else(|| (value * BigInt::from(10).pow(digits)).round().to_integer(), BigInt::from)
}

/// `n / d`, half-up; `d` is above 0.
fn halved_up(n: i128, d: i128) -> Option<i128> {
    Some((n.checked_abs()?.checked_mul(2)?.checked_add(d)? / d.checked_mul(2)?) * n.signum())
}

/// So many units of the last of `digits` decimals, as text.
fn text(units: &BigInt, digits: u32) -> String {
    let sign = if units.is_negative() { "-" } else { "" };
    let all = format!("{:0>least$}", units.magnitude().to_string(), least = digits as usize + 1);
    let (whole, part) = all.split_at(all.len() - digits as usize);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// Half-up (away from zero) to `digits` decimals: for display, never for judging.
pub fn half_up(value: &BigRational, digits: u32) -> String {
    text(&units(value, digits), digits)
}

/// Half-up to at least `digits` decimals, with more until the rounded figure no longer `misleads`. It must not mislead
/// where it is close enough to the exact one.
pub fn shown(exact: &BigRational, digits: u32, misleads: impl Fn(&BigRational) -> bool) -> String {
    let mut digits = digits;
    while misleads(&rounded(exact, digits)) {
        digits += 1;
    }
    half_up(exact, digits)
}

/// The texts of figures that descend: each as [`shown`] has it, and with digits added until it stands below the greater
/// one before it. Equal figures have equal texts.
pub fn shown_apart(
    figures: &[BigRational],
    digits: u32,
    misleads: impl Fn(&BigRational, &BigRational) -> bool,
) -> Vec<String> {
    // Each distinct figure with its digits, and as it is seen.
    let mut distinct: Vec<(&BigRational, u32, BigRational)> = Vec::new();
    for figure in figures {
        if distinct.last().is_none_or(|(last, ..)| *last != figure) {
            distinct.push((figure, digits, rounded(figure, digits)));
        }
    }
    let mut at = 0;
    while at < distinct.len() {
        let before = at.saturating_sub(1);
        let raised = match distinct[before].1.cmp(&distinct[at].1) {
            _ if misleads(distinct[at].0, &distinct[at].2) => at..=at,
            _ if before == at || distinct[before].2 > distinct[at].2 => {
                at += 1;
                continue;
            }
            // Of two that are not apart the one with fewer digits gets another, or both.
            Ordering::Less => before..=before,
            Ordering::Equal => before..=at,
            Ordering::Greater => at..=at,
        };
        at = *raised.start();
        for (figure, digits, seen) in &mut distinct[raised] {
            *digits += 1;
            *seen = rounded(figure, *digits);
        }
    }
    let mut texts = distinct.iter().peekable();
    let text = |figure: &BigRational| {
        while texts.next_if(|(known, ..)| *known != figure).is_some() {}
        texts.peek().map_or_else(String::new, |(known, digits, _)| half_up(known, *digits))
    };
    figures.iter().map(text).collect()
}

/// The whole truth as text: `365/4`, or `91` when the value is whole.
pub fn fraction(value: &BigRational) -> String {
    if value.denom().is_one() { value.numer().to_string() } else { format!("{}/{}", value.numer(), value.denom()) }
}

/// An exact fraction, as text in JSON: `"365/371"`, or `"91"` when whole.
#[derive(Debug, Clone)]
pub struct Fraction(pub BigRational);

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a fraction such as \"365/371\" or \"91\"")]
pub struct NotAFraction;

impl FromStr for Fraction {
    type Err = NotAFraction;

    fn from_str(text: &str) -> Result<Self, NotAFraction> {
        let (n, d) = text.split_once('/').unwrap_or((text, "1"));
        // BigInt's own parser also takes "+5" and "1_000"; one number has one spelling here
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(n.strip_prefix('-').unwrap_or(n)) || !digits(d) {
            return Err(NotAFraction);
        }
        let [n, d] = [n, d].map(BigInt::from_str);
        match (n, d) {
            (Ok(n), Ok(d)) if !d.is_zero() => Ok(Self(ratio(n, d))),
            _ => Err(NotAFraction),
        }
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&fraction(&self.0))
    }
}

impl Serialize for Fraction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for Fraction {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^-?\d+(/\d+)?$"));
        let about = "An exact fraction, as text; a whole number has no denominator.";
        text.description(Some(about)).examples(["365/4"]).into()
    }
}

impl ToSchema for Fraction {}

/// Half-up (away from zero) to `digits` decimals, as a number: for a plan that compares rounded totals.
pub fn rounded(value: &BigRational, digits: u32) -> BigRational {
    let units = units(value, digits);
    match (units.to_i64(), 10_i128.checked_pow(digits)) {
        (Some(units), Some(scale)) => reduced(units.into(), scale),
        _ => ratio(units, BigInt::from(10).pow(digits)),
    }
}

/// Up to 8 decimals, without trailing zeros (`1.25`): a gap said so that giving what is said closes it.
pub fn round_up(value: &BigRational) -> String {
    let scale = 10_i128.pow(8);
    let units = match words(value) {
        Some((n, d)) => BigInt::from(-(-n * scale).div_euclid(d)),
        None => (value * BigInt::from(scale)).ceil().to_integer(),
    };
    text(&units, 8).trim_end_matches('0').trim_end_matches('.').to_owned()
}

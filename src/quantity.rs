//! Numbers that are counted or measured: whole, or with the decimals that the plan gives the indicator. In JSON an integer
//! up to 2^53 − 1, what every reader keeps; beyond that, and with decimals, a text: nothing is ever rounded or capped. What
//! is handed in is read whatever its size, so that a check can tell the limits. PURE.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, schema::Type},
};

use crate::exact::{BigRational, Decimal, WHOLE_MOST, ratio};

/// The most decimals that a plan gives an indicator.
pub const DECIMALS_MOST: u32 = 6;
/// More digits are read no further than that they are too many.
const DIGITS_MOST: usize = 36;

/// So many units of 10^−decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    units: i128,
    decimals: u32,
}

impl Quantity {
    pub const fn of(units: i128, decimals: u32) -> Self {
        Self { units, decimals }
    }

    pub fn units(self) -> i128 {
        self.units
    }

    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// The units that it has at more decimals, or at fewer that lose nothing.
    pub fn units_at(self, decimals: u32) -> Option<i128> {
        let plain = self.plain();
        let more = decimals.checked_sub(plain.decimals)?;
        plain.units.checked_mul(10_i128.checked_pow(more)?)
    }

    /// Without zeros at the end.
    pub fn plain(mut self) -> Self {
        while self.decimals > 0 && self.units % 10 == 0 {
            (self.units, self.decimals) = (self.units / 10, self.decimals - 1);
        }
        self
    }

    pub fn exact(self) -> BigRational {
        ratio(self.units, 10_i128.pow(self.decimals))
    }
}

impl From<i128> for Quantity {
    fn from(number: i128) -> Self {
        Self::of(number, 0)
    }
}

impl From<i64> for Quantity {
    fn from(number: i64) -> Self {
        Self::of(number.into(), 0)
    }
}

/// None of what has more digits than a quantity.
impl From<Decimal> for Quantity {
    fn from(number: Decimal) -> Self {
        let number = rust_decimal::Decimal::from(number);
        Self::of(number.mantissa(), number.scale()).plain()
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By what they come to; equal numbers of other decimals by those.
impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let decimals = self.decimals.max(other.decimals);
        let by_units = self.units_at(decimals).zip(other.units_at(decimals)).map(|(a, b)| a.cmp(&b));
        by_units.unwrap_or_else(|| self.exact().cmp(&other.exact())).then(self.decimals.cmp(&other.decimals))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.decimals == 0 {
            return write!(f, "{}", self.units);
        }
        let (sign, digits) = (if self.units < 0 { "-" } else { "" }, self.units.unsigned_abs().to_string());
        let digits = format!("{digits:0>width$}", width = self.decimals as usize + 1);
        let (whole, part) = digits.split_at(digits.len() - self.decimals as usize);
        write!(f, "{sign}{whole}.{part}")
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.units).ok().filter(|units| self.decimals == 0 && units.abs() <= WHOLE_MOST) {
            Some(number) => serializer.serialize_i64(number),
            None => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// As it is handed in: `118`, `118.0` and `"118.0"` are the same.
pub fn handed_in<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Quantity>, D::Error> {
    Ok(Option::<Quantity>::deserialize(deserializer)?.map(Quantity::plain))
}

impl PartialSchema for Quantity {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer).maximum(Some(WHOLE_MOST));
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^-?\d+(\.\d{1,6})?$"));
        let about = "A number: an integer up to 2^53 − 1; beyond that, and with decimals, a text.";
        OneOfBuilder::new().item(number).item(text).description(Some(about)).examples([365]).into()
    }
}

impl ToSchema for Quantity {}

/// What a misfit is told: the plan alone knows whether there are decimals.
const EXPECTED: &str = "a whole number such as 5, or a text such as \"1.5\" where the indicator has decimals";

struct Reader;

impl de::Visitor<'_> for Reader {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Quantity, E> {
        Ok(number.into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Quantity, E> {
        Ok(Quantity::of(number.into(), 0))
    }

    /// A number of JSON with a point is exact only where it is whole.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Quantity, E> {
        match number.fract() == 0.0 {
            // Beyond 64 bits the conversion ends at the largest or the smallest, which no check lets pass.
            true => Ok((number as i64).into()),
            false => Err(E::invalid_type(de::Unexpected::Float(number), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
        read(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Digits, with at most one point between them.
fn read(text: &str) -> Option<Quantity> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_number = !whole.is_empty() && plain(whole) && plain(part) && digits.ends_with(|c: char| c != '.');
    if !is_number {
        return None;
    }
    if whole.len() + part.len() > DIGITS_MOST {
        return Some(Quantity::of(sign * i128::MAX, 0));
    }
    Some(Quantity::of(sign * format!("{whole}{part}").parse::<i128>().ok()?, u32::try_from(part.len()).ok()?))
}

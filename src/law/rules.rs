//! Which law is in force on a day, what is wrong with a text that is cited, and what money goes with an award. PURE.

use chrono::NaiveDate;
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    days,
    exact::{BigRational, Decimal, ratio},
    finding::Finding,
    movements::plan::CandidateKind,
};

/// Bonuses are rounded up to so many dong (Nghị định 152/2025/NĐ-CP).
const ROUNDED_TO: u32 = 10_000;
/// No coefficient comes near it.
const MOST_COEFFICIENT: u32 = 10;
/// No base salary comes near it, in dong.
const LEAST_SALARY: u32 = 100_000;
/// Code of the base salary (mức lương cơ sở), in dong.
pub const BASE_SALARY: &str = "base_salary";

/// A legal text that papers cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LegalBasis)]
pub struct Basis {
    #[schema(example = "nd-152-2025")]
    pub code: String,
    #[schema(example = "152/2025/NĐ-CP")]
    pub number: String,
    /// `luat`, `nghi_dinh`, `thong_tu`, `quyet_dinh`, `ke_hoach` or another type of paper.
    #[schema(example = "nghi_dinh")]
    pub kind: String,
    #[schema(example = "Chính phủ")]
    pub issuer: String,
    /// What it is about, as papers cite it.
    pub subject: String,
    #[serde(default, deserialize_with = "days::optional_day")]
    #[schema(required)]
    pub dated: Option<NaiveDate>,
    #[serde(deserialize_with = "days::day")]
    pub valid_from: NaiveDate,
    /// The last day.
    #[serde(default, deserialize_with = "days::optional_day")]
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
    /// Code of the text that stands in its place.
    #[serde(default)]
    #[schema(required)]
    pub replaced_by: Option<String>,
    /// Code of the text that it changes.
    #[serde(default)]
    #[schema(required)]
    pub amends: Option<String>,
    /// Where this is known from.
    pub source: String,
    /// False: not yet compared with the text itself.
    pub certain: bool,
}

impl Basis {
    pub fn is_in_force(&self, on: NaiveDate) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|last| on <= last)
    }
}

/// A figure of the bonus from a day on: the base salary in dong, or a coefficient (`giay_khen.unit`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LegalFigure)]
pub struct Figure {
    #[schema(example = "giay_khen.unit")]
    pub code: String,
    #[serde(deserialize_with = "days::day")]
    pub valid_from: NaiveDate,
    /// Null: not known, and what hangs on it is not computed.
    #[serde(default)]
    #[schema(required, example = "0.6")]
    pub value: Option<Decimal>,
    /// Code of the figure that it is a multiple of.
    #[serde(default)]
    #[schema(required)]
    pub times: Option<String>,
    pub source: String,
    /// False: not yet compared with the text itself.
    pub certain: bool,
}

/// Who receives an award, as the law's table of bonuses has it.
pub type Recipient = CandidateKind;

/// All that is known of the law in one locality.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Law {
    pub bases: Vec<Basis>,
    pub figures: Vec<Figure>,
}

/// The money that goes with one award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bonus {
    pub coefficient: Decimal,
    /// Dong.
    pub base_salary: Decimal,
    /// Dong, rounded up to 10,000.
    #[schema(example = 1410000)]
    pub amount: u64,
}

impl Law {
    /// With the locality's own records in place of the shipped ones that they correct.
    pub fn with(&self, own: Self) -> Self {
        let mut law = own;
        let bases = self.bases.iter().filter(|one| law.bases.iter().all(|own| own.code != one.code));
        let bases: Vec<Basis> = bases.cloned().collect();
        let stands =
            |one: &&Figure| law.figures.iter().all(|own| (&own.code, own.valid_from) != (&one.code, one.valid_from));
        let figures: Vec<Figure> = self.figures.iter().filter(stands).cloned().collect();
        law.bases.extend(bases);
        law.figures.extend(figures);
        law.bases.sort_by(|a, b| (a.valid_from, &a.code).cmp(&(b.valid_from, &b.code)));
        law.figures.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
        law
    }

    /// What a paper of a day may cite: in force then, and known from the text itself.
    pub fn in_force(&self, on: NaiveDate) -> impl Iterator<Item = &Basis> {
        self.bases.iter().filter(move |basis| basis.is_in_force(on) && basis.certain)
    }

    /// What is wrong with the texts that a paper of a day cites, by their codes. Warnings, unless the plan `refuses`; a text
    /// that nobody knows is always refused.
    pub fn check_cited(&self, at: &str, cited: &[String], on: NaiveDate, refuses: bool) -> Vec<Finding> {
        let of = |code: &str| self.bases.iter().find(|basis| basis.code == code);
        let judged = cited.iter().enumerate().filter_map(|(i, code)| {
            let at = format!("{at}/{i}");
            let Some(basis) = of(code) else {
                let known = self.bases.iter().map(|basis| basis.code.as_str());
                return Some(Finding::new(at, "basis_unknown").with("basis", code).suggesting(code, known));
            };
            let finding = |code| if refuses { Finding::new(&at, code) } else { Finding::warning(&at, code) };
            let finding = match basis.valid_to.filter(|last| *last < on) {
                Some(last) => {
                    let instead = basis.replaced_by.as_deref().and_then(of).map_or("–", |one| one.number.as_str());
                    finding("basis_expired").with("last", last).with("instead", instead)
                }
                None if on < basis.valid_from => finding("basis_not_yet").with("first", basis.valid_from),
                None if !basis.certain => Finding::warning(&at, "basis_uncertain").with("source", &basis.source),
                None => return None,
            };
            Some(finding.with("number", &basis.number).with("day", on))
        });
        judged.collect()
    }

    /// The money for an award of a form on a day: coefficient × base salary, rounded up. Every figure that is not known is
    /// named, with who must enter it.
    pub fn bonus(&self, form: &str, recipient: Recipient, on: NaiveDate) -> Result<Bonus, Vec<Finding>> {
        let recipient = match recipient {
            CandidateKind::Unit => "unit",
            CandidateKind::Person => "person",
            CandidateKind::Household => "household",
        };
        let (coefficient, base_salary) =
            (self.figure(&format!("{form}.{recipient}"), on), self.figure(BASE_SALARY, on));
        match (coefficient, base_salary) {
            (Ok(coefficient), Ok(base_salary)) => {
                let exact = BigRational::from(coefficient) * BigRational::from(base_salary);
                let steps = (exact / ratio(ROUNDED_TO, 1)).ceil().to_integer() * BigInt::from(ROUNDED_TO);
                let amount = u64::try_from(steps).unwrap_or(u64::MAX);
                Ok(Bonus { coefficient, base_salary, amount })
            }
            (coefficient, base_salary) => {
                let missing = [coefficient.err(), base_salary.err()].into_iter().flatten();
                let finding =
                    |figure: String| Finding::new("", "legal_figure_missing").with("figure", figure).with("day", on);
                Err(missing.map(finding).collect())
            }
        }
    }

    /// Whether a figure is known from the text itself, and on a day so is the one that it is a multiple of.
    pub fn is_certain(&self, figure: &Figure, on: NaiveDate) -> bool {
        let is_known = |of: &String| self.newest(of, on).is_some_and(|of| of.certain && of.value.is_some());
        figure.certain && figure.times.as_ref().is_none_or(is_known)
    }

    fn newest(&self, code: &str, on: NaiveDate) -> Option<&Figure> {
        self.figures.iter().filter(|one| one.code == code && one.valid_from <= on).max_by_key(|one| one.valid_from)
    }

    /// The value of a figure on a day, or the code of the one that is not known.
    fn figure(&self, code: &str, on: NaiveDate) -> Result<Decimal, String> {
        let newest = self.newest(code, on).ok_or_else(|| code.to_owned())?;
        let value = newest.value.ok_or_else(|| code.to_owned())?;
        match &newest.times {
            None => Ok(value),
            // Of a figure that is no multiple itself: a ring of two would never end.
            Some(of) if self.figures.iter().any(|one| one.code == *of && one.times.is_some()) => Err(of.clone()),
            Some(of) => product(value, self.figure(of, on)?).ok_or_else(|| code.to_owned()),
        }
    }
}

/// What is wrong with the value of a figure: not above 0, or so far from what the law has that a digit or the unit is wrong.
pub fn check_value(code: &str, value: Decimal) -> Option<Finding> {
    let value_is = BigRational::from(value);
    let far =
        if code == BASE_SALARY { value_is < ratio(LEAST_SALARY, 1) } else { value_is > ratio(MOST_COEFFICIENT, 1) };
    if value_is <= BigRational::default() {
        return Some(Finding::new("/value", "legal_figure_not_positive"));
    }
    let finding = Finding::new("/value", "legal_figure_out_of_range").with("value", value);
    far.then(|| finding.with("most", MOST_COEFFICIENT).with("least", LEAST_SALARY))
}

fn product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let product = rust_decimal::Decimal::from(a).checked_mul(b.into())?;
    product.normalize().to_string().parse().ok()
}

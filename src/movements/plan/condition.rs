//! Conditions (điều kiện): what must hold for points, for a class, or to be ranked at all. Data, no language: `all` or
//! `any` of atoms, two deep. PURE.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::indicators::Comparator;
use crate::exact::{BigRational, Decimal};

/// The verdicts that a condition may ask for.
pub const VERDICTS: [&str; 9] = [
    "met",
    "not_met",
    "at_risk",
    "below_floor",
    "none_arose",
    "not_applicable",
    "no_data",
    "not_evaluable",
    "not_owed",
];

/// One of `all`, `any`, `indicator`, `check`, `criterion`, `every_criterion`, `total`, `class`, `answered_share` and
/// `late_reports`, with what must be so of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Each of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Condition>,
    /// At least one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Condition>,
    /// What the candidate's own unit has reported on an indicator: its verdict (`is`) or its exact figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// Of the indicator: a period code; the movement to the cut if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The answer to a criterion of kind `check`: yes, or what `is` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Is>,
    /// The points of a criterion or a heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<String>,
    /// Of an indicator or a criterion: this much or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Decimal>,
    /// This much or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Decimal>,
    /// The points of each criterion within the maximum that was not dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_criterion: Option<Limits>,
    /// The total, compared as the award's method compares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Limits>,
    /// The class that the candidate has; in an award's `eligible` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// What the candidate's unit has answered of what it owed to the cut, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_share: Option<Limits>,
    /// Reports of the candidate's unit that were due by the cut and came late or not at all, but for the excused ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_reports: Option<Limits>,
}

/// Figures that are asked for: `from` and `to` are included, `above` and `below` are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Decimal>,
}

impl Limits {
    pub fn each(&self) -> impl Iterator<Item = (Comparator, Decimal)> {
        let limits = [
            (Comparator::AtLeast, self.from),
            (Comparator::Above, self.above),
            (Comparator::AtMost, self.to),
            (Comparator::Below, self.below),
        ];
        limits.into_iter().filter_map(|(comparator, limit)| Some((comparator, limit?)))
    }

    /// The first limit that a figure breaks; else the first.
    pub fn decisive(&self, figure: &BigRational) -> Option<(Comparator, Decimal)> {
        let broken = self.each().find(|(comparator, limit)| !comparator.holds(figure, &(*limit).into()));
        broken.or_else(|| self.each().next())
    }

    pub fn hold(&self, figure: &BigRational) -> bool {
        self.each().all(|(comparator, limit)| comparator.holds(figure, &limit.into()))
    }
}

/// What is asked for: a verdict or any of several of an indicator, yes or no of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Is {
    Answer(bool),
    Verdict(#[schemars(extend("enum" = VERDICTS))] String),
    AnyOf(#[schemars(extend("items" = {"type": "string", "enum": VERDICTS}))] Vec<String>),
}

impl Is {
    pub fn verdicts(&self) -> &[String] {
        match self {
            Self::Answer(_) => &[],
            Self::Verdict(verdict) => std::slice::from_ref(verdict),
            Self::AnyOf(verdicts) => verdicts,
        }
    }
}

/// Written out for a message that says what is expected.
impl<'de> Deserialize<'de> for Is {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> de::Visitor<'de> for Reader {
            type Value = Is;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a verdict, a list of verdicts, or true or false")
            }

            fn visit_bool<E: de::Error>(self, answer: bool) -> Result<Is, E> {
                Ok(Is::Answer(answer))
            }

            fn visit_str<E: de::Error>(self, verdict: &str) -> Result<Is, E> {
                Ok(Is::Verdict(verdict.to_owned()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<Is, A::Error> {
                Deserialize::deserialize(de::value::SeqAccessDeserializer::new(items)).map(Is::AnyOf)
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// A condition as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term<'a> {
    All(&'a [Condition]),
    Any(&'a [Condition]),
    Indicator { code: &'a str, period: Option<&'a str>, verdicts: &'a [String], limits: Limits },
    Check { code: &'a str, answer: bool },
    Criterion { code: &'a str, limits: Limits },
    EveryCriterion(Limits),
    Total(Limits),
    Class(&'a str),
    AnsweredShare(Limits),
    LateReports(Limits),
}

impl Condition {
    /// None where it asks for nothing or for several things, or has a member that belongs to another one.
    pub fn read(&self) -> Option<Term<'_>> {
        let limits = Limits { from: self.from, above: self.above, to: self.to, below: self.below };
        let has_limits = limits != Limits::default();
        let terms = [
            (!self.all.is_empty()).then_some(Term::All(&self.all)),
            (!self.any.is_empty()).then_some(Term::Any(&self.any)),
            self.indicator.as_ref().map(|code| Term::Indicator {
                code,
                period: self.period.as_deref(),
                verdicts: self.is.as_ref().map_or(&[], Is::verdicts),
                limits,
            }),
            self.check.as_ref().map(|code| Term::Check { code, answer: self.is != Some(Is::Answer(false)) }),
            self.criterion.as_ref().map(|code| Term::Criterion { code, limits }),
            self.every_criterion.map(Term::EveryCriterion),
            self.total.map(Term::Total),
            self.class.as_deref().map(Term::Class),
            self.answered_share.map(Term::AnsweredShare),
            self.late_reports.map(Term::LateReports),
        ];
        let mut terms = terms.into_iter().flatten();
        let term = terms.next().filter(|_| terms.next().is_none())?;
        let (is_of_indicator, is_of_check) = match term {
            Term::Indicator { .. } => (true, false),
            Term::Check { .. } => (false, true),
            _ => (false, false),
        };
        let fits = match &self.is {
            None => true,
            Some(Is::Answer(_)) => is_of_check,
            Some(_) => is_of_indicator,
        };
        let takes_limits = is_of_indicator || matches!(term, Term::Criterion { .. });
        (fits && (self.period.is_none() || is_of_indicator) && (!has_limits || takes_limits)).then_some(term)
    }

    /// Everything in it that is neither `all` nor `any`, or not that alone, with the way to it as a JSON Pointer.
    pub fn atoms(&self) -> Vec<(String, &Condition)> {
        let parts = [("all", &self.all), ("any", &self.any)];
        let inside = parts.iter().flat_map(|(name, list)| list.iter().enumerate().map(move |(i, one)| (name, i, one)));
        let mut atoms: Vec<(String, &Condition)> = inside
            .flat_map(|(name, i, one)| {
                one.atoms().into_iter().map(move |(at, atom)| (format!("/{name}/{i}{at}"), atom))
            })
            .collect();
        if !matches!(self.read(), Some(Term::All(_) | Term::Any(_))) {
            atoms.push((String::new(), self));
        }
        atoms
    }
}

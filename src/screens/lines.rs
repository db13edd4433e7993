//! What a report says of each indicator that its unit owes, judged by itself and held beside the period before.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    exact::{BigRational, Decimal, WHOLE_MOST},
    http::Locale,
    labels,
    movements::{
        label,
        periods::{PeriodDates, Window},
        plan::{Evidence, Field, FieldsJudged, Indicator, IndicatorKind},
        target::target_of,
    },
    progress::{
        Aim, Covers, Figure, Leaf, Question, Report, Slot, Standing, Targets, Verdict, aggregate, difference_shown,
        exact,
    },
    quantity::Quantity,
    submissions::Value,
    units::Node,
};

/// An indicator that the unit owes in the period, and what the report says of it.
#[derive(Serialize, ToSchema)]
pub struct ReportLine {
    indicator: String,
    #[schema(example = "Tỷ lệ hồ sơ giải quyết đúng hạn")]
    name: String,
    kind: IndicatorKind,
    /// First and last day that the answer covers: of the period, or of a longer one that ends with it.
    covers: Covers,
    /// Unit of measure of the shown figures, as in the plan.
    unit: Option<String>,
    /// What the numerator and the denominator of a ratio count.
    numerator_name: Option<String>,
    denominator_name: Option<String>,
    /// The levels to choose from, worst first.
    levels: Vec<ReportLevel>,
    /// The target of the indicator, and of fields without one of their own.
    target: Aim,
    floor: Option<Aim>,
    fields_judged: FieldsJudged,
    /// A numerator above its denominator is allowed.
    may_exceed: bool,
    /// Least and greatest whole number that is taken; null for a level and an index.
    least: Option<i64>,
    most: Option<i64>,
    /// Least and greatest figure that is taken (ratio: percent); null where the plan leaves it open.
    figure_from: Option<Decimal>,
    figure_to: Option<Decimal>,
    evidence: Evidence,
    /// How the office reads an unclear sentence of the plan.
    note: Option<String>,
    /// The figure of all fields together, as progress shows this report alone.
    value: Option<String>,
    verdict: Verdict,
    missing_to_target: Option<Quantity>,
    excess_over_target: Option<Quantity>,
    /// One for each field in the plan's order, or the only one of an indicator without fields.
    answers: Vec<ReportAnswer>,
}

#[derive(Serialize, ToSchema)]
struct ReportLevel {
    #[schema(example = "in_progress")]
    level: String,
    #[schema(example = "Đang thực hiện")]
    name: String,
}

/// What the report says of a field, or of an indicator without fields.
#[derive(Serialize, ToSchema)]
struct ReportAnswer {
    field: Option<String>,
    #[schema(example = "Tài nguyên và môi trường")]
    field_name: Option<String>,
    /// Null for a field of a pool.
    target: Option<Aim>,
    /// As it is said: for this field, or for the whole indicator; null if nothing is said.
    said: Option<Value>,
    value: Option<String>,
    verdict: Verdict,
    missing_to_target: Option<Quantity>,
    /// What was handed in for the period before, and neither returned nor withdrawn.
    previous: Option<Value>,
    previous_value: Option<String>,
    /// The change from the period before: percentage points for a ratio, levels for a level.
    change: Option<String>,
}

/// The report whose lines are asked for.
pub struct Asked<'a> {
    pub unit: &'a Node,
    pub period: &'a PeriodDates,
    /// With the unit's own targets, and the days that each answer covers.
    pub owed: Vec<(Cow<'a, Indicator>, Window)>,
    /// The plan's fields, by which they are named.
    pub fields: &'a [Field],
    pub said: &'a [Value],
    /// The period before, and what stood there.
    pub previous: Option<(&'a PeriodDates, &'a [Value])>,
    pub now: DateTime<Utc>,
    pub locale: Locale,
}

impl Asked<'_> {
    pub fn lines(&self) -> Vec<ReportLine> {
        self.owed.iter().map(|(indicator, covers)| self.line(indicator, *covers)).collect()
    }

    /// The figure that progress has for this unit and period alone.
    fn figure(&self, indicator: &Indicator, period: &PeriodDates, values: &[Value]) -> Figure {
        let PeriodDates { code, starts_on, cutoff_on, .. } = period.clone();
        let leaf = Leaf { code, starts_on, cutoff_on };
        let slot = Slot {
            unit: &self.unit.code,
            unit_name: &self.unit.name,
            leaf: &leaf,
            covered: true,
            current: true,
            report: Some(Report { approved: false, late: false, values }),
        };
        let leaves = std::slice::from_ref(&leaf);
        let targets = Targets::stated(indicator, &[]);
        let question = Question { indicator, targets: &targets, leaves, as_of: self.now, recognised: None };
        aggregate(&question, &[slot])
    }

    fn line(&self, indicator: &Indicator, covers: Window) -> ReportLine {
        let text = |text: &_| label(text, self.locale);
        let figure = self.figure(indicator, self.period, self.said);
        let before = self.previous.map(|(period, values)| self.figure(indicator, period, values));
        let fields: Vec<Option<&str>> = match indicator.fields.as_slice() {
            [] => vec![None],
            fields => fields.iter().map(|field| Some(field.code.as_str())).collect(),
        };
        let (least, most) = bounds(indicator.kind).unzip();
        ReportLine {
            indicator: indicator.code.clone(),
            name: text(&indicator.name),
            kind: indicator.kind,
            covers: Covers { from: covers.starts_on, to: covers.cutoff_on },
            unit: indicator.unit.clone(),
            numerator_name: indicator.numerator.as_ref().map(text),
            denominator_name: indicator.denominator.as_ref().map(text),
            levels: indicator.levels.iter().map(|level| self.level(level)).collect(),
            target: target_of(indicator, None).into(),
            floor: indicator.floor.as_ref().map(Aim::from),
            fields_judged: indicator.fields_judged,
            may_exceed: indicator.may_exceed,
            least,
            most,
            figure_from: indicator.bounds.and_then(|bounds| bounds.from),
            figure_to: indicator.bounds.and_then(|bounds| bounds.to),
            evidence: indicator.evidence,
            note: indicator.note.as_ref().map(text),
            answers: fields.into_iter().map(|field| self.answer(indicator, field, &figure, before.as_ref())).collect(),
            value: figure.whole.value,
            verdict: figure.whole.verdict,
            missing_to_target: figure.whole.missing_to_target,
            excess_over_target: figure.whole.excess_over_target,
        }
    }

    fn level(&self, level: &str) -> ReportLevel {
        let (vi, en) = labels::name("level", level);
        ReportLevel { level: level.to_owned(), name: if self.locale == Locale::En { en } else { vi } }
    }

    fn answer(
        &self,
        indicator: &Indicator,
        field: Option<&str>,
        figure: &Figure,
        before: Option<&Figure>,
    ) -> ReportAnswer {
        let stands = standing(figure, field);
        let stood = before.and_then(|before| standing(before, field));
        let named = self.fields.iter().find(|known| Some(known.code.as_str()) == field);
        let previous = self.previous.map(|(_, values)| values).unwrap_or_default();
        ReportAnswer {
            field: field.map(str::to_owned),
            field_name: named.map(|field| label(&field.name, self.locale)),
            target: stands.and_then(|standing| standing.target.clone()),
            said: said(self.said, indicator, field).cloned(),
            value: stands.and_then(|standing| standing.value.clone()),
            verdict: stands.map_or(Verdict::NotOwed, |standing| standing.verdict),
            missing_to_target: stands.and_then(|standing| standing.missing_to_target),
            previous: said(previous, indicator, field).cloned(),
            previous_value: stood.and_then(|standing| standing.value.clone()),
            change: change(indicator, stands, stood),
        }
    }
}

/// How many answers are owed, and how many of them are given in some state.
pub fn answered(lines: &[ReportLine]) -> (usize, usize) {
    let answers = || lines.iter().flat_map(|line| &line.answers);
    (answers().count(), answers().filter(|answer| answer.said.is_some()).count())
}

/// Least and greatest whole number that a value of the kind takes.
fn bounds(kind: IndicatorKind) -> Option<(i64, i64)> {
    match kind {
        IndicatorKind::Ratio | IndicatorKind::Count => Some((0, WHOLE_MOST)),
        IndicatorKind::Rank => Some((1, WHOLE_MOST)),
        IndicatorKind::Level | IndicatorKind::Index => None,
    }
}

fn standing<'a>(figure: &'a Figure, field: Option<&str>) -> Option<&'a Standing> {
    match field {
        None => Some(&figure.whole),
        Some(code) => figure.fields.iter().find(|known| known.field == code).map(|known| &known.standing),
    }
}

/// What is said for the field, or else for the whole indicator.
fn said<'a>(values: &'a [Value], indicator: &Indicator, field: Option<&str>) -> Option<&'a Value> {
    let mine = || values.iter().filter(|value| value.indicator == indicator.code);
    let own = mine().find(|value| value.field.as_deref() == field);
    own.or_else(|| mine().find(|value| value.field.is_none()))
}

/// The difference of two exact figures.
fn change(indicator: &Indicator, stands: Option<&Standing>, stood: Option<&Standing>) -> Option<String> {
    let figure = |standing: Option<&Standing>| exact(standing?, indicator);
    let difference: BigRational = figure(stands)? - figure(stood)?;
    Some(difference_shown(indicator, &difference))
}

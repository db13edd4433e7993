//! What is wrong with a report, all at once. A draft is held to its form; submitting holds it to everything. PURE.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    content::{Content, Remark},
    value::{Value, ValueState},
};
use crate::{
    exact::{BigRational, Decimal, WHOLE_MOST, ratio, round_up},
    finding::Finding,
    labels::labels,
    movements::{
        plan::{Evidence, FieldsJudged, Indicator, IndicatorKind, OverTime, OverUnits},
        target::{Goal, is_upward},
    },
    quantity::Quantity,
    text::near,
};

const TEXT_MOST: usize = 4_000;
const NARRATIVE_MOST: usize = 20_000;
const REASON_MOST: usize = 2_000;

/// The form of a draft: known codes, owed indicators, the kind's members in their ranges, nothing said twice, not secret,
/// and no `evidence` but what was handed in for it.
pub fn check_draft(
    content: &Content,
    owed: &[&Indicator],
    known: &[Indicator],
    evidence: &BTreeSet<Uuid>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if owed.is_empty() {
        findings.push(Finding::new("", "nothing_owed"));
    }
    if content.secret {
        findings.push(Finding::new("/secret", "secret_refused"));
    }
    findings.extend(content.narrative.iter().filter_map(|text| Finding::length("/narrative", text, 0, NARRATIVE_MOST)));
    if let Some(on_behalf) = &content.on_behalf {
        findings.extend(Finding::length("/on_behalf/reason", &on_behalf.reason, 1, TEXT_MOST));
        findings.extend(Finding::length("/on_behalf/source", &on_behalf.source, 1, TEXT_MOST));
    }
    let mut said = BTreeSet::new();
    for (i, value) in content.values.iter().enumerate() {
        let at = format!("/values/{i}");
        match find(owed, known, &value.indicator) {
            Ok(indicator) => findings.extend(Form { at: &at, value, indicator, evidence }.check()),
            Err(code) => findings.push(unowed(format!("{at}/indicator"), code, &value.indicator, owed, known)),
        }
        if let Some(code) = said_before(&mut said, value) {
            findings.push(Finding::new(at, code).with("indicator", &value.indicator));
        }
    }
    findings
}

/// The indicator of this code, or why the unit does not answer it.
fn find<'a>(owed: &[&'a Indicator], known: &[Indicator], code: &str) -> Result<&'a Indicator, &'static str> {
    let owes = owed.iter().find(|indicator| indicator.code == code);
    owes.copied().ok_or_else(|| match known.iter().find(|indicator| indicator.code == code) {
        None => "value_indicator_unknown",
        Some(indicator) if indicator.counts.is_some() => "value_counted_by_itself",
        Some(indicator) if indicator.every.is_some() => "value_not_owed_now",
        Some(_) => "value_not_owed",
    })
}

/// Names the indicator that is near to an unknown one: of those that the unit answers, else of the plan.
fn unowed(at: String, code: &'static str, said: &str, owed: &[&Indicator], known: &[Indicator]) -> Finding {
    let finding = Finding::new(at, code).with("indicator", said);
    if code != "value_indicator_unknown" {
        return finding;
    }
    let owed = owed.iter().map(|indicator| indicator.code.as_str());
    match near(said, owed.clone()) {
        Some(_) => finding.suggesting(said, owed),
        None => finding.suggesting(said, known.iter().map(|indicator| indicator.code.as_str())),
    }
}

/// An indicator is answered as a whole or by field, and each of these once.
fn said_before<'a>(said: &mut BTreeSet<(&'a str, Option<&'a str>)>, value: &'a Value) -> Option<&'static str> {
    let (code, field) = (value.indicator.as_str(), value.field.as_deref());
    let whole = said.contains(&(code, None));
    let some_field = said.range((code, Some(""))..).next().is_some_and(|(of, _)| *of == code);
    if !said.insert((code, field)) {
        return Some("value_duplicate");
    }
    (field.is_some() && whole || field.is_none() && some_field).then_some("value_answered_whole")
}

/// Remarks name what the unit reports, and say something.
pub fn check_remarks(remarks: &[Remark], owed: &[&Indicator], known: &[Indicator]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, remark) in remarks.iter().enumerate() {
        let at = |member: &str| format!("/remarks/{i}/{member}");
        match find(owed, known, &remark.indicator) {
            Err(code) => findings.push(unowed(at("indicator"), code, &remark.indicator, owed, known)),
            Ok(indicator) => findings.extend(field_unknown(at("field"), indicator, remark.field.as_deref())),
        }
        findings.extend(Finding::length(at("text"), &remark.text, 1, REASON_MOST));
    }
    findings
}

fn field_unknown(at: String, indicator: &Indicator, field: Option<&str>) -> Option<Finding> {
    let code = field.filter(|code| !indicator.fields.iter().any(|field| field.code == *code))?;
    let known: Vec<&str> = indicator.fields.iter().map(|field| field.code.as_str()).collect();
    let finding = Finding::new(at, "value_field_unknown").with("indicator", &indicator.code).with("field", code);
    let words = if known.is_empty() { "–".to_owned() } else { known.join(", ") };
    Some(finding.with("known", words).suggesting(code, known))
}

/// One value against its indicator's form.
struct Form<'a> {
    at: &'a str,
    value: &'a Value,
    indicator: &'a Indicator,
    evidence: &'a BTreeSet<Uuid>,
}

impl Form<'_> {
    fn check(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.field().into_iter().collect();
        findings.extend(self.members());
        if self.value.state == ValueState::Reported {
            findings.extend(self.numbers());
        } else if self.value.estimated {
            findings.push(self.finding("estimated", "value_not_estimable"));
        }
        let words = self.value.explanation.iter();
        findings
            .extend(words.filter_map(|words| Finding::length(format!("{}/explanation", self.at), words, 0, TEXT_MOST)));
        let unknown = self.value.evidence.iter().enumerate().filter(|(_, id)| !self.evidence.contains(id));
        findings.extend(unknown.map(|(i, _)| self.finding(&format!("evidence/{i}"), "evidence_unknown")));
        findings
    }

    fn finding(&self, member: &str, code: &'static str) -> Finding {
        let finding = Finding::new(format!("{}/{member}", self.at), code).with("indicator", &self.indicator.code);
        match &self.value.field {
            Some(field) => finding.with("field", field),
            None => finding,
        }
    }

    /// About a member, called as the headings of forms call it.
    fn member(&self, member: &str, code: &'static str) -> Finding {
        let words = match member {
            "numerator" => "tử số",
            "denominator" => "mẫu số",
            "count" => "số lượng",
            "level" => "mức độ",
            "value" => "giá trị",
            "rank" => "thứ hạng",
            "population" => "tổng số xếp hạng",
            other => other,
        };
        self.finding(member, code).with("member", member).with("member_vi", words)
    }

    /// Numbers of an indicator with fields stand by field; that nothing arose or applies may be said for all at once.
    fn field(&self) -> Option<Finding> {
        let by_field = !self.indicator.fields.is_empty() && self.value.state == ValueState::Reported;
        match self.value.field.as_deref() {
            None if by_field => Some(self.finding("field", "value_field_needed")),
            field => field_unknown(format!("{}/field", self.at), self.indicator, field),
        }
    }

    /// Just the members that the kind needs when reported, none otherwise.
    fn members(&self) -> Vec<Finding> {
        let v = self.value;
        let given = [
            ("numerator", v.numerator.is_some()),
            ("denominator", v.denominator.is_some()),
            ("count", v.count.is_some()),
            ("level", v.level.is_some()),
            ("value", v.value.is_some()),
            ("rank", v.rank.is_some()),
            ("population", v.population.is_some()),
        ];
        let needed: &[&str] = match self.indicator.kind {
            _ if v.state != ValueState::Reported => &[],
            IndicatorKind::Ratio => &["numerator", "denominator"],
            IndicatorKind::Count => &["count"],
            IndicatorKind::Level => &["level"],
            IndicatorKind::Index => &["value"],
            IndicatorKind::Rank => &["rank", "population"],
        };
        given
            .into_iter()
            .filter_map(|(name, given)| match (needed.contains(&name), given) {
                (true, false) => Some(self.member(name, "value_member_missing")),
                (false, true) => Some(self.member(name, "value_member_unexpected")),
                _ => None,
            })
            .collect()
    }

    fn numbers(&self) -> Vec<Finding> {
        let v = self.value;
        let mut findings = Vec::new();
        let decimals = self.indicator.decimals();
        let numbers = [("numerator", v.numerator), ("denominator", v.denominator), ("count", v.count)];
        let is_within =
            |number: Quantity| number.units_at(decimals).is_some_and(|units| (0..=WHOLE_MOST.into()).contains(&units));
        for (name, number) in numbers.iter().filter_map(|(name, number)| Some((name, (*number)?))) {
            let most = Quantity::of(WHOLE_MOST.into(), decimals);
            if number.decimals() > decimals {
                findings.push(self.finding(name, "decimals_too_many").with("value", number).with("most", decimals));
            } else if !is_within(number) {
                findings.push(self.finding(name, "number_out_of_range").with("min", 0).with("max", most));
            }
        }
        for (name, place) in [("rank", v.rank), ("population", v.population)] {
            if place.is_some_and(|place| !(1..=WHOLE_MOST).contains(&place)) {
                findings.push(self.finding(name, "number_out_of_range").with("min", 1).with("max", WHOLE_MOST));
            }
        }
        let known = |number: Option<Quantity>| number.filter(|number| is_within(*number));
        if let (Some(n), Some(d)) = (known(v.numerator), known(v.denominator)) {
            if d.units() == 0 {
                findings.push(self.finding("denominator", "denominator_zero"));
            } else if n > d && !self.indicator.may_exceed {
                findings.push(self.finding("numerator", "numerator_above").with("numerator", n).with("denominator", d));
            }
        }
        if let (Some(rank), Some(population)) = (v.rank, v.population)
            && rank > population
        {
            findings.push(self.finding("rank", "rank_above").with("rank", rank).with("population", population));
        }
        if let Some(level) = &v.level
            && !self.indicator.levels.contains(level)
        {
            let (vi, en) = labels("level", self.indicator.levels.iter().map(String::as_str));
            findings.push(
                self.finding("level", "level_unknown")
                    .with("value", level)
                    .with("levels", self.indicator.levels.join(", "))
                    .with("levels_vi", vi)
                    .with("levels_en", en),
            );
        }
        findings.extend(self.outside());
        findings
    }

    /// Whether the figure lies outside the bounds that the plan states.
    fn outside(&self) -> Option<Finding> {
        let bounds = self.indicator.bounds.as_ref()?;
        let figure = figure(self.indicator, self.value).filter(|figure| !bounds.hold(figure))?;
        let end = |sign: &str, end: Option<Decimal>| end.map(|end| format!("{sign} {end}"));
        let ends: Vec<String> = end("≥", bounds.from).into_iter().chain(end("≤", bounds.to)).collect();
        let member = main_member(self.indicator.kind);
        let finding = self.finding(member, "figure_out_of_bounds").with("bounds", ends.join(", "));
        Some(finding.with("figure", round_up(&figure)))
    }
}

/// The member that a finding about the figure points to.
pub(super) fn main_member(kind: IndicatorKind) -> &'static str {
    match kind {
        IndicatorKind::Ratio => "numerator",
        IndicatorKind::Count => "count",
        IndicatorKind::Level => "level",
        IndicatorKind::Index => "value",
        IndicatorKind::Rank => "rank",
    }
}

/// Everything that stops a submit: the form, every owed indicator answered in a state, and words where they are due.
pub fn check_submit(
    content: &Content,
    owed: &[&Indicator],
    known: &[Indicator],
    evidence: &BTreeSet<Uuid>,
) -> Vec<Finding> {
    let mut findings = check_draft(content, owed, known, evidence);
    for indicator in owed {
        let mine = content.values.iter().enumerate().filter(|(_, value)| value.indicator == indicator.code);
        let mine: Vec<(usize, &Value)> = mine.collect();
        findings.extend(unanswered(&mine, indicator));
        findings.extend(unexplained(&mine, indicator));
    }
    findings
}

/// The owed answers that are not there, by field where there are fields.
fn unanswered(mine: &[(usize, &Value)], indicator: &Indicator) -> Vec<Finding> {
    let answers = |field: Option<&str>| mine.iter().any(|(_, v)| v.field.is_none() || v.field.as_deref() == field);
    let missing = || Finding::new("/values", "value_missing").with("indicator", &indicator.code);
    if indicator.fields.is_empty() {
        return if answers(None) { Vec::new() } else { vec![missing().with("field", "–")] };
    }
    let fields = indicator.fields.iter().filter(|field| !answers(Some(&field.code)));
    fields.map(|field| missing().with("field", &field.code)).collect()
}

/// Where an explanation (giải trình) is due and not given.
fn unexplained(mine: &[(usize, &Value)], indicator: &Indicator) -> Vec<Finding> {
    let pooled = !indicator.fields.is_empty() && indicator.fields_judged == FieldsJudged::Pooled;
    let due = |value: &Value| match value.state {
        ValueState::Absent => Some("absence_unexplained"),
        ValueState::NoneArose | ValueState::NotApplicable => None,
        ValueState::Reported if !pooled && misses(indicator, value.field.as_deref(), figure(indicator, value)) => {
            Some("miss_unexplained")
        }
        ValueState::Reported if indicator.evidence == Evidence::Required && value.evidence.is_empty() => {
            Some("evidence_missing")
        }
        ValueState::Reported => None,
    };
    let at = |i: usize, code| Finding::new(format!("/values/{i}/explanation"), code).with("indicator", &indicator.code);
    let mut findings: Vec<Finding> =
        mine.iter().filter(|(_, v)| !is_explained(v)).filter_map(|(i, v)| Some(at(*i, due(v)?))).collect();
    // One explanation serves for all fields that are judged as one pool.
    if pooled && misses(indicator, None, pool(mine)) && !mine.iter().any(|(_, value)| is_explained(value)) {
        findings.extend(mine.first().map(|(i, _)| at(*i, "miss_unexplained")));
    }
    findings
}

/// Whether a figure stands on the wrong side of its target. Without a target number nothing is missed, and a count that
/// is summed does not miss by itself what all units and periods are to reach together.
fn misses(indicator: &Indicator, field: Option<&str>, figure: Option<BigRational>) -> bool {
    let summed = indicator.over_time == OverTime::Sum || indicator.over_units == OverUnits::Sum;
    let part = indicator.kind == IndicatorKind::Count && summed && is_upward(indicator.target.comparator);
    let goal = Goal::of(indicator, field);
    !part && figure.zip(goal.target).is_some_and(|(figure, target)| !target.holds(&figure))
}

/// All reported fields as one ratio or count.
fn pool(mine: &[(usize, &Value)]) -> Option<BigRational> {
    let sum = |of: fn(&Value) -> Option<Quantity>| {
        let parts: Vec<BigRational> = mine.iter().filter_map(|(_, value)| of(value).map(Quantity::exact)).collect();
        (!parts.is_empty()).then(|| parts.into_iter().sum::<BigRational>())
    };
    match (sum(|v| v.numerator), sum(|v| v.denominator).filter(|d| *d > ratio(0, 1))) {
        (Some(n), Some(d)) => Some(n / d * ratio(100, 1)),
        _ => sum(|v| v.count),
    }
}

/// Whether a value comes with words.
pub(super) fn is_explained(value: &Value) -> bool {
    value.explanation.as_ref().is_some_and(|text| !text.trim().is_empty())
}

/// The figure of a reported value: percent for a ratio, the position from 0 for a level.
pub(super) fn figure(indicator: &Indicator, value: &Value) -> Option<BigRational> {
    Some(match indicator.kind {
        IndicatorKind::Ratio => {
            let d = value.denominator.filter(|d| d.units() > 0)?;
            value.numerator?.exact() / d.exact() * ratio(100, 1)
        }
        IndicatorKind::Count => value.count?.exact(),
        IndicatorKind::Level => {
            ratio(indicator.levels.iter().position(|level| Some(level) == value.level.as_ref())?, 1)
        }
        IndicatorKind::Index => value.value?.into(),
        IndicatorKind::Rank => ratio(value.rank?, 1),
    })
}

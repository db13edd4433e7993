//! What is wrong with a report, all at once. A draft is held to its form; submitting holds it to everything. PURE.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    content::Content,
    value::{MOST, Value, ValueState},
};
use crate::{
    exact::{BigRational, ratio},
    finding::Finding,
    movements::{
        plan::{Evidence, Indicator, IndicatorKind},
        target::Goal,
    },
};

const TEXT_MOST: usize = 4_000;
const NARRATIVE_MOST: usize = 20_000;

/// The form of a draft: known codes, owed indicators, the kind's members in their ranges, nothing said twice, not secret.
pub fn check_draft(content: &Content, owed: &[&Indicator], known: &[Indicator]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if content.secret {
        findings.push(Finding::new("/secret", "secret_refused"));
    }
    if content.narrative.as_ref().is_some_and(|text| text.chars().count() > NARRATIVE_MOST) {
        findings.push(too_long("/narrative", NARRATIVE_MOST));
    }
    if let Some(on_behalf) = &content.on_behalf {
        for (name, text) in [("reason", &on_behalf.reason), ("source", &on_behalf.source)] {
            if text.trim().is_empty() || text.chars().count() > TEXT_MOST {
                findings.push(too_long(&format!("/on_behalf/{name}"), TEXT_MOST));
            }
        }
    }
    let mut said = BTreeSet::new();
    for (i, value) in content.values.iter().enumerate() {
        let at = format!("/values/{i}");
        match owed.iter().find(|indicator| indicator.code == value.indicator) {
            Some(indicator) => findings.extend(Form { at: &at, value, indicator }.check()),
            None => findings.push(not_owed(&at, value, known)),
        }
        if !said.insert((&value.indicator, &value.field)) {
            findings.push(Finding::new(&at, "value_duplicate").with("indicator", &value.indicator));
        } else if value.field.is_some() && said.contains(&(&value.indicator, &None)) {
            findings.push(Finding::new(&at, "value_answered_whole").with("indicator", &value.indicator));
        }
    }
    findings
}

fn too_long(at: &str, most: usize) -> Finding {
    Finding::new(at, "length_out_of_range").with("min", 1).with("max", most)
}

fn not_owed(at: &str, value: &Value, known: &[Indicator]) -> Finding {
    let code = match known.iter().find(|indicator| indicator.code == value.indicator) {
        None => "value_indicator_unknown",
        Some(indicator) if indicator.counts.is_some() => "value_counted_by_itself",
        Some(_) => "value_not_owed",
    };
    Finding::new(format!("{at}/indicator"), code).with("indicator", &value.indicator)
}

/// One value against its indicator's form.
struct Form<'a> {
    at: &'a str,
    value: &'a Value,
    indicator: &'a Indicator,
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
        if self.value.explanation.as_ref().is_some_and(|text| text.chars().count() > TEXT_MOST) {
            findings.push(too_long(&format!("{}/explanation", self.at), TEXT_MOST));
        }
        // Documents cannot be handed in yet, so no id names one; words explain instead.
        findings
            .extend((0..self.value.evidence.len()).map(|i| self.finding(&format!("evidence/{i}"), "evidence_unknown")));
        findings
    }

    fn finding(&self, member: &str, code: &'static str) -> Finding {
        Finding::new(format!("{}/{member}", self.at), code).with("indicator", &self.indicator.code)
    }

    /// Numbers of an indicator with fields stand by field; that nothing arose or applies may be said for all at once.
    fn field(&self) -> Option<Finding> {
        let fields = &self.indicator.fields;
        match &self.value.field {
            Some(code) if !fields.iter().any(|field| field.code == *code) => {
                Some(self.finding("field", "value_field_unknown").with("field", code))
            }
            None if !fields.is_empty() && self.value.state == ValueState::Reported => {
                Some(self.finding("field", "value_field_needed"))
            }
            _ => None,
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
                (true, false) => Some(self.finding(name, "value_member_missing").with("member", name)),
                (false, true) => Some(self.finding(name, "value_member_unexpected").with("member", name)),
                _ => None,
            })
            .collect()
    }

    fn numbers(&self) -> Vec<Finding> {
        let v = self.value;
        let mut findings = Vec::new();
        let ranged = [
            ("numerator", v.numerator, 0),
            ("denominator", v.denominator, 0),
            ("count", v.count, 0),
            ("rank", v.rank, 1),
            ("population", v.population, 1),
        ];
        for (name, number, least) in ranged {
            if number.is_some_and(|n| !(least..=MOST).contains(&n)) {
                findings.push(self.finding(name, "number_out_of_range").with("min", least).with("max", MOST));
            }
        }
        if let (Some(n), Some(d)) = (v.numerator, v.denominator) {
            if d == 0 {
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
            findings.push(self.finding("level", "level_unknown").with("value", level));
        }
        findings
    }
}

/// Everything that stops a submit: the form, every owed indicator answered in a state, and words where they are due.
pub fn check_submit(content: &Content, owed: &[&Indicator], known: &[Indicator]) -> Vec<Finding> {
    let mut findings = check_draft(content, owed, known);
    findings.extend(owed.iter().flat_map(|indicator| unanswered(content, indicator)));
    let by_code: BTreeMap<&str, &&Indicator> = owed.iter().map(|i| (i.code.as_str(), i)).collect();
    for (i, value) in content.values.iter().enumerate() {
        if let Some(indicator) = by_code.get(value.indicator.as_str())
            && value.explanation.as_ref().is_none_or(|text| text.trim().is_empty())
            && let Some(code) = words_due(indicator, value)
        {
            let at = format!("/values/{i}/explanation");
            findings.push(Finding::new(at, code).with("indicator", &indicator.code));
        }
    }
    findings
}

/// The owed answers that are not there, by field where there are fields.
fn unanswered(content: &Content, indicator: &Indicator) -> Vec<Finding> {
    let answers = |field: Option<&str>| {
        let mut mine = content.values.iter().filter(|value| value.indicator == indicator.code);
        mine.any(|value| value.field.is_none() || value.field.as_deref() == field)
    };
    let missing = || Finding::new("/values", "value_missing").with("indicator", &indicator.code);
    if indicator.fields.is_empty() {
        return if answers(None) { Vec::new() } else { vec![missing().with("field", "–")] };
    }
    let fields = indicator.fields.iter().filter(|field| !answers(Some(&field.code)));
    fields.map(|field| missing().with("field", &field.code)).collect()
}

/// Why this value needs an explanation (giải trình), if it does.
fn words_due(indicator: &Indicator, value: &Value) -> Option<&'static str> {
    match value.state {
        ValueState::Absent => Some("absence_unexplained"),
        ValueState::NoneArose | ValueState::NotApplicable => None,
        ValueState::Reported if misses(indicator, value) => Some("miss_unexplained"),
        ValueState::Reported if indicator.evidence == Evidence::Required && value.evidence.is_empty() => {
            Some("evidence_missing")
        }
        ValueState::Reported => None,
    }
}

/// Whether a reported value stands on the wrong side of its target. Without a target number nothing is missed.
fn misses(indicator: &Indicator, value: &Value) -> bool {
    let goal = Goal::of(indicator, value.field.as_deref());
    let exact = figure(indicator, value);
    exact.zip(goal.target).is_some_and(|(exact, target)| !target.holds(&exact))
}

fn figure(indicator: &Indicator, value: &Value) -> Option<BigRational> {
    Some(match indicator.kind {
        IndicatorKind::Ratio => ratio(value.numerator?, value.denominator.filter(|d| *d > 0)?) * ratio(100, 1),
        IndicatorKind::Count => ratio(value.count?, 1),
        IndicatorKind::Level => {
            ratio(indicator.levels.iter().position(|level| Some(level) == value.level.as_ref())?, 1)
        }
        IndicatorKind::Index => value.value?.into(),
        IndicatorKind::Rank => ratio(value.rank?, 1),
    })
}

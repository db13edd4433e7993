//! What an amendment of a launched movement may change, and when it may take effect. What has been reported and judged
//! keeps its meaning: a new meaning takes a new code. PURE.

use chrono::NaiveDate;
use serde_json::Value;

use crate::{
    finding::Finding,
    movements::{
        periods::{all, longer},
        plan::{
            OverTime, Plan,
            diff::{differences, place},
        },
    },
    record::Change,
    text::folded,
};

/// The version that an amendment follows.
pub struct Former {
    pub effective_from: NaiveDate,
    /// The last day of its span.
    pub to: NaiveDate,
}

/// What is wrong with the day from which a new version is in force: never before the one before it, and never on a
/// cut-off day that has passed, for what was due by then is judged by what was in force then.
pub fn check_day(from: NaiveDate, former: &Former, cutoffs: &[NaiveDate], today: NaiveDate) -> Vec<Finding> {
    let wrong = |code| Finding::new("/effective_from", code);
    let passed = cutoffs.iter().filter(|cutoff| **cutoff < today).max();
    let back = passed.filter(|cutoff| from <= **cutoff).map(|day| wrong("amendment_reaches_back").with("day", day));
    let before = former.effective_from;
    let before = (from < before).then(|| wrong("amendment_before_last").with("day", before));
    let after = (from > former.to).then(|| wrong("amendment_after_span").with("day", former.to));
    back.into_iter().chain(before).chain(after).collect()
}

/// Whether a finding is about a code that the earlier version has already: it stays, for a new code is a new meaning.
pub fn is_kept(finding: &Finding, earlier: &Plan) -> bool {
    let indicators = earlier.indicators.iter().map(|indicator| &indicator.code);
    let criteria = earlier.groups.iter().flat_map(|group| &group.criteria).map(|criterion| &criterion.code);
    finding.code == "code_reserved" && indicators.chain(criteria).any(|code| finding.args.get("code") == Some(code))
}

/// Members of the plan that never change; `*` stands for a code.
const FIXED: [&str; 28] = [
    "/awards/*/council/ballot",
    "/awards/*/council/normalise",
    "/code",
    "/template",
    "/span/from",
    "/reporting/every",
    "/reporting/windows",
    "/reporting/extra_periods",
    "/indicators/*/kind",
    "/indicators/*/numerator",
    "/indicators/*/denominator",
    "/indicators/*/unit",
    "/indicators/*/decimals",
    "/indicators/*/counts",
    "/indicators/*/direction",
    "/indicators/*/levels",
    "/indicators/*/may_exceed",
    "/indicators/*/over_time",
    "/indicators/*/over_units",
    "/indicators/*/every",
    "/indicators/*/fields_judged",
    "/groups/*/candidates",
    "/groups/*/criteria/*/kind",
    "/groups/*/criteria/*/from",
    "/groups/*/criteria/*/max",
    "/groups/*/criteria/*/indicator",
    "/groups/*/criteria/*/in",
    "/awards/*/candidates",
];

/// Items that do not go, for something may stand under their codes.
const KEPT: [&str; 6] = ["/groups", "/groups/*", "/groups/*/criteria", "/groups/*/criteria/*", "/awards", "/awards/*"];

/// Neither come nor go.
const WHOLE: [&str; 2] = ["/indicators/*/fields", "/indicators/*/fields/*"];

/// Everything in a new version that is not to change, with pointers into it.
pub fn check_plan(old: &Value, new: &Value) -> Vec<Finding> {
    let wrong = |change: &Change| {
        let code = if is_fixed(change) {
            "amendment_fixed"
        } else if takes_a_name(old, change) {
            "amendment_takes_name"
        } else {
            return None;
        };
        Some(Finding::new(place(new, &change.pointer), code).with("member", &change.pointer))
    };
    let mut findings: Vec<Finding> = differences(old, new).iter().filter_map(wrong).collect();
    let last = |plan: &Value| plan.pointer("/span/to").and_then(Value::as_str).map(str::to_owned);
    if let (Some(old), Some(new)) = (last(old), last(new))
        && new < old
    {
        findings.push(Finding::new("/span/to", "amendment_shortens").with("day", old));
    }
    findings
}

/// Whether an indicator comes to bear the name that another one had: whoever reads it would take the one for the other.
fn takes_a_name(old: &Value, Change { pointer, to, .. }: &Change) -> bool {
    let own = pointer.split('/').nth(2).unwrap_or_default();
    let others = old["indicators"].as_array().into_iter().flatten().filter(|indicator| indicator["code"] != own);
    let names = others.filter_map(|indicator| indicator["name"].as_object()).flat_map(|name| name.values());
    let same = |name: &Value| name.as_str().zip(to.as_str()).is_some_and(|(name, to)| folded(name) == folded(to));
    matches("/indicators/*/name", pointer, true) && names.into_iter().any(same)
}

fn is_fixed(change: &Change) -> bool {
    let Change { pointer, from, to } = change;
    let none = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    FIXED.iter().any(|pattern| matches(pattern, pointer, true))
        || KEPT.iter().any(|pattern| none(to) && matches(pattern, pointer, false))
        || WHOLE.iter().any(|pattern| (none(from) || none(to)) && matches(pattern, pointer, false))
}

/// Whether a pointer is what a pattern means or, where asked, lies below it.
fn matches(pattern: &str, pointer: &str, below: bool) -> bool {
    let (pattern, pointer): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), pointer.split('/').collect());
    (pointer.len() == pattern.len() || below && pointer.len() > pattern.len())
        && pattern.iter().zip(&pointer).all(|(expected, step)| *expected == "*" || expected == step)
}

/// What a later end of the span adds must begin after the periods that stand: no day is reported twice.
pub fn check_added(last: Option<NaiveDate>, starts: impl IntoIterator<Item = NaiveDate>) -> Option<Finding> {
    let last = last?;
    let overlaps = starts.into_iter().any(|start| start <= last);
    overlaps.then(|| Finding::new("/span/to", "amendment_overlaps").with("day", last))
}

/// What an indicator was asked in the former last leaf, for the days of a longer period that the movement then had, a later
/// end of the span asks again with the whole of it: of flows these days would count twice.
pub fn check_cut_periods(old: &Plan, new: &Plan, from: NaiveDate) -> Vec<Finding> {
    let last = |plan: &Plan| all(&plan.reporting, &plan.span).last().map(|(_, window)| window.cutoff_on);
    let (Some(former), Some(last)) = (last(old), last(new)) else { return Vec::new() };
    let kept = |code: &str| new.indicators.iter().any(|kept| kept.code == code);
    let flows = old.indicators.iter().filter(|one| one.over_time == OverTime::Sum && kept(&one.code));
    let cut = flows.filter_map(|one| {
        let mut longer = longer(old, one).into_iter();
        let (period, _) = longer.find(|(_, window)| window.starts_on <= former && former < window.cutoff_on)?;
        let finding = Finding::new("/span/to", "amendment_splits_period").with("indicator", &one.code);
        Some(finding.with("period", period).with("day", former))
    });
    cut.filter(|_| former < from && former < last).collect()
}

/// A plan that is not launched yet may become another in all but its code, and is in force from its own first day.
pub fn check_draft(from: NaiveDate, starts: NaiveDate) -> Option<Finding> {
    (from != starts).then(|| Finding::new("/effective_from", "amendment_of_draft").with("day", starts))
}

/// The code by which everybody knows the movement stays.
pub fn check_code(old: &str, new: &str) -> Option<Finding> {
    (old != new).then(|| Finding::new("/code", "amendment_fixed").with("member", "/code"))
}

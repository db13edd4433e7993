//! Figures that are possible and deserve a second look, and reports that come before their period is over. PURE.

use chrono::NaiveDate;

use super::{
    content::Content,
    validation::{figure, is_explained, main_member},
    value::{Value, ValueState},
};
use crate::{
    exact::{BigRational, ratio, round_up},
    finding::Finding,
    movements::plan::{Indicator, IndicatorKind, OverTime},
};

/// A reported value of an owed indicator, and its place in the content.
struct Said<'a> {
    at: usize,
    value: &'a Value,
    indicator: &'a Indicator,
}

impl Said<'_> {
    /// The exact figure, made only where it is compared: most values are compared with nothing.
    fn figure(&self) -> Option<BigRational> {
        figure(self.indicator, self.value)
    }

    fn point(&self, member: &str, finding: impl Fn(String, &'static str) -> Finding, code: &'static str) -> Finding {
        let field = self.value.field.as_ref().map(|field| format!(" ({field})")).unwrap_or_default();
        let indicator = format!("{}{field}", self.indicator.code);
        finding(format!("/values/{}/{member}", self.at), code).with("indicator", indicator)
    }

    /// The unit's last figure, from which this one is too far away to be taken without a word.
    fn jumps_from(&self, last: &[Value]) -> Option<BigRational> {
        let factor = BigRational::from(self.indicator.jump_warning?);
        let now = self.figure()?;
        let same = |last: &&Value| last.indicator == self.value.indicator && last.field == self.value.field;
        let before = figure(self.indicator, last.iter().find(same)?)?;
        let zero = ratio(0, 1);
        let far = now >= &before * &factor || now * factor <= before;
        (before > zero && far).then_some(before)
    }

    /// Outside 0 to 100, where the plan states no bounds.
    fn is_unlikely_percent(&self) -> bool {
        let percent = self.indicator.unit.as_deref().is_some_and(|unit| matches!(unit.trim(), "percent" | "%"));
        let open = self.indicator.kind == IndicatorKind::Index && percent && self.indicator.bounds.is_none();
        open && self.figure().is_some_and(|figure| figure < ratio(0, 1) || figure > ratio(100, 1))
    }
}

fn reported<'a>(content: &'a Content, owed: &[&'a Indicator]) -> Vec<Said<'a>> {
    let said = |(at, value): (usize, &'a Value)| {
        let indicator = owed.iter().find(|indicator| indicator.code == value.indicator)?;
        (value.state == ValueState::Reported).then_some(Said { at, value, indicator })
    };
    content.values.iter().enumerate().filter_map(said).collect()
}

/// Jumps without a word, which stop a submit. `last` are the unit's last reported values.
pub fn check_jumps(content: &Content, owed: &[&Indicator], last: &[Value]) -> Vec<Finding> {
    let unexplained = |said: &Said| {
        let before = said.jumps_from(last).filter(|_| !is_explained(said.value))?;
        Some(said.point("explanation", Finding::new, "jump_unexplained").with("last", round_up(&before)))
    };
    reported(content, owed).iter().filter_map(unexplained).collect()
}

/// What deserves a second look and stops nothing: jumps, percentages outside 0 to 100 where the plan states no bounds, and
/// stocks that are said not to apply any more.
pub fn warnings(content: &Content, owed: &[&Indicator], last: &[Value]) -> Vec<Finding> {
    let warned = |said: &Said| {
        let member = main_member(said.indicator.kind);
        let jump = said
            .jumps_from(last)
            .map(|before| said.point(member, Finding::warning, "figure_jumps").with("last", round_up(&before)));
        let unlikely = said.is_unlikely_percent().then(|| said.point(member, Finding::warning, "percent_unlikely"));
        let figure =
            |finding: Finding| finding.with("figure", said.figure().as_ref().map(round_up).unwrap_or_default());
        jump.into_iter().chain(unlikely).map(figure).collect::<Vec<_>>()
    };
    reported(content, owed).iter().flat_map(warned).chain(ended_stocks(content, owed, last)).collect()
}

/// The stocks that are said not to apply: what the unit reported of them before counts no longer.
pub fn not_applied<'a>(content: &Content, owed: &[&'a Indicator]) -> Vec<&'a Indicator> {
    let says = |code: &str| {
        content.values.iter().any(|value| value.indicator == code && value.state == ValueState::NotApplicable)
    };
    let stock = |indicator: &&&Indicator| indicator.over_time == OverTime::Last && says(&indicator.code);
    owed.iter().filter(stock).copied().collect()
}

fn ended_stocks(content: &Content, owed: &[&Indicator], last: &[Value]) -> Vec<Finding> {
    let ended = not_applied(content, owed);
    let values = content.values.iter().enumerate().filter(|(_, value)| value.state == ValueState::NotApplicable);
    let warned = values.filter_map(|(at, value)| {
        let indicator = ended.iter().find(|indicator| indicator.code == value.indicator)?;
        let of_field = |last: &&Value| value.field.is_none() || last.field == value.field;
        let before = last.iter().filter(of_field).find(|last| last.indicator == value.indicator)?;
        let finding = Finding::warning(format!("/values/{at}/state"), "stock_not_applicable");
        Some(finding.with("indicator", &indicator.code).with("last", in_words(indicator, before)?))
    });
    warned.collect()
}

/// A figure in words.
fn in_words(indicator: &Indicator, value: &Value) -> Option<String> {
    value.level.clone().or_else(|| figure(indicator, value).map(|figure| round_up(&figure)))
}

/// What comes before the last day of its period is over is an estimate, and says so: a final figure is not known yet.
/// That nothing arose is final too: a report that says it beside no estimate waits.
pub fn check_final(content: &Content, cutoff_on: NaiveDate, today: NaiveDate) -> Vec<Finding> {
    if cutoff_on < today {
        return Vec::new();
    }
    let early = |at: String| Finding::new(at, "period_not_over").with("day", cutoff_on);
    let says = |state| content.values.iter().any(|value| value.state == state);
    if says(ValueState::NoneArose) && !says(ValueState::Reported) {
        return vec![early("/values".to_owned())];
    }
    let figures = content.values.iter().enumerate().filter(|(_, value)| value.state == ValueState::Reported);
    figures.filter(|(_, value)| !value.estimated).map(|(i, _)| early(format!("/values/{i}/estimated"))).collect()
}

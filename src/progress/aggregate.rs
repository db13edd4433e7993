//! Aggregation and judgement of one indicator, over a scope and a span, from the slots that the caller gathered. PURE.
//!
//! A ratio is Σ numerators / Σ denominators, never a mean of percentages. Any reported value decides the verdict; the
//! coverage shows beside it how much is missing. A breakdown by unit or period is the same computation over those slots
//! alone (for a period: its one leaf, and the plan version in force then); the breakdown by field is `fields`.

use chrono::{DateTime, Utc};

use super::{
    answer::{Leaf, Slot},
    figure::{Coverage, Covers, FieldStanding, Figure, Missing, Stale, Standing},
    standing::{Measure, stand},
    tally::{Place, Sum, Tally, takes_last, tally},
    targets::{Held, Targets},
    verdict::{Verdict, is_over},
};
use crate::movements::{
    plan::{FieldsJudged, Indicator, OverTime, OverUnits},
    target::Bound,
};
use crate::quantity::Quantity;

/// The request.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// As the plan version in force at the span's last cut-off states it: this one judges.
    pub indicator: &'a Indicator,
    /// What the figure is held against.
    pub targets: &'a Targets,
    /// The leaves of the span, in order.
    pub leaves: &'a [Leaf],
    pub as_of: DateTime<Utc>,
    /// For an indicator that `counts` initiatives: how many were recognised in the leaves, each once. It has no slots.
    pub recognised: Option<u64>,
}

/// Adds up the slots and judges them. The order of the slots does not matter.
pub fn aggregate(question: &Question, slots: &[Slot]) -> Figure {
    let tally = match question.leaves.last() {
        Some(_) if question.indicator.counts.is_some() => Tally::counted(question.recognised),
        Some(last) => tally(question.indicator, last.cutoff_on, slots),
        None => Tally::default(),
    };
    judge(question, &tally)
}

/// Judges what was counted: by [`tally`], or merged from several.
pub fn judge(question: &Question, tally: &Tally) -> Figure {
    let indicator = question.indicator;
    let over = question.leaves.last().is_none_or(|leaf| is_over(leaf.cutoff_on, question.as_of));
    let bounds = bounds(indicator, question.targets);
    let measure = Measure { indicator, goal: &question.targets.pool.goal, bounds: &bounds, over };
    let fields = fields(question, tally, &measure);
    Figure {
        indicator: indicator.code.clone(),
        kind: indicator.kind,
        unit: indicator.unit.clone(),
        covers: covers(question.leaves),
        whole: whole(question, tally, &fields, &measure),
        additive: is_additive(indicator),
        stale: tally.stale.iter().map(stale).collect(),
        coverage: coverage(tally),
        fields,
    }
}

/// Whether the fields are judged, rather than their pool.
pub(super) fn judges_each(indicator: &Indicator) -> bool {
    !indicator.fields.is_empty() && indicator.fields_judged == FieldsJudged::Each
}

/// Parts add up where both operators are `sum`; of initiatives, a joint one belongs to several units.
fn is_additive(indicator: &Indicator) -> bool {
    let sums = indicator.over_time == OverTime::Sum && indicator.over_units == OverUnits::Sum;
    sums && !takes_last(indicator) && indicator.counts.is_none()
}

/// The numbers that a shown figure of the indicator must not cross: of the pool, and of every field that is judged. A pool
/// of fields judged each is not judged itself, yet a shown 100.00 over fields that miss 100 would mislead.
fn bounds(indicator: &Indicator, targets: &Targets) -> Vec<Bound> {
    let judged = targets.fields.iter().filter(|_| judges_each(indicator));
    std::iter::once(&targets.pool).chain(judged).flat_map(|held| held.goal.bounds().cloned()).collect()
}

fn fields(question: &Question, tally: &Tally, measure: &Measure) -> Vec<FieldStanding> {
    let indicator = question.indicator;
    let nothing = Held::nothing();
    let standing = |held: &Held, sum: &Sum| {
        let held = if judges_each(indicator) { held } else { &nothing };
        aimed(stand(sum, &Measure { goal: &held.goal, ..*measure }), held)
    };
    let rows = indicator.fields.iter().zip(&question.targets.fields).zip(&tally.sums);
    rows.map(|((field, held), sum)| FieldStanding { field: field.code.clone(), standing: standing(held, sum) })
        .collect()
}

fn whole(question: &Question, tally: &Tally, fields: &[FieldStanding], measure: &Measure) -> Standing {
    let mut pool = Sum::default();
    tally.sums.iter().for_each(|sum| pool.merge(sum));
    let standing = stand(&pool, measure);
    if !judges_each(question.indicator) {
        return aimed(standing, &question.targets.pool);
    }
    let verdicts: Vec<_> = fields.iter().map(|field| field.standing.verdict).collect();
    Standing {
        verdict: Verdict::worst(&verdicts),
        missing_to_target: of_fields(fields, |field| field.missing_to_target),
        excess_over_target: of_fields(fields, |field| field.excess_over_target),
        ..standing
    }
}

/// A total over the reported fields; none if one of them has none to state. A field with a value was reported.
fn of_fields(fields: &[FieldStanding], of: impl Fn(&Standing) -> Option<Quantity>) -> Option<Quantity> {
    total(fields.iter().map(|field| &field.standing), of)
}

/// A total over what was reported; none if a part has none to state. All have the indicator's decimals.
pub(super) fn total<'a>(
    standings: impl Iterator<Item = &'a Standing>,
    of: impl Fn(&Standing) -> Option<Quantity>,
) -> Option<Quantity> {
    let parts: Vec<Quantity> = standings.filter(|one| one.value.is_some()).map(of).collect::<Option<_>>()?;
    let decimals = parts.first()?.decimals();
    Some(Quantity::of(parts.iter().map(|part| part.units()).sum(), decimals))
}

/// Adds the target that judged, and all of them where the span saw several.
fn aimed(standing: Standing, held: &Held) -> Standing {
    let (target, targets) = held.shown(standing.value.as_deref());
    Standing { target, targets, ..standing }
}

fn covers(leaves: &[Leaf]) -> Option<Covers> {
    Some(Covers { from: leaves.first()?.starts_on, to: leaves.last()?.cutoff_on })
}

fn stale(place: &Place) -> Stale {
    Stale { unit: place.unit.to_owned(), unit_name: place.unit_name.to_owned(), period: place.period.to_owned() }
}

fn coverage(tally: &Tally) -> Coverage {
    let places: Vec<_> = tally.missing.iter().collect();
    let missing = |unit: &[&Place]| {
        // A chunk is never empty; the newest name is the one people know.
        let newest = unit[unit.len() - 1];
        Missing {
            unit: newest.unit.to_owned(),
            unit_name: newest.unit_name.to_owned(),
            periods: unit.iter().map(|place| place.period.to_owned()).collect(),
        }
    };
    let counts = tally.counts;
    Coverage {
        expected: counts.expected,
        reported: counts.reported,
        approved: counts.approved,
        late: counts.late,
        none_arose: counts.none_arose,
        not_applicable: counts.not_applicable,
        missing: places.chunk_by(|a, b| a.unit == b.unit).map(missing).collect(),
    }
}

//! What stands behind figures: what units explain of those that miss.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{found::Found, gather::Gathered};
use crate::{
    db::{Conn, UnitId},
    http::{Caller, Result},
    movements::plan::Indicator,
    submissions::{self, Explanation, ValueState},
};

/// What a unit says to its answer.
#[derive(Serialize, ToSchema)]
pub struct ProgressExplanation {
    pub indicator: String,
    pub field: Option<String>,
    unit: String,
    unit_name: String,
    period: String,
    state: ValueState,
    explanation: String,
}

/// The explanations of some indicators within the scope, for a caller who may read their reports: of each at most so many,
/// those of the last period first. Of the units that miss an indicator themselves; of all, where none does.
pub async fn explained(
    conn: &mut Conn,
    caller: &Caller,
    found: &Found,
    indicators: &[&Indicator],
    most: i64,
) -> Result<Vec<ProgressExplanation>> {
    let gathered = &found.gathered;
    let places: BTreeSet<(usize, UnitId)> =
        indicators.iter().flat_map(|indicator| places(gathered, found, indicator)).collect();
    if places.is_empty() || !caller.may("list_sources") {
        return Ok(Vec::new());
    }
    let (places, codes) =
        (Vec::from_iter(places), indicators.iter().map(|known| known.code.as_str()).collect::<Vec<_>>());
    let periods: Vec<String> = gathered.frame().leaves().iter().map(|leaf| leaf.code.clone()).collect();
    let query = gathered.query(&periods);
    let explained = submissions::explanations(conn, gathered.frame().movement(), &query, &codes, &places, most).await?;
    let view = |Explanation { unit, period, indicator, field, state, text }| {
        let named = gathered.unit(period, unit);
        ProgressExplanation {
            indicator,
            field,
            unit: named.map(|unit| unit.code.clone()).unwrap_or_default(),
            unit_name: named.map(|unit| unit.name.clone()).unwrap_or_default(),
            period: periods[period].clone(),
            state,
            explanation: text,
        }
    };
    Ok(explained.into_iter().map(view).collect())
}

/// The slots of the units that miss an indicator.
fn places(gathered: &Gathered, found: &Found, indicator: &Indicator) -> Vec<(usize, UnitId)> {
    let units = gathered.by_unit(indicator, found.reach()).into_iter();
    let missing: BTreeSet<String> =
        units.filter(|(.., figure)| figure.whole.verdict.misses()).map(|(unit, ..)| unit).collect();
    let slots = gathered.slots(indicator, found.reach()).into_iter();
    let of_those = slots.filter(|slot| missing.is_empty() || missing.contains(slot.unit));
    of_those.filter_map(|slot| gathered.place(&slot)).collect()
}

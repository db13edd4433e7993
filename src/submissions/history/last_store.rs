//! What a unit reported last before a period, from the database.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{
        Conn, UnitId,
        schema::{periods, revision_values as values, submissions},
        to_text,
    },
    http::Result,
    movements::Movement,
    submissions::{
        lifecycle::State,
        revisions::ValueRow,
        value::{Value, ValueState},
    },
};

/// The newest reported value of each of these indicators, by field, among what the unit handed in for periods with an
/// earlier cut-off day and did not take back.
pub async fn last_values(
    conn: &mut Conn,
    movement: &Movement,
    unit: UnitId,
    before: NaiveDate,
    indicators: &[&str],
) -> Result<Vec<Value>> {
    let of_unit = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let of_unit = of_unit.and(submissions::unit_id.eq(unit)).and(submissions::state.ne(to_text(State::Draft)?));
    let period =
        periods::locality_id.eq(submissions::locality_id).and(periods::movement_id.eq(submissions::movement_id));
    let revision = values::locality_id.eq(submissions::locality_id).and(values::submission_id.eq(submissions::id));
    // The figure of a year before is no measure of a month's.
    let bases: Vec<&str> = movement.versions.newest().plan.reporting.bases().map(|base| base.code.as_str()).collect();
    let rows: Vec<ValueRow> = submissions::table
        .inner_join(periods::table.on(period.and(periods::code.eq(submissions::period))))
        .inner_join(values::table.on(revision.and(values::revision.eq(submissions::revision))))
        .filter(of_unit.and(periods::cutoff_on.lt(before)).and(submissions::period.ne_all(bases)))
        .filter(values::indicator.eq_any(indicators).and(values::state.eq(to_text(ValueState::Reported)?)))
        .order(periods::cutoff_on.desc())
        .select(ValueRow::as_select())
        .load(conn)
        .await?;
    let mut last: Vec<Value> = Vec::new();
    for row in rows {
        let value = row.value()?;
        if !last.iter().any(|newer| newer.indicator == value.indicator && newer.field == value.field) {
            last.push(value);
        }
    }
    Ok(last)
}

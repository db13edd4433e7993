//! What was handed in of which indicators, from the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::orphans::ReportedIndicator;
use crate::{
    db::{
        Conn, LocalityId, MovementId, UnitId,
        schema::{revision_values as values, submissions},
        to_text,
    },
    http::Result,
    submissions::State,
};

/// What stands as handed in of some movements for some of their periods, by its newest revision; of some units or of all.
pub async fn reported_indicators(
    conn: &mut Conn,
    locality: LocalityId,
    movements: &[MovementId],
    periods: &[&str],
    units: Option<&[UnitId]>,
) -> Result<Vec<ReportedIndicator>> {
    let newest = values::locality_id.eq(submissions::locality_id).and(values::submission_id.eq(submissions::id));
    let newest = newest.and(values::revision.eq(submissions::revision));
    let places = submissions::movement_id.eq_any(movements).and(submissions::period.eq_any(periods));
    let stands = submissions::locality_id.eq(locality).and(submissions::state.ne(to_text(State::Draft)?));
    let said = submissions::table.inner_join(values::table.on(newest)).filter(stands.and(places));
    let columns = (submissions::movement_id, submissions::period, submissions::unit_id, values::indicator);
    let mut said = said.select(columns).distinct().into_boxed();
    if let Some(units) = units {
        said = said.filter(submissions::unit_id.eq_any(units));
    }
    let rows: Vec<(MovementId, String, UnitId, String)> = said.load(conn).await?;
    let handed_in = |(movement, period, unit, indicator)| ReportedIndicator { movement, period, unit, indicator };
    Ok(rows.into_iter().map(handed_in).collect())
}

//! Movements and their periods in the database.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    movement::{Movement, Period, PeriodState, State},
    periods,
    plan::{
        self, Plan,
        versions::{Version, Versions},
    },
};
use crate::{
    db::{
        Conn, Holdable, Listed, LocalityId, Memory, MovementId, Of, OnConstraint, Order, Recall, SortKey, Sorts,
        from_text, listed, renew_generation,
        schema::{deleted_movements, generations, localities, movements, periods as periods_table},
        to_text,
    },
    http::{Actor, Error, Result},
};

#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = movements)]
pub(super) struct Row {
    id: MovementId,
    code: String,
    state: String,
    launched_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    concluded_at: Option<DateTime<Utc>>,
    version: i32,
    plan_version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = periods_table)]
struct PeriodRow {
    code: String,
    starts_on: NaiveDate,
    cutoff_on: NaiveDate,
    due_at: DateTime<Utc>,
    original_due_at: Option<DateTime<Utc>>,
    due_reason: Option<String>,
    state: String,
    reason: Option<String>,
    version: i32,
}

impl PeriodRow {
    fn into_domain(self) -> Result<Period> {
        let Self { code, starts_on, cutoff_on, due_at, original_due_at, due_reason, state, reason, version } = self;
        let dates = periods::PeriodDates { code, starts_on, cutoff_on, due_at };
        Ok(Period { original_due_at, due_reason, state: from_text(state)?, reason, version, ..Period::open(dates) })
    }
}

/// A movement as it is held in memory.
struct Known(Row, Versions);

impl Holdable for Known {
    fn weight(&self) -> usize {
        // The versions are held by themselves.
        1024
    }
}

/// The movement of this code, or 404.
pub async fn find(conn: &mut Conn, recall: &Recall, code: &str) -> Result<Movement> {
    let read = async |conn: &mut Conn| {
        let of_code = movements::table.filter(movements::locality_id.eq(recall.locality).and(movements::code.eq(code)));
        let found = of_code.select(Row::as_select()).first(conn).await.optional()?;
        known(conn, recall, found).await
    };
    recall.take(conn, Of::Code(code.to_owned()), read).await?.as_of(recall)
}

/// The movement of this code, if there is one.
pub async fn find_any(conn: &mut Conn, recall: &Recall, code: &str) -> Result<Option<Movement>> {
    let of_code = movements::table.filter(movements::locality_id.eq(recall.locality).and(movements::code.eq(code)));
    let known: Option<MovementId> = of_code.select(movements::id).first(conn).await.optional()?;
    match known {
        Some(id) => by_id(conn, recall, id).await.map(Some),
        None => Ok(None),
    }
}

/// The codes of all movements.
pub async fn codes(conn: &mut Conn, locality: LocalityId) -> Result<BTreeSet<String>> {
    let all = movements::table.filter(movements::locality_id.eq(locality)).select(movements::code);
    Ok(all.load(conn).await?.into_iter().collect())
}

/// The movement of this id, or 404.
pub async fn by_id(conn: &mut Conn, recall: &Recall, id: MovementId) -> Result<Movement> {
    let read = async |conn: &mut Conn| {
        let of_id = movements::table.find((recall.locality, id));
        let found = of_id.select(Row::as_select()).first(conn).await.optional()?;
        known(conn, recall, found).await
    };
    recall.take(conn, Of::Id(id.into()), read).await?.as_of(recall)
}

pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::text("code", "movements.code"),
        SortKey::text("state", "movements.state"),
        SortKey::instant("created_at", "movements.created_at"),
    ],
    default: "code",
    tie: SortKey::id("id", "movements.id"),
};

pub async fn list(conn: &mut Conn, recall: &Recall, order: &Order) -> Result<Listed<Movement>> {
    let of_locality = || movements::table.filter(movements::locality_id.eq(recall.locality)).into_boxed();
    let Listed { rows, total } = listed!(conn, order, Row, of_locality());
    let mut movements = Vec::with_capacity(rows.len());
    for (row, position) in rows {
        movements.push((with_plan(conn, recall, Some(row)).await?, position));
    }
    Ok(Listed { rows: movements, total })
}

/// The movements of a locality that were ever launched, each with its periods: what they came to is asked long after.
pub async fn ever_launched(conn: &mut Conn, recall: &Recall) -> Result<Vec<(Movement, Vec<Period>)>> {
    let locality = recall.locality;
    let launched = movements::locality_id.eq(locality).and(movements::launched_at.is_not_null());
    let standing = movements::table.filter(launched).order(movements::code);
    let rows: Vec<Row> = standing.select(Row::as_select()).load(conn).await?;
    let ids: Vec<MovementId> = rows.iter().map(|row| row.id).collect();
    let mut periods = periods_of(conn, locality, &ids).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let periods = periods.remove(&row.id).unwrap_or_default();
        let movement = with_plan(conn, recall, Some(row)).await?;
        let periods = movement.planned(periods);
        found.push((movement, periods));
    }
    Ok(found)
}

/// The launched movements of every locality.
pub async fn launched(conn: &mut Conn, memory: &Memory) -> Result<Vec<Movement>> {
    let standing = movements::table.filter(movements::state.eq(to_text(State::Launched)?));
    let known: Vec<(LocalityId, MovementId)> = standing
        .order((movements::locality_id, movements::id))
        .select((movements::locality_id, movements::id))
        .load(conn)
        .await?;
    let mut found = Vec::with_capacity(known.len());
    for (locality, id) in known {
        let recall = Recall::read(conn, memory, locality).await?;
        found.push(by_id(conn, &recall, id).await?);
    }
    Ok(found)
}

/// A locality's movement of a template.
pub struct OfTemplate {
    /// Code, name and kind of the locality.
    pub locality: String,
    pub name: String,
    pub kind: String,
    pub movement: Movement,
}

/// The movements of a template that were launched by an instant, in every locality, in the order of their launches.
pub async fn of_template(
    conn: &mut Conn,
    memory: &Memory,
    template: &str,
    as_of: DateTime<Utc>,
) -> Result<Vec<OfTemplate>> {
    let of_template = movements::template.eq(template).and(movements::launched_at.le(as_of));
    let rows: Vec<(LocalityId, MovementId, Option<Uuid>, String, String, String)> = movements::table
        .inner_join(localities::table.on(localities::id.eq(movements::locality_id)))
        .left_join(generations::table.on(generations::locality.eq(movements::locality_id)))
        .filter(of_template)
        .order((movements::launched_at, movements::id))
        .select((
            movements::locality_id,
            movements::id,
            generations::generation.nullable(),
            localities::code,
            localities::name,
            localities::kind,
        ))
        .load(conn)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, movement, generation, locality, name, kind) in rows {
        let recall = Recall::of(memory, id, generation);
        found.push(OfTemplate { locality, name, kind, movement: by_id(conn, &recall, movement).await? });
    }
    Ok(found)
}

/// The movement of a row with its plan, or 404.
pub(super) async fn with_plan(conn: &mut Conn, recall: &Recall, found: Option<Row>) -> Result<Movement> {
    known(conn, recall, found).await?.as_of(recall)
}

async fn known(conn: &mut Conn, recall: &Recall, found: Option<Row>) -> Result<Known> {
    let row = found.ok_or_else(|| Error::missing("movement"))?;
    let versions = plan::versions_of(conn, recall, row.id, row.plan_version).await?;
    Ok(Known(row, versions))
}

impl Known {
    fn as_of(&self, recall: &Recall) -> Result<Movement> {
        let Self(row, versions) = self;
        let Row { id, code, state, launched_at, closed_at, concluded_at, version, plan_version } = row.clone();
        Ok(Movement {
            locality: recall.locality,
            recall: recall.clone(),
            id,
            code,
            state: from_text(state)?,
            launched_at,
            closed_at,
            concluded_at,
            version,
            plan_version,
            versions: versions.clone(),
        })
    }
}

fn taken(code: &str) -> Error {
    Error::of("movement_code_taken").with("code", code)
}

/// 409 where a movement of the locality bears the code.
pub async fn refuse_taken(conn: &mut Conn, actor: &Actor, code: &str) -> Result<()> {
    let of_code = movements::table.filter(movements::locality_id.eq(actor.locality).and(movements::code.eq(code)));
    let found: Option<MovementId> = of_code.select(movements::id).first(conn).await.optional()?;
    found.map_or(Ok(()), |_| Err(taken(code)))
}

/// A draft movement with version 1 of its plan.
pub async fn insert(conn: &mut Conn, actor: &Actor, plan: &Plan) -> Result<()> {
    let id = MovementId::new();
    let deleted = deleted_movements::table.find((actor.locality, &plan.code)).select(deleted_movements::version);
    let last: Option<i32> = deleted.first(conn).await.optional()?;
    diesel::insert_into(movements::table)
        .values((
            movements::locality_id.eq(actor.locality),
            movements::id.eq(id),
            movements::code.eq(&plan.code),
            movements::template.eq(&plan.template),
            movements::state.eq(to_text(State::Draft)?),
            movements::created_at.eq(actor.at),
            movements::version.eq(last.unwrap_or(0) + 1),
            movements::plan_version.eq(1),
        ))
        .execute(conn)
        .await
        .on_constraint("movements_code_key", || taken(&plan.code))?;
    let (plan, effective_from) = (plan.clone(), plan.span.from);
    let version = Version { number: 1, effective_from, reason: None, created_at: actor.at, plan };
    plan::insert_version(conn, actor, id, &version).await
}

/// Stores the state, its instants and the versions.
pub async fn update(conn: &mut Conn, movement: &Movement) -> Result<()> {
    diesel::update(movements::table.find((movement.locality, movement.id)))
        .set((
            movements::state.eq(to_text(movement.state)?),
            movements::launched_at.eq(movement.launched_at),
            movements::closed_at.eq(movement.closed_at),
            movements::concluded_at.eq(movement.concluded_at),
            movements::version.eq(movement.version),
            movements::plan_version.eq(movement.plan_version),
        ))
        .execute(conn)
        .await?;
    renew_generation(conn, &movement.recall).await
}

pub async fn insert_periods(conn: &mut Conn, movement: &Movement, made: &[Period]) -> Result<()> {
    let open = to_text(PeriodState::Open)?;
    let rows: Vec<_> = made
        .iter()
        .map(|Period { dates, .. }| {
            (
                periods_table::locality_id.eq(movement.locality),
                periods_table::movement_id.eq(movement.id),
                periods_table::code.eq(&dates.code),
                periods_table::starts_on.eq(dates.starts_on),
                periods_table::cutoff_on.eq(dates.cutoff_on),
                periods_table::due_at.eq(dates.due_at),
                periods_table::state.eq(&open),
                periods_table::version.eq(1),
            )
        })
        .collect();
    diesel::insert_into(periods_table::table).values(rows).execute(conn).await?;
    renew_generation(conn, &movement.recall).await
}

/// The periods of each movement in order of their days; none before the launch.
pub async fn periods_of(
    conn: &mut Conn,
    locality: LocalityId,
    movements: &[MovementId],
) -> Result<HashMap<MovementId, Vec<Period>>> {
    let rows: Vec<(MovementId, PeriodRow)> = periods_table::table
        .filter(periods_table::locality_id.eq(locality).and(periods_table::movement_id.eq_any(movements)))
        .order((periods_table::cutoff_on, periods_table::code))
        .select((periods_table::movement_id, PeriodRow::as_select()))
        .load(conn)
        .await?;
    let mut periods: HashMap<MovementId, Vec<Period>> = HashMap::new();
    for (movement, row) in rows {
        periods.entry(movement).or_default().push(row.into_domain()?);
    }
    Ok(periods.into_iter().map(|(movement, periods)| (movement, Period::in_order(periods))).collect())
}

impl Holdable for Period {
    fn weight(&self) -> usize {
        256
    }
}

/// All periods of one movement.
async fn all_periods(conn: &mut Conn, movement: &Movement) -> Result<Arc<Vec<Period>>> {
    let read = async |conn: &mut Conn| {
        let periods = periods_of(conn, movement.locality, &[movement.id]).await?.remove(&movement.id);
        Ok(periods.unwrap_or_default())
    };
    movement.recall.take(conn, Of::Id(movement.id.into()), read).await
}

/// The same as far as the versions of its plan that are [known](Movement::known_at) reach.
pub async fn list_periods(conn: &mut Conn, movement: &Movement) -> Result<Vec<Period>> {
    Ok(movement.planned(all_periods(conn, movement).await?.to_vec()))
}

/// One period, or 404.
pub async fn period(conn: &mut Conn, movement: &Movement, code: &str) -> Result<Period> {
    let all = all_periods(conn, movement).await?;
    if let Some(period) = all.iter().find(|period| period.dates.code == code) {
        return Ok(period.clone());
    }
    let known = movement.planned(all.to_vec());
    let codes: Vec<&str> = known.iter().map(|period| period.dates.code.as_str()).collect();
    Err(Error::missing("period").knowing(&codes))
}

pub async fn update_period(conn: &mut Conn, movement: &Movement, period: &Period) -> Result<()> {
    diesel::update(periods_table::table.find((movement.locality, movement.id, &period.dates.code)))
        .set((
            periods_table::due_at.eq(period.dates.due_at),
            periods_table::original_due_at.eq(period.original_due_at),
            periods_table::due_reason.eq(&period.due_reason),
            periods_table::state.eq(to_text(period.state)?),
            periods_table::reason.eq(&period.reason),
            periods_table::version.eq(period.version),
        ))
        .execute(conn)
        .await?;
    renew_generation(conn, &movement.recall).await
}

/// Deletes a draft with every version of its plan.
pub async fn delete(conn: &mut Conn, draft: &Movement) -> Result<()> {
    plan::delete_versions(conn, &draft.recall, draft.id).await?;
    diesel::delete(movements::table.find((draft.locality, draft.id))).execute(conn).await?;
    let last = deleted_movements::version.eq(draft.version);
    diesel::insert_into(deleted_movements::table)
        .values((deleted_movements::locality_id.eq(draft.locality), deleted_movements::code.eq(&draft.code), last))
        .on_conflict((deleted_movements::locality_id, deleted_movements::code))
        .do_update()
        .set(last)
        .execute(conn)
        .await?;
    renew_generation(conn, &draft.recall).await
}

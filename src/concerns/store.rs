//! Concerns and the acts on them in the database.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::rules::{Action, Kind, Outcome, State};
use crate::{
    db::{
        ConcernId, ConcernSummaryId, Conn, Listed, LocalityId, Lock, MovementId, Order, SortKey, Sorts, UnitId,
        advisory_lock, from_text, listed,
        schema::{accounts, concern_acts as acts, concerns},
        to_text,
    },
    http::{Actor, Result},
    movements::Movement,
};

/// A concern in its current state.
#[derive(Clone, Serialize)]
pub struct Concern {
    pub id: ConcernId,
    pub movement: MovementId,
    pub unit: UnitId,
    pub kind: Kind,
    pub title: String,
    pub text: String,
    pub indicator: Option<String>,
    pub period: Option<String>,
    pub state: State,
    /// Shared by the concerns of one summary.
    pub summary: Option<ConcernSummaryId>,
    pub raised_at: DateTime<Utc>,
    pub version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = concerns)]
struct Row {
    id: ConcernId,
    movement_id: MovementId,
    unit_id: UnitId,
    kind: String,
    title: String,
    text: String,
    indicator: Option<String>,
    period: Option<String>,
    state: String,
    summary_id: Option<ConcernSummaryId>,
    raised_at: DateTime<Utc>,
    version: i32,
}

impl Row {
    fn into_domain(self) -> Result<Concern> {
        Ok(Concern {
            id: self.id,
            movement: self.movement_id,
            unit: self.unit_id,
            kind: from_text(self.kind)?,
            title: self.title,
            text: self.text,
            indicator: self.indicator,
            period: self.period,
            state: from_text(self.state)?,
            summary: self.summary_id,
            raised_at: self.raised_at,
            version: self.version,
        })
    }
}

/// Which concerns a list shows.
pub struct Filter {
    pub state: Option<State>,
    /// Only those of these units.
    pub units: Option<Vec<UnitId>>,
}

/// The newest first.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::instant("raised_at", "concerns.raised_at"),
        SortKey::text("state", "concerns.state"),
        SortKey::text("kind", "concerns.kind"),
        SortKey::words("title", "concerns.title"),
    ],
    default: "-raised_at",
    tie: SortKey::id("id", "concerns.id"),
};

pub async fn list(conn: &mut Conn, movement: &Movement, filter: &Filter, order: &Order) -> Result<Listed<Concern>> {
    listed!(conn, order, Row, matching(movement, filter)?).try_map(Row::into_domain)
}

fn matching(movement: &Movement, filter: &Filter) -> Result<concerns::BoxedQuery<'static, Pg>> {
    let of_movement = concerns::locality_id.eq(movement.locality).and(concerns::movement_id.eq(movement.id));
    let mut query = concerns::table.filter(of_movement).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(concerns::state.eq(to_text(state)?));
    }
    if let Some(units) = &filter.units {
        query = query.filter(concerns::unit_id.eq_any(units.clone()));
    }
    Ok(query)
}

/// Those of a movement in some states.
pub async fn in_states(conn: &mut Conn, movement: &Movement, states: &[State]) -> Result<Vec<Concern>> {
    let states = states.iter().map(to_text).collect::<Result<Vec<String>>>()?;
    let of_movement = concerns::locality_id.eq(movement.locality).and(concerns::movement_id.eq(movement.id));
    let some = concerns::table.filter(of_movement.and(concerns::state.eq_any(states)));
    let rows: Vec<Row> = some.order(concerns::id).select(Row::as_select()).load(conn).await?;
    rows.into_iter().map(Row::into_domain).collect()
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: ConcernId) -> Result<Option<Concern>> {
    let row: Option<Row> =
        concerns::table.find((locality, id)).select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

/// Of a movement, those named and those that share a summary with them, by id.
pub async fn together(conn: &mut Conn, movement: &Movement, ids: &[ConcernId]) -> Result<Vec<Concern>> {
    let of_movement = || concerns::locality_id.eq(movement.locality).and(concerns::movement_id.eq(movement.id));
    let named = concerns::table.filter(of_movement().and(concerns::id.eq_any(ids)));
    let summaries: Vec<Option<ConcernSummaryId>> = named.select(concerns::summary_id).load(conn).await?;
    let summaries: Vec<ConcernSummaryId> = summaries.into_iter().flatten().collect();
    let all = concerns::table
        .filter(of_movement().and(concerns::id.eq_any(ids).or(concerns::summary_id.eq_any(summaries))))
        .order(concerns::id);
    let rows: Vec<Row> = all.select(Row::as_select()).load(conn).await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// The concerns of each summary.
pub async fn members(
    conn: &mut Conn,
    locality: LocalityId,
    summaries: &[ConcernSummaryId],
) -> Result<BTreeMap<ConcernSummaryId, Vec<ConcernId>>> {
    let of_summaries =
        concerns::table.filter(concerns::locality_id.eq(locality).and(concerns::summary_id.eq_any(summaries)));
    let rows: Vec<(Option<ConcernSummaryId>, ConcernId)> =
        of_summaries.order(concerns::id).select((concerns::summary_id, concerns::id)).load(conn).await?;
    let mut members: BTreeMap<ConcernSummaryId, Vec<ConcernId>> = BTreeMap::new();
    for (summary, id) in rows.into_iter().filter_map(|(summary, id)| Some((summary?, id))) {
        members.entry(summary).or_default().push(id);
    }
    Ok(members)
}

/// Locks the locality's concerns until the transaction ends: an act may change several at once.
pub async fn hold(conn: &mut Conn, locality: LocalityId) -> Result<()> {
    advisory_lock(conn, Lock::Concerns(locality)).await
}

/// A new act.
#[derive(Serialize)]
pub struct Deed<'a> {
    pub action: Action,
    pub outcome: Option<Outcome>,
    pub text: Option<&'a str>,
}

pub async fn insert(conn: &mut Conn, actor: &Actor, new: &Concern) -> Result<()> {
    diesel::insert_into(concerns::table)
        .values((
            concerns::locality_id.eq(actor.locality),
            concerns::id.eq(new.id),
            concerns::movement_id.eq(new.movement),
            concerns::unit_id.eq(new.unit),
            concerns::kind.eq(to_text(new.kind)?),
            concerns::title.eq(&new.title),
            concerns::text.eq(&new.text),
            concerns::indicator.eq(&new.indicator),
            concerns::period.eq(&new.period),
            concerns::state.eq(to_text(new.state)?),
            concerns::raised_by.eq(actor.account),
            concerns::raised_at.eq(new.raised_at),
            concerns::version.eq(new.version),
        ))
        .execute(conn)
        .await?;
    insert_acts(conn, actor, std::slice::from_ref(new), &Deed { action: Action::Raise, outcome: None, text: None })
        .await
}

/// What the audit log keeps of an act.
#[derive(Serialize)]
pub struct Stored<'a> {
    #[serde(flatten)]
    pub concern: &'a Concern,
    pub act: &'a Deed<'a>,
}

/// Stores the result of an act on some concerns, and the act with each.
pub async fn act(conn: &mut Conn, actor: &Actor, changed: &[Concern], deed: &Deed<'_>) -> Result<()> {
    for concern in changed {
        diesel::update(concerns::table.find((actor.locality, concern.id)))
            .set((
                concerns::state.eq(to_text(concern.state)?),
                concerns::summary_id.eq(concern.summary),
                concerns::version.eq(concern.version),
            ))
            .execute(conn)
            .await?;
    }
    insert_acts(conn, actor, changed, deed).await
}

async fn insert_acts(conn: &mut Conn, actor: &Actor, changed: &[Concern], deed: &Deed<'_>) -> Result<()> {
    let (action, outcome) = (to_text(deed.action)?, deed.outcome.map(to_text).transpose()?);
    let rows: Vec<_> = changed
        .iter()
        .map(|concern| {
            (
                acts::locality_id.eq(actor.locality),
                acts::concern_id.eq(concern.id),
                acts::version.eq(concern.version),
                acts::action.eq(&action),
                acts::actor_id.eq(actor.account),
                acts::at.eq(actor.at),
                acts::summary_id.eq(concern.summary),
                acts::outcome.eq(&outcome),
                acts::text.eq(deed.text),
            )
        })
        .collect();
    diesel::insert_into(acts::table).values(rows).execute(conn).await?;
    Ok(())
}

/// A stored act.
pub struct Act {
    pub action: Action,
    pub actor: String,
    pub at: DateTime<Utc>,
    pub outcome: Option<Outcome>,
    pub text: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = acts)]
struct ActRow {
    concern_id: ConcernId,
    action: String,
    at: DateTime<Utc>,
    outcome: Option<String>,
    text: Option<String>,
}

/// The acts on each concern, oldest first, each with the name of its author.
pub async fn acts(
    conn: &mut Conn,
    locality: LocalityId,
    ids: impl Iterator<Item = ConcernId>,
) -> Result<HashMap<ConcernId, Vec<Act>>> {
    let of_concerns = acts::locality_id.eq(locality).and(acts::concern_id.eq_any(ids.collect::<Vec<_>>()));
    let rows: Vec<(ActRow, String)> = acts::table
        .inner_join(accounts::table.on(accounts::id.eq(acts::actor_id)))
        .filter(of_concerns)
        .order((acts::concern_id, acts::version))
        .select((ActRow::as_select(), accounts::username))
        .load(conn)
        .await?;
    let mut found: HashMap<ConcernId, Vec<Act>> = HashMap::new();
    for (row, actor) in rows {
        let outcome = row.outcome.map(from_text).transpose()?;
        let act = Act { action: from_text(row.action)?, actor, at: row.at, outcome, text: row.text };
        found.entry(row.concern_id).or_default().push(act);
    }
    Ok(found)
}

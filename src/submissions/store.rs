//! Submissions, their revisions and events in the database.

use std::{collections::HashMap, future::ready};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt;
use serde::Serialize;
use serde_json::Value as Json;

use super::{
    acts::Why,
    content::{Content, by_place},
    known::Event,
    rules::{Action, State},
    stranded::HandedIn,
};
use crate::{
    db::{
        AccountId, Conn, LocalityId, MovementId, OnConstraint, SubmissionId, UnitId, read_word,
        schema::{
            accounts, revision_values as values, submission_events as events, submission_revisions as revisions,
            submissions,
        },
        word,
    },
    http::{Actor, Error, Result},
    movements::Movement,
};

/// A submission as it stands.
#[derive(Clone, Serialize)]
pub struct Submission {
    pub id: SubmissionId,
    pub period: String,
    pub unit: UnitId,
    pub state: State,
    #[serde(flatten, serialize_with = "by_place")]
    pub content: Content,
    pub revision: i32,
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub late: bool,
    pub lateness_excuse: Option<String>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

impl Submission {
    /// As it stands after an act.
    pub fn next(self, state: State, at: DateTime<Utc>) -> Self {
        Self { state, updated_at: at, version: self.version + 1, ..self }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = submissions)]
struct Row {
    id: SubmissionId,
    period: String,
    unit_id: UnitId,
    state: String,
    draft: Json,
    revision: i32,
    first_submitted_at: Option<DateTime<Utc>>,
    late: bool,
    lateness_excuse: Option<String>,
    updated_at: DateTime<Utc>,
    version: i32,
}

impl Row {
    fn whole(self) -> Result<Submission> {
        Ok(Submission {
            id: self.id,
            period: self.period,
            unit: self.unit_id,
            state: read_word(self.state)?,
            content: serde_json::from_value(self.draft).map_err(Error::internal)?,
            revision: self.revision,
            first_submitted_at: self.first_submitted_at,
            late: self.late,
            lateness_excuse: self.lateness_excuse,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

/// Locks the submission until the transaction ends; none where the unit has not begun one.
pub async fn lock(conn: &mut Conn, movement: &Movement, period: &str, unit: UnitId) -> Result<Option<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let one =
        submissions::table.filter(of_movement.and(submissions::period.eq(period)).and(submissions::unit_id.eq(unit)));
    let row: Option<Row> = one.select(Row::as_select()).for_update().first(conn).await.optional()?;
    row.map(Row::whole).transpose()
}

pub async fn find(conn: &mut Conn, movement: &Movement, period: &str, unit: UnitId) -> Result<Option<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let one =
        submissions::table.filter(of_movement.and(submissions::period.eq(period)).and(submissions::unit_id.eq(unit)));
    let row: Option<Row> = one.select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::whole).transpose()
}

/// Everything that stands in some periods, whole.
pub async fn of_periods(conn: &mut Conn, movement: &Movement, periods: &[&str]) -> Result<Vec<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let some = submissions::table.filter(of_movement.and(submissions::period.eq_any(periods)));
    let rows = some.order((submissions::period, submissions::unit_id)).select(Row::as_select());
    // One after the other: as rows they take several times the place.
    let rows = rows.load_stream::<Row>(conn).await?;
    rows.map_err(Error::from).and_then(|row| ready(row.whole())).try_collect().await
}

/// What is not approved of some units' reports, whole.
pub async fn unapproved(conn: &mut Conn, movement: &Movement, units: &[UnitId]) -> Result<Vec<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let open = submissions::unit_id.eq_any(units).and(submissions::state.ne(word(State::Approved)?));
    let rows: Vec<Row> = submissions::table.filter(of_movement.and(open)).select(Row::as_select()).load(conn).await?;
    rows.into_iter().map(Row::whole).collect()
}

/// The places where something stands, by period and unit.
pub async fn places(conn: &mut Conn, movement: &Movement) -> Result<Vec<(String, UnitId)>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    Ok(submissions::table.filter(of_movement).select((submissions::period, submissions::unit_id)).load(conn).await?)
}

/// What stands as handed in of some movements for some of their periods, by its newest revision; of some units or of all.
pub async fn handed_in(
    conn: &mut Conn,
    locality: LocalityId,
    movements: &[MovementId],
    periods: &[&str],
    units: Option<&[UnitId]>,
) -> Result<Vec<HandedIn>> {
    let newest = values::locality_id.eq(submissions::locality_id).and(values::submission_id.eq(submissions::id));
    let newest = newest.and(values::revision.eq(submissions::revision));
    let places = submissions::movement_id.eq_any(movements).and(submissions::period.eq_any(periods));
    let stands = submissions::locality_id.eq(locality).and(submissions::state.ne(word(State::Draft)?));
    let said = submissions::table.inner_join(values::table.on(newest)).filter(stands.and(places));
    let columns = (submissions::movement_id, submissions::period, submissions::unit_id, values::indicator);
    let mut said = said.select(columns).distinct().into_boxed();
    if let Some(units) = units {
        said = said.filter(submissions::unit_id.eq_any(units));
    }
    let rows: Vec<(MovementId, String, UnitId, String)> = said.load(conn).await?;
    let handed_in = |(movement, period, unit, indicator)| HandedIn { movement, period, unit, indicator };
    Ok(rows.into_iter().map(handed_in).collect())
}

/// Which submissions a list shows.
#[derive(Default)]
pub struct Filter {
    pub period: Option<String>,
    /// Only these units.
    pub units: Option<Vec<UnitId>>,
    pub state: Option<State>,
    pub late: Option<bool>,
    pub after: Option<(String, UnitId)>,
    pub limit: i64,
}

/// A submission without what it says.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = submissions)]
pub struct Summary {
    pub period: String,
    pub unit_id: UnitId,
    pub state: String,
    pub revision: i32,
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub late: bool,
    pub lateness_excuse: Option<String>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// By period, then unit.
pub async fn list(conn: &mut Conn, movement: &Movement, filter: Filter) -> Result<Vec<Summary>> {
    let mut query = submissions::table
        .filter(submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id)))
        .select(Summary::as_select())
        .into_boxed();
    if let Some(period) = filter.period {
        query = query.filter(submissions::period.eq(period));
    }
    if let Some(units) = filter.units {
        query = query.filter(submissions::unit_id.eq_any(units));
    }
    if let Some(state) = filter.state {
        query = query.filter(submissions::state.eq(word(state)?));
    }
    if let Some(late) = filter.late {
        query = query.filter(submissions::late.eq(late));
    }
    if let Some((period, unit)) = filter.after {
        let same = submissions::period.eq(period.clone()).and(submissions::unit_id.gt(unit));
        query = query.filter(submissions::period.gt(period).or(same));
    }
    Ok(query.order((submissions::period, submissions::unit_id)).limit(filter.limit).load(conn).await?)
}

pub async fn insert(conn: &mut Conn, movement: &Movement, new: &Submission) -> Result<()> {
    diesel::insert_into(submissions::table)
        .values((
            submissions::locality_id.eq(movement.locality),
            submissions::id.eq(new.id),
            submissions::movement_id.eq(movement.id),
            submissions::period.eq(&new.period),
            submissions::unit_id.eq(new.unit),
            submissions::state.eq(word(new.state)?),
            submissions::draft.eq(serde_json::to_value(&new.content).map_err(Error::internal)?),
            submissions::revision.eq(new.revision),
            submissions::late.eq(new.late),
            submissions::updated_at.eq(new.updated_at),
            submissions::version.eq(new.version),
        ))
        .execute(conn)
        .await
        .on_constraint("submissions_unit_period_key", || Error::of("precondition_failed").with("etag", "\"1\""))?;
    Ok(())
}

pub async fn update(conn: &mut Conn, movement: &Movement, changed: &Submission) -> Result<()> {
    diesel::update(submissions::table.find((movement.locality, changed.id)))
        .set((
            submissions::state.eq(word(changed.state)?),
            submissions::draft.eq(serde_json::to_value(&changed.content).map_err(Error::internal)?),
            submissions::revision.eq(changed.revision),
            submissions::first_submitted_at.eq(changed.first_submitted_at),
            submissions::late.eq(changed.late),
            submissions::lateness_excuse.eq(&changed.lateness_excuse),
            submissions::updated_at.eq(changed.updated_at),
            submissions::version.eq(changed.version),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Freezes what was submitted.
pub async fn insert_revision(conn: &mut Conn, actor: &Actor, submitted: &Submission) -> Result<()> {
    let on_behalf =
        submitted.content.on_behalf.as_ref().map(serde_json::to_value).transpose().map_err(Error::internal)?;
    diesel::insert_into(revisions::table)
        .values((
            revisions::locality_id.eq(actor.locality),
            revisions::submission_id.eq(submitted.id),
            revisions::revision.eq(submitted.revision),
            revisions::narrative.eq(&submitted.content.narrative),
            revisions::submitted_by.eq(actor.account),
            revisions::submitted_at.eq(actor.at),
            revisions::on_behalf.eq(on_behalf),
        ))
        .execute(conn)
        .await?;
    let mut rows = Vec::with_capacity(submitted.content.values.len());
    for value in &submitted.content.values {
        rows.push((
            values::locality_id.eq(actor.locality),
            values::submission_id.eq(submitted.id),
            values::revision.eq(submitted.revision),
            values::indicator.eq(&value.indicator),
            values::field.eq(value.field.as_deref().unwrap_or("")),
            values::state.eq(word(value.state)?),
            values::numerator.eq(value.numerator),
            values::denominator.eq(value.denominator),
            values::count.eq(value.count),
            values::level.eq(&value.level),
            values::value.eq(value.value.map(rust_decimal::Decimal::from)),
            values::rank.eq(value.rank),
            values::population.eq(value.population),
            values::estimated.eq(value.estimated),
            values::explanation.eq(&value.explanation),
            values::evidence.eq(&value.evidence),
        ));
    }
    diesel::insert_into(values::table).values(rows).execute(conn).await?;
    Ok(())
}

/// What was done, and why.
pub async fn insert_event(conn: &mut Conn, actor: &Actor, after: &Submission, action: Action, why: &Why) -> Result<()> {
    diesel::insert_into(events::table)
        .values((
            events::locality_id.eq(actor.locality),
            events::submission_id.eq(after.id),
            events::version.eq(after.version),
            events::action.eq(word(action)?),
            events::revision.eq(after.revision),
            events::actor_id.eq(actor.account),
            events::acting_for.eq(&actor.acting_for),
            events::at.eq(actor.at),
            events::reason.eq(&why.reason),
            events::remarks.eq(serde_json::to_value(&why.remarks).map_err(Error::internal)?),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A frozen revision's head.
#[derive(Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct Revision {
    pub revision: i32,
    pub narrative: Option<String>,
    pub submitted_at: DateTime<Utc>,
    pub on_behalf: Option<Json>,
}

/// The revisions, oldest first, each with the name of who submitted it.
pub async fn list_revisions(
    conn: &mut Conn,
    locality: LocalityId,
    id: SubmissionId,
) -> Result<Vec<(Revision, String)>> {
    let of_submission =
        revisions::table.filter(revisions::locality_id.eq(locality).and(revisions::submission_id.eq(id)));
    let rows = of_submission
        .inner_join(accounts::table.on(accounts::id.eq(revisions::submitted_by)))
        .order(revisions::revision)
        .select((Revision::as_select(), accounts::username))
        .load(conn)
        .await?;
    Ok(rows)
}

/// The acts on one submission, oldest first.
pub async fn list_events(conn: &mut Conn, locality: LocalityId, id: SubmissionId) -> Result<Vec<Event>> {
    Ok(events_of(conn, locality, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The acts on each submission, oldest first.
pub async fn events_of(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[SubmissionId],
) -> Result<HashMap<SubmissionId, Vec<Event>>> {
    type Who = ((AccountId, Vec<Option<AccountId>>), String);
    type Found = (SubmissionId, String, i32, i32, Who, DateTime<Utc>, Option<String>, Json);
    let who = ((events::actor_id, events::acting_for), accounts::username);
    let rows: Vec<Found> = events::table
        .filter(events::locality_id.eq(locality).and(events::submission_id.eq_any(ids)))
        .inner_join(accounts::table.on(accounts::id.eq(events::actor_id)))
        .order((events::submission_id, events::version))
        .select((
            events::submission_id,
            events::action,
            events::revision,
            events::version,
            who,
            events::at,
            events::reason,
            events::remarks,
        ))
        .load(conn)
        .await?;
    let mut found: HashMap<SubmissionId, Vec<Event>> = HashMap::new();
    for (id, action, revision, version, (who, actor), at, reason, remarks) in rows {
        let (action, remarks) = (read_word(action)?, serde_json::from_value(remarks).map_err(Error::internal)?);
        let event = Event { action, revision, version, persons: persons(who), actor, at, reason, remarks };
        found.entry(id).or_default().push(event);
    }
    Ok(found)
}

/// Who handed a revision in, and for whom.
pub async fn submitters(
    conn: &mut Conn,
    locality: LocalityId,
    id: SubmissionId,
    revision: i32,
) -> Result<Vec<AccountId>> {
    let of_revision = events::locality_id.eq(locality).and(events::submission_id.eq(id));
    let of_revision = of_revision.and(events::revision.eq(revision)).and(events::action.eq(word(Action::Submit)?));
    let one = events::table.filter(of_revision).select((events::actor_id, events::acting_for));
    Ok(persons(one.first(conn).await?))
}

fn persons((account, acting_for): (AccountId, Vec<Option<AccountId>>)) -> Vec<AccountId> {
    std::iter::once(account).chain(acting_for.into_iter().flatten()).collect()
}

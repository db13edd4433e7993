//! Activities and their versions in the database.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::rules::{Action, Content, Kind, State};
use crate::{
    db::{
        ActivityId, Conn, Listed, LocalityId, MovementId, Order, SortKey, Sorts, UnitId, from_text, listed,
        schema::{accounts, activities, activity_versions as versions},
        to_text,
    },
    http::{Actor, Error, Result},
    movements::Movement,
};

/// An activity in its current state.
#[derive(Clone, Serialize)]
pub struct Activity {
    pub id: ActivityId,
    pub movement: MovementId,
    pub unit: UnitId,
    pub state: State,
    #[serde(flatten)]
    pub content: Content,
    pub version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = activities)]
struct Row {
    id: ActivityId,
    movement_id: MovementId,
    unit_id: UnitId,
    state: String,
    kind: String,
    title: String,
    held_on: NaiveDate,
    place: Option<String>,
    participants: Option<i64>,
    description: Option<String>,
    evidence: Vec<Option<Uuid>>,
    version: i32,
}

impl Row {
    fn into_domain(self) -> Result<Activity> {
        Ok(Activity {
            id: self.id,
            movement: self.movement_id,
            unit: self.unit_id,
            state: from_text(self.state)?,
            content: Content {
                kind: from_text(self.kind)?,
                title: self.title,
                held_on: self.held_on,
                place: self.place,
                participants: self.participants.map(u32::try_from).transpose().map_err(Error::internal)?,
                description: self.description,
                evidence: self.evidence.into_iter().flatten().collect(),
            },
            version: self.version,
        })
    }
}

/// Which activities a list shows.
pub struct Filter {
    pub kind: Option<Kind>,
    pub state: Option<State>,
    /// Only those of these units.
    pub units: Option<Vec<UnitId>>,
    /// First and last day of the activities, inclusive.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// The newest first.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::id("recorded", "activities.id"),
        SortKey::day("held_on", "activities.held_on"),
        SortKey::text("kind", "activities.kind"),
        SortKey::text("state", "activities.state"),
        SortKey::words("title", "activities.title"),
    ],
    default: "-recorded",
    tie: SortKey::id("recorded", "activities.id"),
};

pub async fn list(conn: &mut Conn, movement: &Movement, filter: &Filter, order: &Order) -> Result<Listed<Activity>> {
    listed!(conn, order, Row, matching(movement, filter)?).try_map(Row::into_domain)
}

fn matching(movement: &Movement, filter: &Filter) -> Result<activities::BoxedQuery<'static, Pg>> {
    let of_movement = activities::locality_id.eq(movement.locality).and(activities::movement_id.eq(movement.id));
    let mut query = activities::table.filter(of_movement).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(activities::kind.eq(to_text(kind)?));
    }
    if let Some(state) = filter.state {
        query = query.filter(activities::state.eq(to_text(state)?));
    }
    if let Some(units) = &filter.units {
        query = query.filter(activities::unit_id.eq_any(units.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(activities::held_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(activities::held_on.le(to));
    }
    Ok(query)
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: ActivityId) -> Result<Option<Activity>> {
    let row: Option<Row> =
        activities::table.find((locality, id)).select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

/// Locks the activity until the transaction ends.
pub async fn lock(conn: &mut Conn, locality: LocalityId, id: ActivityId) -> Result<Option<Activity>> {
    let row = activities::table.find((locality, id)).select(Row::as_select()).for_update();
    let row: Option<Row> = row.first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

/// The fields that a transition changes.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_null = true)]
struct ReportedActivity<'a> {
    state: String,
    kind: String,
    title: &'a str,
    held_on: NaiveDate,
    place: Option<&'a str>,
    participants: Option<i64>,
    description: Option<&'a str>,
    evidence: &'a Vec<Uuid>,
    version: i32,
}

impl<'a> ReportedActivity<'a> {
    fn of(activity: &'a Activity) -> Result<Self> {
        let Content { kind, title, held_on, place, participants, description, evidence } = &activity.content;
        Ok(Self {
            state: to_text(activity.state)?,
            kind: to_text(kind)?,
            title,
            held_on: *held_on,
            place: place.as_deref(),
            participants: participants.map(i64::from),
            description: description.as_deref(),
            evidence,
            version: activity.version,
        })
    }
}

pub async fn insert(conn: &mut Conn, actor: &Actor, new: &Activity) -> Result<()> {
    diesel::insert_into(activities::table)
        .values((
            activities::locality_id.eq(actor.locality),
            activities::id.eq(new.id),
            activities::movement_id.eq(new.movement),
            activities::unit_id.eq(new.unit),
            ReportedActivity::of(new)?,
        ))
        .execute(conn)
        .await?;
    insert_version(conn, actor, new, Action::Record, None).await
}

/// Stores the result of a transition, and its version.
pub async fn save(conn: &mut Conn, actor: &Actor, changed: &Activity, action: Action, reason: &str) -> Result<()> {
    let row = activities::table.find((actor.locality, changed.id));
    diesel::update(row).set(ReportedActivity::of(changed)?).execute(conn).await?;
    insert_version(conn, actor, changed, action, Some(reason)).await
}

async fn insert_version(
    conn: &mut Conn,
    actor: &Actor,
    after: &Activity,
    action: Action,
    reason: Option<&str>,
) -> Result<()> {
    diesel::insert_into(versions::table)
        .values((
            versions::locality_id.eq(actor.locality),
            versions::activity_id.eq(after.id),
            versions::version.eq(after.version),
            versions::action.eq(to_text(action)?),
            versions::actor_id.eq(actor.account),
            versions::at.eq(actor.at),
            versions::reason.eq(reason),
            versions::content.eq(serde_json::to_value(&after.content).map_err(Error::internal)?),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A version of its content.
pub struct Version {
    pub version: i32,
    pub action: Action,
    pub actor: String,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
    pub content: Content,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = versions)]
struct VersionRow {
    version: i32,
    action: String,
    at: DateTime<Utc>,
    reason: Option<String>,
    content: Value,
}

/// Every version, oldest first, each with the name of its author.
pub async fn versions(conn: &mut Conn, locality: LocalityId, id: ActivityId) -> Result<Vec<Version>> {
    let rows: Vec<(VersionRow, String)> = versions::table
        .inner_join(accounts::table.on(accounts::id.eq(versions::actor_id)))
        .filter(versions::locality_id.eq(locality).and(versions::activity_id.eq(id)))
        .order(versions::version)
        .select((VersionRow::as_select(), accounts::username))
        .load(conn)
        .await?;
    rows.into_iter()
        .map(|(row, actor)| {
            let VersionRow { version, action, at, reason, content } = row;
            let content = serde_json::from_value(content).map_err(Error::internal)?;
            Ok(Version { version, action: from_text(action)?, actor, at, reason, content })
        })
        .collect()
}

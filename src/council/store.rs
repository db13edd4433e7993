//! Sessions of the council in the database. A session changes once, when it is closed; counts are only inserted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::rules::{Attendance, Count, Roll, Vote};
use crate::{
    assessments::Ground,
    db::{
        AccountId, Conn, LocalityId, MovementId, NominationId, OnConstraint, SessionId, from_text,
        schema::{council_attendances as attendances, council_sessions as sessions, council_votes as votes},
        to_text,
    },
    http::{Actor, Error, Result, etag},
    movements::{Movement, plan::Council},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SessionState)]
pub enum State {
    Open,
    Closed,
}

/// A session, without its roll and its votes.
#[derive(Debug, Clone, Serialize)]
pub struct Session {
    pub id: SessionId,
    pub movement: MovementId,
    pub award: String,
    pub state: State,
    pub held_on: NaiveDate,
    pub notes: Option<String>,
    pub replaces: Option<SessionId>,
    /// The award's rules as the session was opened.
    pub rules: Council,
    pub outcome: Option<Outcome>,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// What a closed session came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    pub quorum: bool,
    pub candidates: Vec<Voted>,
}

/// What the votes on one candidate came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Voted {
    pub nomination: NominationId,
    pub recused: Vec<(AccountId, Ground)>,
    pub voters: u32,
    pub base: u32,
    pub count: Count,
    pub passed: bool,
}

/// The newest count of a candidate.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    pub nomination: NominationId,
    pub version: i32,
    pub count: Count,
    /// By member, of an open vote.
    pub votes: Option<BTreeMap<AccountId, Vote>>,
    /// Members who were recused when it was counted, in order.
    pub recused: Vec<AccountId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Row {
    id: SessionId,
    movement_id: MovementId,
    award: String,
    state: String,
    held_on: NaiveDate,
    notes: Option<String>,
    replaces: Option<SessionId>,
    rules: Value,
    outcome: Option<Value>,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
}

impl Row {
    fn into_domain(self) -> Result<Session> {
        Ok(Session {
            id: self.id,
            movement: self.movement_id,
            award: self.award,
            state: from_text(self.state)?,
            held_on: self.held_on,
            notes: self.notes,
            replaces: self.replaces,
            rules: serde_json::from_value(self.rules).map_err(Error::internal)?,
            outcome: self.outcome.map(serde_json::from_value).transpose().map_err(Error::internal)?,
            opened_at: self.opened_at,
            closed_at: self.closed_at,
        })
    }
}

/// The sessions on an award, the newest first.
pub async fn list(conn: &mut Conn, movement: &Movement, award: &str) -> Result<Vec<Session>> {
    let of_movement = sessions::locality_id.eq(movement.locality).and(sessions::movement_id.eq(movement.id));
    let of_award = sessions::table.filter(of_movement.and(sessions::award.eq(award)));
    let newest_first = of_award.order((sessions::opened_at.desc(), sessions::id.desc()));
    let rows: Vec<Row> = newest_first.select(Row::as_select()).load(conn).await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// Whom the council passed and whom it did not, in closed sessions that none replaces.
pub async fn passed(conn: &mut Conn, movement: &Movement, award: &str) -> Result<BTreeMap<NominationId, bool>> {
    let sessions = list(conn, movement, award).await?;
    Ok(standing(sessions).map(|one| (one.nomination, one.passed)).collect())
}

/// What the votes came to in sessions that were closed by an instant, and that none replaced by then.
pub async fn votes(
    conn: &mut Conn,
    movement: &Movement,
    award: &str,
    by: DateTime<Utc>,
) -> Result<BTreeMap<NominationId, Voted>> {
    let mut sessions = list(conn, movement, award).await?;
    sessions.retain(|session| session.opened_at <= by);
    for session in sessions.iter_mut().filter(|session| session.closed_at.is_none_or(|at| at > by)) {
        session.outcome = None;
    }
    Ok(standing(sessions).map(|one| (one.nomination, one)).collect())
}

/// The votes of sessions that none replaces, the newest last.
fn standing(sessions: Vec<Session>) -> impl Iterator<Item = Voted> {
    let replaced: BTreeSet<SessionId> = sessions.iter().filter_map(|session| session.replaces).collect();
    let standing = sessions.into_iter().rev().filter(move |session| !replaced.contains(&session.id));
    standing.filter_map(|session| session.outcome).flat_map(|outcome| outcome.candidates)
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: SessionId) -> Result<Option<Session>> {
    let row: Option<Row> =
        sessions::table.find((locality, id)).select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

/// The session that replaces another.
pub async fn replacing(conn: &mut Conn, locality: LocalityId, id: SessionId) -> Result<Option<SessionId>> {
    let by = sessions::table.filter(sessions::locality_id.eq(locality).and(sessions::replaces.eq(id)));
    Ok(by.select(sessions::id).first(conn).await.optional()?)
}

pub async fn roll(conn: &mut Conn, locality: LocalityId, id: SessionId) -> Result<Roll> {
    let of_session = attendances::locality_id.eq(locality).and(attendances::session_id.eq(id));
    let rows: Vec<(AccountId, String)> = attendances::table
        .filter(of_session)
        .select((attendances::member_id, attendances::attendance))
        .load(conn)
        .await?;
    let read = |(member, attendance): (AccountId, String)| Ok((member, from_text::<Attendance>(attendance)?));
    rows.into_iter().map(read).collect::<Result<_>>().map(Roll)
}

/// The newest count of each candidate, in the order of the nominations.
pub async fn counts(conn: &mut Conn, locality: LocalityId, id: SessionId) -> Result<Vec<Counted>> {
    type Kept = (NominationId, i32, Value, Option<Value>, Vec<Option<AccountId>>);
    let rows: Vec<Kept> = votes::table
        .filter(votes::locality_id.eq(locality).and(votes::session_id.eq(id)))
        .distinct_on(votes::nomination_id)
        .order((votes::nomination_id, votes::version.desc()))
        .select((votes::nomination_id, votes::version, votes::count, votes::votes, votes::recused))
        .load(conn)
        .await?;
    let read = |(nomination, version, count, cast, recused): Kept| {
        Ok(Counted {
            nomination,
            version,
            count: serde_json::from_value(count).map_err(Error::internal)?,
            votes: cast.map(serde_json::from_value).transpose().map_err(Error::internal)?,
            recused: recused.into_iter().flatten().collect(),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Opens a session. While another on the award is open, and where another replaces the same one, it is refused (409).
pub async fn insert(conn: &mut Conn, actor: &Actor, session: &Session, roll: &Roll) -> Result<()> {
    let row = (
        sessions::locality_id.eq(actor.locality),
        sessions::id.eq(session.id),
        sessions::movement_id.eq(session.movement),
        sessions::award.eq(&session.award),
        sessions::state.eq(to_text(session.state)?),
        sessions::held_on.eq(session.held_on),
        sessions::notes.eq(&session.notes),
        sessions::replaces.eq(session.replaces),
        sessions::rules.eq(serde_json::to_value(&session.rules).map_err(Error::internal)?),
        sessions::opened_by.eq(actor.account),
        sessions::opened_at.eq(session.opened_at),
    );
    let insert = diesel::insert_into(sessions::table).values(row);
    let done = insert.execute(conn).await;
    let done = done.on_constraint("council_sessions_open_key", || Error::of("session_open"));
    done?;
    let member = |(member, attendance): (&AccountId, &Attendance)| {
        Ok((
            attendances::locality_id.eq(actor.locality),
            attendances::session_id.eq(session.id),
            attendances::member_id.eq(*member),
            attendances::attendance.eq(to_text(*attendance)?),
        ))
    };
    let rows = roll.0.iter().map(member).collect::<Result<Vec<_>>>()?;
    diesel::insert_into(attendances::table).values(rows).execute(conn).await?;
    Ok(())
}

/// Adds a count; of two at once the second is refused (412).
pub async fn insert_count(conn: &mut Conn, actor: &Actor, session: SessionId, counted: &Counted) -> Result<()> {
    let cast = counted.votes.as_ref().map(serde_json::to_value).transpose().map_err(Error::internal)?;
    let insert = diesel::insert_into(votes::table).values((
        votes::locality_id.eq(actor.locality),
        votes::session_id.eq(session),
        votes::nomination_id.eq(counted.nomination),
        votes::version.eq(counted.version),
        votes::count.eq(serde_json::to_value(counted.count).map_err(Error::internal)?),
        votes::votes.eq(cast),
        votes::recused.eq(&counted.recused),
        votes::counted_by.eq(actor.account),
        votes::at.eq(actor.at),
    ));
    let taken = || Error::of("precondition_failed").with("etag", etag(counted.version));
    insert.execute(conn).await.on_constraint("council_votes_pkey", taken)?;
    Ok(())
}

/// Closes a session with what it came to.
pub async fn close(conn: &mut Conn, actor: &Actor, session: &mut Session, outcome: Outcome) -> Result<()> {
    let at = actor.at.trunc_subsecs(6);
    let kept = serde_json::to_value(&outcome).map_err(Error::internal)?;
    (session.state, session.outcome, session.closed_at) = (State::Closed, Some(outcome), Some(at));
    diesel::update(sessions::table.find((actor.locality, session.id)))
        .set((
            sessions::state.eq(to_text(session.state)?),
            sessions::outcome.eq(kept),
            sessions::closed_by.eq(actor.account),
            sessions::closed_at.eq(at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

//! The acts on submissions in the database: who did what to which version, when and why. They never change.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::replay::Event;
use crate::{
    db::{
        AccountId, Conn, FromJson, LocalityId, SubmissionId, from_text,
        schema::{accounts, submission_events as events},
        to_text, write_rows,
    },
    http::{Actor, Result},
    submissions::{
        content::{Remark, Why},
        lifecycle::Action,
        store::Submission,
    },
};

/// An act as a row.
#[derive(Serialize)]
struct Written<'a> {
    locality_id: LocalityId,
    submission_id: SubmissionId,
    version: i32,
    action: Action,
    revision: i32,
    actor_id: AccountId,
    at: DateTime<Utc>,
    reason: Option<&'a str>,
    remarks: &'a [Remark],
    acting_for: &'a [AccountId],
}

/// Acts of one kind, each on the submission as it stands after it.
pub async fn insert(
    conn: &Conn,
    locality: LocalityId,
    action: Action,
    done: &[(&Actor, &Submission, &Why)],
) -> Result<()> {
    const INSERT: &str = "INSERT INTO submission_events
        SELECT r.* FROM json_populate_recordset(NULL::submission_events, $1::json) AS r WHERE r.locality_id = $2";
    let rows = done.iter().map(|(actor, after, why)| Written {
        locality_id: locality,
        submission_id: after.id,
        version: after.version,
        action,
        revision: after.revision,
        actor_id: actor.account,
        at: actor.at,
        reason: why.reason.as_deref(),
        remarks: &why.remarks,
        acting_for: &actor.acting_for,
    });
    let rows: Vec<Written> = rows.collect();
    write_rows(conn, locality, INSERT, &rows).await.map(drop)
}

/// The acts on a report, oldest first: none before it is first handed in.
pub async fn of(conn: &mut Conn, locality: LocalityId, report: Option<&Submission>) -> Result<Vec<Event>> {
    match report.filter(|report| report.revision > 0) {
        Some(report) => list(conn, locality, report.id).await,
        None => Ok(Vec::new()),
    }
}

/// The acts on one submission, oldest first.
pub async fn list(conn: &mut Conn, locality: LocalityId, id: SubmissionId) -> Result<Vec<Event>> {
    // Not as one of many: Postgres would plan an array of ids at every request.
    let one = acts().filter(events::locality_id.eq(locality).and(events::submission_id.eq(id)));
    let rows: Vec<Act> = one.order(events::version).load(conn).await?;
    rows.into_iter().map(|act| Ok(act.event()?.1)).collect()
}

/// The acts on each submission, oldest first.
pub async fn list_many(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[SubmissionId],
) -> Result<HashMap<SubmissionId, Vec<Event>>> {
    let some = acts().filter(events::locality_id.eq(locality).and(events::submission_id.eq_any(ids)));
    let rows: Vec<Act> = some.order((events::submission_id, events::version)).load(conn).await?;
    let mut found: HashMap<SubmissionId, Vec<Event>> = HashMap::new();
    for act in rows {
        let (id, event) = act.event()?;
        found.entry(id).or_default().push(event);
    }
    Ok(found)
}

/// An act with the name of who did it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct Act {
    submission_id: SubmissionId,
    action: String,
    revision: i32,
    version: i32,
    actor_id: AccountId,
    acting_for: Vec<Option<AccountId>>,
    #[diesel(select_expression = accounts::username)]
    actor: String,
    at: DateTime<Utc>,
    reason: Option<String>,
    remarks: FromJson<Vec<Remark>>,
}

#[diesel::dsl::auto_type]
fn acts() -> _ {
    let row: diesel::dsl::AsSelect<Act, Pg> = Act::as_select();
    events::table.inner_join(accounts::table.on(accounts::id.eq(events::actor_id))).select(row)
}

impl Act {
    fn event(self) -> Result<(SubmissionId, Event)> {
        let event = Event {
            action: from_text(self.action)?,
            revision: self.revision,
            version: self.version,
            persons: persons((self.actor_id, self.acting_for)),
            actor: self.actor,
            at: self.at,
            reason: self.reason,
            remarks: self.remarks.0,
        };
        Ok((self.submission_id, event))
    }
}

/// Of each submission who handed its newest revision in, and for whom.
pub async fn submitters(
    conn: &mut Conn,
    locality: LocalityId,
    of: &[&Submission],
) -> Result<HashMap<SubmissionId, Vec<AccountId>>> {
    type Found = (SubmissionId, i32, (AccountId, Vec<Option<AccountId>>));
    let newest: HashMap<SubmissionId, i32> = of.iter().map(|submission| (submission.id, submission.revision)).collect();
    let ids: Vec<SubmissionId> = newest.keys().copied().collect();
    let submits = events::locality_id.eq(locality).and(events::submission_id.eq_any(ids));
    let submits = events::table.filter(submits.and(events::action.eq(to_text(Action::Submit)?)));
    let who = (events::actor_id, events::acting_for);
    let rows: Vec<Found> = submits.select((events::submission_id, events::revision, who)).load(conn).await?;
    let newest = rows.into_iter().filter(|(id, revision, _)| newest.get(id) == Some(revision));
    Ok(newest.map(|(id, _, who)| (id, persons(who))).collect())
}

fn persons((account, acting_for): (AccountId, Vec<Option<AccountId>>)) -> Vec<AccountId> {
    std::iter::once(account).chain(acting_for.into_iter().flatten()).collect()
}

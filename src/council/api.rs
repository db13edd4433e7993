//! Sessions of the council: list, open, read.

use std::collections::BTreeMap;

use actix_web::{get, post, web::Data};
use chrono::{NaiveDate, SubsecRound};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Sitting, session, shown},
    rules::{Attendance, Roll, check_day, member_unknown},
    store::{self, Session, State},
    view::{SessionSummary, SessionView},
};
use crate::{
    app::App,
    assessments::{Member, members},
    clock::day,
    db::{Conn, Lock, SessionId, advisory_lock},
    finding::Finding,
    http::{Bounded, Caller, Error, Json, Page, Path, Reply, Result, WriteRequest},
    movements::{
        self, Movement,
        plan::{Award, Council},
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_sessions).service(create_session).service(get_session);
}

/// A new session: every member of the council stands in one of the three lists.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSession {
    held_on: NaiveDate,
    /// Usernames of the members in the room.
    present: Vec<String>,
    /// Of absent members who vote in writing; only where the plan accepts it (`written_votes`).
    #[serde(default)]
    written: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    /// What was said, for the minutes.
    #[serde(default)]
    notes: Option<Bounded<20000>>,
    /// The closed session that this one corrects.
    #[serde(default)]
    replaces: Option<SessionId>,
}

/// Sessions of the council
///
/// On one award, the newest first.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The sessions", body = Page<SessionSummary>), Error))]
#[get("/movements/{movement}/awards/{award}/sessions")]
async fn list_sessions(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &path.0).await?;
            let award = award(&movement, &caller, &path.1)?;
            caller.permit()?;
            let sessions = store::list(conn, &movement, &award.code).await?;
            Reply::ok(Page::whole(sessions.into_iter().map(SessionSummary::from).collect()))
        })
        .await
}

fn award(movement: &Movement, caller: &Caller, code: &str) -> Result<Award> {
    let awards = &movement.on(caller.today()).plan.awards;
    awards.iter().find(|award| award.code == code).cloned().ok_or_else(|| Error::missing("award"))
}

/// A session of the council
///
/// The minutes and the count minutes as data.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The session", body = SessionView), Error))]
#[get("/sessions/{id}")]
async fn get_session(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let session = session(conn, &caller, SessionId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, session.movement).await?;
            shown(conn, &caller, &movement, session).await
        })
        .await
}

/// Open a session of the council
///
/// With the roll of its members. One session on an award is open at a time. A closed one is corrected only by a new one that
/// replaces it.
#[utoipa::path(tag = "awards", responses((status = 201, description = "The session", body = SessionView), Error))]
#[post("/movements/{movement}/awards/{award}/sessions")]
async fn create_session(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    body: Json<NewSession>,
) -> Result<Reply> {
    let new = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            let movement = movements::share(conn, scope.recall()?, &path.0).await?;
            let award = award(&movement, scope, &path.1)?;
            let actor = scope.permit()?;
            movement.must_be_under_way()?;
            let Some(rules) = award.council else {
                return Err(Error::of("award_without_council").with("award", &award.code));
            };
            advisory_lock(conn, Lock::Council { movement: movement.id, award: &award.code }).await?;
            let mut findings = replaced(conn, &movement, &award.code, new.replaces).await?;
            findings.extend(check_day(new.held_on, movement.launched_at.map(day), scope.today()));
            if new.present.is_empty() && new.written.is_empty() {
                findings.push(Finding::new("/present", "session_without_members"));
            }
            findings.extend(new.notes.as_ref().and_then(|notes| notes.check("/notes")));
            let members = members(conn, actor.locality, new.held_on, new.held_on).await?;
            let (roll, wrong) = roll(&new, &members, &rules);
            findings.extend(wrong);
            Error::check(findings)?;
            let session = Session {
                id: SessionId::new(),
                movement: movement.id,
                award: award.code,
                state: State::Open,
                held_on: new.held_on,
                notes: new.notes.map(String::from),
                replaces: new.replaces,
                rules,
                outcome: None,
                opened_at: actor.at.trunc_subsecs(6),
                closed_at: None,
            };
            store::insert(conn, &actor, &session, &roll).await?;
            scope.after(&(&session, &roll.0))?;
            let location = format!("/api/v1/sessions/{}", session.id);
            let sitting = Sitting::of(conn, scope, &movement, session).await?;
            Reply::created(location, sitting.view(conn, scope, &movement).await?)
        })
        .await
}

/// The session to be replaced is closed and not replaced yet (409); one of another award is a finding.
async fn replaced(conn: &mut Conn, movement: &Movement, award: &str, id: Option<SessionId>) -> Result<Vec<Finding>> {
    let Some(id) = id else { return Ok(Vec::new()) };
    let found = store::find(conn, movement.locality, id).await?;
    let found = found.filter(|found| found.movement == movement.id && found.award == award);
    let Some(found) = found else {
        return Ok(vec![Finding::new("/replaces", "session_unknown").with("session", id)]);
    };
    if found.state == State::Open {
        return Err(Error::of("session_open"));
    }
    match store::replacing(conn, movement.locality, id).await? {
        Some(_) => Err(Error::of("session_replaced")),
        None => Ok(Vec::new()),
    }
}

/// Every member in one list, and nobody else.
fn roll(new: &NewSession, members: &[Member], rules: &Council) -> (Roll, Vec<Finding>) {
    let lists = [
        ("present", Attendance::Present, &new.present),
        ("written", Attendance::Written, &new.written),
        ("absent", Attendance::Absent, &new.absent),
    ];
    let mut roll = BTreeMap::new();
    let mut findings = Vec::new();
    if !rules.written_votes && !new.written.is_empty() {
        findings.push(Finding::new("/written", "written_votes_refused"));
    }
    for (list, attendance, names) in lists {
        for (i, name) in names.iter().enumerate() {
            let finding = |code| Finding::new(format!("/{list}/{i}"), code).with("member", name);
            match members.iter().find(|member| member.sits && member.username == *name) {
                None => findings.push(member_unknown(format!("/{list}/{i}"), name, new.held_on)),
                Some(member) if roll.contains_key(&member.account) => findings.push(finding("member_twice")),
                Some(member) => drop(roll.insert(member.account, attendance)),
            }
        }
    }
    let missing = members.iter().filter(|member| member.sits && !roll.contains_key(&member.account));
    let missing: Vec<&str> = missing.map(|member| member.username.as_str()).collect();
    if !missing.is_empty() {
        findings.push(Finding::new("", "members_missing").with("members", missing.join(", ")));
    }
    (Roll(roll), findings)
}

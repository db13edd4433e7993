//! The acts on a submission, each a step of its life: looked up, permitted, decided by the rules, stored with its event.

use chrono::{DateTime, Utc};
use futures_util::future::try_join3;

use super::{
    content::{Content, Why},
    events,
    history::{self, Event, Snapshot},
    lifecycle::{Action, HandIns, State},
    position::{ReportPath, ReportPosition, open_for_change},
    revisions,
    store::{self, Submission},
    validation,
    view::view_with,
};
use crate::{
    db::{self, AccountId, Conn},
    finding::Finding,
    http::{Actor, Caller, Error, IfMatch, PutJson, Result, WriteScope},
    movements::Movement,
};

/// A report after an act, with all acts on it: what was written is not read again.
pub struct Acted {
    pub position: ReportPosition,
    pub report: Submission,
    pub acts: Vec<Event>,
}

/// Puts the whole draft.
pub async fn draft(
    conn: &mut Conn,
    scope: &WriteScope,
    path: &ReportPath,
    if_match: &IfMatch,
    body: PutJson<Content>,
) -> Result<Acted> {
    let (position, found) = open_for_change(conn, scope, path).await?;
    let mut acts = history::of(conn, position.movement.locality, found.as_ref()).await?;
    let actor = position.permit(scope, Action::Edit, found.as_ref())?;
    match &found {
        Some(found) => if_match.check(found.version)?,
        None => if_match.check_absent()?,
    }
    let state = position.lets(found.as_ref(), Action::Edit)?;
    if body.is_compared() {
        body.compare(match &found {
            Some(found) => Some(view_with(conn, scope, &position, found, &acts).await?),
            None => None,
        })?;
    }
    let content = body.unjudged();
    let capacity = position.capacity(scope, Action::Edit);
    let evidence = position.evidence(conn, &content).await?;
    let mut findings = validation::check_draft(&content, &position.owed(), position.indicators(), &evidence);
    match &content.on_behalf {
        None if !capacity.own => findings.push(Finding::new("/on_behalf", "on_behalf_needed")),
        Some(_) if !capacity.wide => findings.push(Finding::new("/on_behalf", "on_behalf_unneeded")),
        _ => {}
    }
    Error::check(findings)?;
    let drafted = match found {
        Some(found) => {
            scope.before(&found)?;
            let reopened = state != found.state;
            let after = found.written(content, actor.account, &actor.acting_for);
            let after = save(conn, scope, &position, after, state).await?;
            if reopened {
                let why = Why::final_figures();
                let done = Done { unit: &position.unit.code, actor: &actor, after: &after, why: &why };
                acts.push(done.act(scope, Action::Reopen));
                record(conn, &position.movement, Action::Reopen, &[done]).await?;
            }
            after
        }
        None => {
            let new = position.blank(actor.at).written(content, actor.account, &actor.acting_for);
            let begun = store::insert(conn, &position.movement, &[&new]).await?;
            if !begun {
                return Err(Error::of("precondition_failed").with("etag", crate::http::etag(1)));
            }
            scope.after(&new)?;
            new
        }
    };
    Ok(Acted { position, report: drafted, acts })
}

/// Hands the draft in: everything is checked, the content frozen as the next revision, timeliness measured once.
pub async fn submit(conn: &mut Conn, scope: &WriteScope, path: &ReportPath, if_match: &IfMatch) -> Result<Acted> {
    let (position, found) = open_for_change(conn, scope, path).await?;
    let mut acts = history::of(conn, position.movement.locality, found.as_ref()).await?;
    let (actor, found, state) = begin(scope, &position, found, if_match, Action::Submit)?;
    scope.before(&found)?;
    let evidence = position.evidence(conn, &found.content).await?;
    let last = position.last_values(conn, &[]).await?;
    let found = position.handed_in(scope, found, &evidence, &last);
    let found = found.map_err(|findings| Error::of("content_invalid").because(findings))?;
    let found = save(conn, scope, &position, found, state).await?;
    let done = Done { unit: &position.unit.code, actor: &actor, after: &found, why: &Why::default() };
    acts.push(done.act(scope, Action::Submit));
    record(conn, &position.movement, Action::Submit, &[done]).await?;
    Ok(Acted { position, report: found, acts })
}

/// An act that may be done: what stands, and what is to stand.
pub struct Decided {
    pub position: ReportPosition,
    actor: Actor,
    pub before: Submission,
    pub after: Submission,
}

/// Whether an act may be done on a report (404, 403, 428 or 412, 409, 422). Who wrote or submitted it can never approve.
pub fn judge(
    caller: &Caller,
    position: ReportPosition,
    found: Option<Submission>,
    if_match: &IfMatch,
    action: Action,
    why: &Why,
    submitters: &[AccountId],
) -> Result<Decided> {
    let (actor, before, state) = begin(caller, &position, found, if_match, action)?;
    if action == Action::Approve && !position.may_review(caller, &before, submitters) {
        return Err(Error::of("four_eyes"));
    }
    if action == Action::Excuse && !before.late {
        return Err(Error::of("not_late"));
    }
    let reason = why.reason.iter().filter_map(|reason| reason.check("/reason"));
    let remarks = validation::check_remarks(&why.remarks, &position.owed(), position.indicators());
    Error::check(reason.chain(remarks).collect())?;
    let mut after = before.clone().next(state, actor.at);
    if action == Action::Excuse {
        after.lateness_excuse = why.reason.clone().map(String::from);
    }
    if action == Action::Approve {
        // Others have judged what these wrote.
        after.drafted_by.clear();
    }
    Ok(Decided { position, actor, before, after })
}

/// Withdraws, approves, returns, reopens or excuses.
pub async fn decide(
    conn: &mut Conn,
    scope: &WriteScope,
    path: &ReportPath,
    if_match: &IfMatch,
    action: Action,
    why: &Why,
) -> Result<Acted> {
    let (position, found) = open_for_change(conn, scope, path).await?;
    let mut acts = history::of(conn, position.movement.locality, found.as_ref()).await?;
    let known = Snapshot::as_of(&acts, DateTime::<Utc>::MAX_UTC);
    let submitters = known.map_or(&[][..], |known| &known.submitted.persons);
    let mut decided = judge(scope, position, found, if_match, action, why, submitters)?;
    if action == Action::Withdraw {
        decided.after = taken_back(decided.after, &acts);
    }
    apply(conn, &decided.position.movement, action, why, &[&decided]).await?;
    acts.push(decided.done(why).act(scope, action));
    scope.before(&decided.before)?;
    scope.after(&decided.after)?;
    Ok(Acted { position: decided.position, report: decided.after, acts })
}

/// The report without the timeliness of a hand-in that the unit took back, nor its excuse.
fn taken_back(after: Submission, events: &[Event]) -> Submission {
    let first = Snapshot::as_of(events, DateTime::<Utc>::MAX_UTC).and_then(|known| known.first);
    let so_far = HandIns { revision: after.revision, first_at: after.first_submitted_at, late: after.late };
    let HandIns { first_at, late, .. } = so_far.taken_back(first.map(|(revision, _)| revision));
    let lateness_excuse = after.lateness_excuse.filter(|_| late);
    Submission { first_submitted_at: first_at, late, lateness_excuse, ..after }
}

/// Does what was decided, all of it or nothing.
pub async fn apply(
    conn: &mut Conn,
    movement: &Movement,
    action: Action,
    why: &Why,
    decided: &[&Decided],
) -> Result<()> {
    let changed: Vec<&Submission> = decided.iter().map(|decided| &decided.after).collect();
    store::update(conn, movement, &changed).await?;
    let done: Vec<Done> = decided.iter().map(|decided| decided.done(why)).collect();
    record(conn, movement, action, &done).await
}

/// An act that was done on a unit's report.
pub struct Done<'a> {
    /// Its code.
    pub unit: &'a str,
    pub actor: &'a Actor,
    pub after: &'a Submission,
    pub why: &'a Why,
}

impl Decided {
    fn done<'a>(&'a self, why: &'a Why) -> Done<'a> {
        Done { unit: &self.position.unit.code, actor: &self.actor, after: &self.after, why }
    }
}

impl Done<'_> {
    /// The act as the history tells it.
    fn act(&self, caller: &Caller, action: Action) -> Event {
        let Self { actor, after, why, .. } = self;
        Event {
            action,
            revision: after.revision,
            version: after.version,
            persons: std::iter::once(actor.account).chain(actor.acting_for.iter().copied()).collect(),
            actor: caller.account.username.clone(),
            at: actor.at,
            reason: why.reason.clone().map(String::from),
            remarks: why.remarks.clone(),
        }
    }
}

/// Records acts of one kind, and what they handed in as the next revisions, and publishes their events.
pub async fn record(conn: &mut Conn, movement: &Movement, action: Action, done: &[Done<'_>]) -> Result<()> {
    let Some(Done { actor, .. }) = done.first() else { return Ok(()) };
    let submits = action == Action::Submit;
    let handed_in: Vec<_> = done.iter().filter(|_| submits).map(|done| (done.actor, done.after)).collect();
    let acts: Vec<_> = done.iter().map(|done| (done.actor, done.after, done.why)).collect();
    let published = done
        .iter()
        .filter_map(|Done { unit, after, .. }| events::of_act(action, movement, &after.period, unit, after.revision));
    let published: Vec<_> = published.collect();
    // Each refers to the report alone: none waits for another's reply.
    let (conn, locality) = (&*conn, movement.locality);
    let revisions = revisions::insert(conn, locality, &handed_in);
    let acts = history::insert(conn, locality, action, &acts);
    try_join3(revisions, acts, db::events::emit(conn, locality, actor.at, &published)).await.map(drop)
}

/// 404, 403, 428 or 412, 409: in this order, and then the step may be taken.
fn begin(
    caller: &Caller,
    position: &ReportPosition,
    found: Option<Submission>,
    if_match: &IfMatch,
    action: Action,
) -> Result<(Actor, Submission, State)> {
    let seen = found.filter(|found| found.revision > 0 || position.shows_draft(caller));
    let found = seen.ok_or_else(|| Error::missing("submission"))?;
    let actor = position.permit(caller, action, Some(&found))?;
    if_match.check(found.version)?;
    let state = position.lets(Some(&found), action)?;
    Ok((actor, found, state))
}

async fn save(
    conn: &mut Conn,
    scope: &WriteScope,
    position: &ReportPosition,
    found: Submission,
    state: State,
) -> Result<Submission> {
    let changed = found.next(state, scope.now);
    store::update(conn, &position.movement, &[&changed]).await?;
    scope.after(&changed)?;
    Ok(changed)
}

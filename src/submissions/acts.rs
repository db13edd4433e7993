//! The acts on a submission, each a step of its life: looked up, permitted, decided by the rules, stored with its event.

use super::{
    acts_store, checks,
    content::{Content, Why},
    desk::{Desk, Place, open},
    revisions_store,
    rules::{Action, State},
    store::{self, Submission},
    telling,
};
use crate::{
    db::{AccountId, Conn, events},
    finding::Finding,
    http::{Actor, Caller, Error, IfMatch, Result, WriteScope},
    movements::Movement,
};

/// Puts the whole draft.
pub async fn draft(
    conn: &mut Conn,
    scope: &WriteScope,
    place: &Place,
    if_match: &IfMatch,
    content: Content,
) -> Result<(Desk, Submission)> {
    let (desk, found) = open(conn, scope, place, true).await?;
    let actor = desk.permit(scope, Action::Edit, found.as_ref())?;
    match &found {
        Some(found) => if_match.check(found.version)?,
        None => if_match.check_absent()?,
    }
    let state = desk.lets(found.as_ref().map_or(State::Draft, |found| found.state), Action::Edit)?;
    let capacity = desk.capacity(scope, Action::Edit);
    let evidence = desk.evidence(conn, &content).await?;
    let mut findings = checks::check_draft(&content, &desk.owed(), desk.indicators(), &evidence);
    match &content.on_behalf {
        None if !capacity.own => findings.push(Finding::new("/on_behalf", "on_behalf_needed")),
        Some(_) if !capacity.wide => findings.push(Finding::new("/on_behalf", "on_behalf_unneeded")),
        _ => {}
    }
    Error::check(findings)?;
    let drafted = match found {
        Some(found) => {
            scope.before(&found)?;
            save(conn, scope, &desk, Submission { content, ..found }, state).await?
        }
        None => {
            let new = Submission { content, ..desk.blank(actor.at) };
            let begun = store::insert(conn, &desk.movement, &[&new]).await?;
            begun.then_some(()).ok_or_else(|| Error::of("precondition_failed").with("etag", crate::http::etag(1)))?;
            scope.after(&new)?;
            new
        }
    };
    Ok((desk, drafted))
}

/// Hands the draft in: everything is checked, the content frozen as the next revision, timeliness measured once.
pub async fn submit(
    conn: &mut Conn,
    scope: &WriteScope,
    place: &Place,
    if_match: &IfMatch,
) -> Result<(Desk, Submission)> {
    let (desk, found) = open(conn, scope, place, true).await?;
    let (actor, found, state) = begin(scope, &desk, found, if_match, Action::Submit)?;
    scope.before(&found)?;
    let evidence = desk.evidence(conn, &found.content).await?;
    let found = desk.handed_in(scope, found, &evidence);
    let found = found.map_err(|findings| Error::of("content_invalid").because(findings))?;
    let found = save(conn, scope, &desk, found, state).await?;
    let done = Done { unit: &desk.unit.code, actor: &actor, after: &found, why: &Why::default() };
    tell(conn, &desk.movement, Action::Submit, &[done]).await?;
    Ok((desk, found))
}

/// An act that may be done: what stands, and what is to stand.
pub struct Decided {
    pub desk: Desk,
    actor: Actor,
    pub before: Submission,
    pub after: Submission,
}

/// Whether an act may be done on what stands on a desk (404, 403, 428 or 412, 409, 422). Who submitted can never approve.
pub fn judge(
    caller: &Caller,
    (desk, found): (Desk, Option<Submission>),
    if_match: &IfMatch,
    (action, why): (Action, &Why),
    submitters: &[AccountId],
) -> Result<Decided> {
    let (actor, before, state) = begin(caller, &desk, found, if_match, action)?;
    if action == Action::Approve && !desk.may_review(caller, submitters) {
        return Err(Error::of("four_eyes"));
    }
    if action == Action::Excuse && !before.late {
        return Err(Error::of("not_late"));
    }
    let reason = why.reason.iter().filter_map(|reason| reason.check("/reason"));
    let remarks = checks::check_remarks(&why.remarks, &desk.owed(), desk.indicators());
    Error::check(reason.chain(remarks).collect())?;
    let mut after = before.clone().next(state, actor.at);
    if action == Action::Excuse {
        after.lateness_excuse = why.reason.clone().map(String::from);
    }
    Ok(Decided { desk, actor, before, after })
}

/// Withdraws, approves, returns, reopens or excuses.
pub async fn decide(
    conn: &mut Conn,
    scope: &WriteScope,
    place: &Place,
    if_match: &IfMatch,
    action: Action,
    why: &Why,
) -> Result<(Desk, Submission)> {
    let (desk, found) = open(conn, scope, place, true).await?;
    let submitters = match &found {
        Some(found) if action == Action::Approve => {
            acts_store::submitters(conn, desk.movement.locality, &[found]).await?.remove(&found.id)
        }
        _ => None,
    };
    let submitters = submitters.unwrap_or_default();
    let decided = judge(scope, (desk, found), if_match, (action, why), &submitters)?;
    keep(conn, &decided.desk.movement, action, why, &[&decided]).await?;
    scope.before(&decided.before)?;
    scope.after(&decided.after)?;
    Ok((decided.desk, decided.after))
}

/// Does what was decided, all of it or nothing.
pub async fn keep(conn: &mut Conn, movement: &Movement, action: Action, why: &Why, decided: &[&Decided]) -> Result<()> {
    let changed: Vec<&Submission> = decided.iter().map(|decided| &decided.after).collect();
    store::update(conn, movement, &changed).await?;
    let done = decided.iter().map(|decided| {
        let Decided { desk, actor, after, .. } = *decided;
        Done { unit: &desk.unit.code, actor, after, why }
    });
    tell(conn, movement, action, &done.collect::<Vec<_>>()).await
}

/// An act that was done on a unit's report.
pub struct Done<'a> {
    /// Its code.
    pub unit: &'a str,
    pub actor: &'a Actor,
    pub after: &'a Submission,
    pub why: &'a Why,
}

/// Keeps acts of one kind, and what they handed in as the next revisions, and tells whoever follows.
pub async fn tell(conn: &mut Conn, movement: &Movement, action: Action, done: &[Done<'_>]) -> Result<()> {
    let Some(Done { actor, .. }) = done.first() else { return Ok(()) };
    if action == Action::Submit {
        let handed_in: Vec<_> = done.iter().map(|done| (done.actor, done.after)).collect();
        revisions_store::insert(conn, movement.locality, &handed_in).await?;
    }
    let acts: Vec<_> = done.iter().map(|done| (done.actor, done.after, done.why)).collect();
    acts_store::insert(conn, movement.locality, action, &acts).await?;
    let told = done
        .iter()
        .filter_map(|Done { unit, after, .. }| telling::acted(action, movement, &after.period, unit, after.revision));
    events::emit(conn, movement.locality, actor.at, &told.collect::<Vec<_>>()).await.map(drop)
}

/// 404, 403, 428 or 412, 409: in this order, and then the step may be taken.
fn begin(
    caller: &Caller,
    desk: &Desk,
    found: Option<Submission>,
    if_match: &IfMatch,
    action: Action,
) -> Result<(Actor, Submission, State)> {
    let found = found.ok_or_else(Error::not_found)?;
    let actor = desk.permit(caller, action, Some(&found))?;
    if_match.check(found.version)?;
    let state = desk.lets(found.state, action)?;
    Ok((actor, found, state))
}

async fn save(conn: &mut Conn, scope: &WriteScope, desk: &Desk, found: Submission, state: State) -> Result<Submission> {
    let changed = found.next(state, scope.now);
    store::update(conn, &desk.movement, &[&changed]).await?;
    scope.after(&changed)?;
    Ok(changed)
}

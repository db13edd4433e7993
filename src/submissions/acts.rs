//! The acts on a submission, each a step of its life: looked up, permitted, decided by the rules, stored with its event.

use super::{
    checks,
    content::{Content, Remark},
    desk::{Desk, Place, open},
    rules::{Action, State},
    store::{self, Submission},
    telling,
};
use crate::{
    db::{Conn, events},
    finding::Finding,
    http::{Actor, Caller, Error, IfMatch, Result, Writing},
};

/// Puts the whole draft.
pub async fn draft(
    conn: &mut Conn,
    caller: &Writing,
    place: &Place,
    if_match: &IfMatch,
    content: Content,
) -> Result<(Desk, Submission)> {
    let (desk, found) = open(conn, caller, place, true).await?;
    let actor = desk.permit(caller, Action::Edit, found.as_ref())?;
    match &found {
        Some(found) => if_match.check(found.version)?,
        None => if_match.check_absent()?,
    }
    let state = desk.lets(found.as_ref().map_or(State::Draft, |found| found.state), Action::Edit)?;
    let capacity = desk.capacity(caller, Action::Edit);
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
            caller.before(&found)?;
            save(conn, caller, &desk, Submission { content, ..found }, state).await?
        }
        None => {
            let new = Submission { content, ..desk.blank(actor.at) };
            store::insert(conn, &desk.movement, &new).await?;
            caller.after(&new)?;
            new
        }
    };
    Ok((desk, drafted))
}

/// Hands the draft in: everything is checked, the content frozen as the next revision, timeliness measured once.
pub async fn submit(
    conn: &mut Conn,
    caller: &Writing,
    place: &Place,
    if_match: &IfMatch,
) -> Result<(Desk, Submission)> {
    let (desk, actor, found, state) = begin(conn, caller, place, if_match, Action::Submit).await?;
    caller.before(&found)?;
    let evidence = desk.evidence(conn, &found.content).await?;
    let found = desk.handed_in(caller, found, &evidence);
    let found = found.map_err(|findings| Error::of("content_invalid").because(findings))?;
    let found = save(conn, caller, &desk, found, state).await?;
    store::insert_revision(conn, &actor, &found).await?;
    store::insert_event(conn, &actor, &found, Action::Submit, &Why::default()).await?;
    tell(conn, &actor, &desk, &found, Action::Submit).await?;
    Ok((desk, found))
}

/// What comes with an act: why, and words to single values.
#[derive(Default)]
pub struct Why {
    pub reason: Option<String>,
    pub remarks: Vec<Remark>,
}

/// An act that may be done: what stands, and what is to stand.
pub struct Decided {
    pub desk: Desk,
    actor: Actor,
    pub before: Submission,
    pub after: Submission,
}

/// Whether an act may be done (404, 403, 428 or 412, 409, 422). Who submitted can never approve.
pub async fn judge(
    conn: &mut Conn,
    caller: &Caller,
    place: &Place,
    if_match: &IfMatch,
    (action, why): (Action, &Why),
) -> Result<Decided> {
    let (desk, actor, before, state) = begin(conn, caller, place, if_match, action).await?;
    if action == Action::Approve {
        let submitters = store::submitters(conn, actor.locality, before.id, before.revision).await?;
        desk.sees_with_other_eyes(caller, &submitters).then_some(()).ok_or_else(|| Error::of("four_eyes"))?;
    }
    if action == Action::Excuse && !before.late {
        return Err(Error::of("not_late"));
    }
    let reason = why.reason.iter().filter_map(|reason| checks::check_reason(reason));
    let remarks = checks::check_remarks(&why.remarks, &desk.owed(), desk.indicators());
    Error::check(reason.chain(remarks).collect())?;
    let mut after = before.clone().next(state, actor.at);
    if action == Action::Excuse {
        after.lateness_excuse = why.reason.clone();
    }
    Ok(Decided { desk, actor, before, after })
}

impl Decided {
    /// Does it.
    pub async fn store(&self, conn: &mut Conn, action: Action, why: &Why) -> Result<()> {
        store::update(conn, &self.desk.movement, &self.after).await?;
        store::insert_event(conn, &self.actor, &self.after, action, why).await?;
        tell(conn, &self.actor, &self.desk, &self.after, action).await
    }
}

/// Withdraws, approves, returns, reopens or excuses.
pub async fn decide(
    conn: &mut Conn,
    caller: &Writing,
    place: &Place,
    if_match: &IfMatch,
    action: Action,
    why: &Why,
) -> Result<(Desk, Submission)> {
    let decided = judge(conn, caller, place, if_match, (action, why)).await?;
    decided.store(conn, action, why).await?;
    caller.before(&decided.before)?;
    caller.after(&decided.after)?;
    Ok((decided.desk, decided.after))
}

/// Tells whoever follows.
async fn tell(conn: &mut Conn, actor: &Actor, desk: &Desk, found: &Submission, action: Action) -> Result<()> {
    let told = telling::acted(action, &desk.movement, &found.period, &desk.unit.code, found.revision);
    events::emit(conn, actor.locality, actor.at, &Vec::from_iter(told)).await.map(drop)
}

/// 404, 403, 428 or 412, 409: in this order, and then the step may be taken.
async fn begin(
    conn: &mut Conn,
    caller: &Caller,
    place: &Place,
    if_match: &IfMatch,
    action: Action,
) -> Result<(Desk, Actor, Submission, State)> {
    let (desk, found) = open(conn, caller, place, true).await?;
    let found = found.ok_or_else(Error::not_found)?;
    let actor = desk.permit(caller, action, Some(&found))?;
    if_match.check(found.version)?;
    let state = desk.lets(found.state, action)?;
    Ok((desk, actor, found, state))
}

async fn save(conn: &mut Conn, caller: &Writing, desk: &Desk, found: Submission, state: State) -> Result<Submission> {
    let changed = found.next(state, caller.now);
    store::update(conn, &desk.movement, &changed).await?;
    caller.after(&changed)?;
    Ok(changed)
}

//! The acts on a submission, each a step of its life: looked up, permitted, decided by the rules, stored with its event.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    checks,
    content::{Content, Remark},
    evidence,
    rules::{self, Action, Bar, HandIns, State, may_approve},
    store::{self, Submission},
    telling,
};
use crate::{
    db::{AccountId, Conn, SubmissionId, UnitId, events, word},
    finding::Finding,
    http::{Actor, Caller, Capacity, Error, IfMatch, Result, Writing},
    movements::{self, Movement, Period, plan::Indicator},
    units::{self, Node, Tree},
};

/// Codes of a submission's place: movement, period, unit.
pub type Place = (String, String, String);

/// A unit's place in a period of a movement, where its report lies.
pub struct Desk {
    pub movement: Movement,
    pub period: Period,
    /// As it stood on the period's cut-off day.
    pub unit: Node,
    /// The unit and those above it today: roles held there reach it.
    above: Vec<UnitId>,
}

/// The operation that does an act.
fn operation(action: Action) -> &'static str {
    match action {
        Action::Edit => "draft_submission",
        Action::Submit => "submit_submission",
        Action::Withdraw => "withdraw_submission",
        Action::Approve => "approve_submission",
        Action::Return => "return_submission",
        Action::Reopen => "reopen_submission",
        Action::Excuse => "excuse_lateness",
    }
}

fn refused(code: &'static str, state: impl Serialize) -> Error {
    word(state).map_or_else(|error| error, |state| Error::state(code, state))
}

impl Desk {
    /// The indicators of the plan in force on the period's cut-off day.
    pub fn indicators(&self) -> &[Indicator] {
        &self.movement.on(self.period.window.cutoff_on).plan.indicators
    }

    /// What the unit reports in this period.
    pub fn owed(&self) -> Vec<&Indicator> {
        self.indicators().iter().filter(|indicator| movements::owes(indicator, &self.unit)).collect()
    }

    /// Movement, period and unit, as evidence knows them.
    pub fn place(&self) -> (&Movement, &str, UnitId) {
        (&self.movement, &self.period.window.code, self.unit.id)
    }

    /// What a content names that was handed in for this very place.
    async fn evidence(&self, conn: &mut Conn, content: &Content) -> Result<BTreeSet<Uuid>> {
        let named = content.values.iter().flat_map(|value| value.evidence.iter().copied()).collect();
        evidence::known(conn, self.place(), &named).await
    }

    /// Whether the movement, the period and the submission's own state let an act happen, and to what state it leads.
    pub fn lets(&self, state: State, action: Action) -> Result<State> {
        rules::lets(self.movement.state, self.period.state, state, action).map_err(|bar| match bar {
            Bar::Movement => refused("movement_state", self.movement.state),
            Bar::Period => refused("period_state", self.period.state),
            Bar::Submission => refused("submission_state", state),
        })
    }

    /// The unit's place in a period, where it then was and the caller may know of it; `today` tells whose roles reach it.
    pub fn find(
        caller: &Caller,
        movement: &Movement,
        period: &Period,
        trees: (&Tree, &Tree),
        code: &str,
    ) -> Option<Self> {
        let (then, today) = trees;
        let unit = then.by_code(code)?.clone();
        let above: Vec<UnitId> =
            [unit.id].into_iter().chain(today.ancestors(unit.id).skip(1).map(|node| node.id)).collect();
        let known = caller.knows(&above);
        known.then(|| Self { movement: movement.clone(), period: period.clone(), unit, above })
    }

    /// The submission as handing it in makes it, or everything that is wrong with it.
    pub fn handed_in(
        &self,
        caller: &Caller,
        mut found: Submission,
        evidence: &BTreeSet<Uuid>,
    ) -> Result<Submission, Vec<Finding>> {
        let mut findings = checks::check_submit(&found.content, &self.owed(), self.indicators(), evidence);
        if self.capacity(caller, Action::Submit).own {
            found.content.on_behalf = None;
        } else if found.content.on_behalf.is_none() {
            findings.push(Finding::new("/on_behalf", "on_behalf_needed"));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let so_far = HandIns { revision: found.revision, first_at: found.first_submitted_at, late: found.late };
        let HandIns { revision, first_at, late } = so_far.one_more(caller.now, self.period.window.due_at);
        Ok(Submission { revision, first_submitted_at: first_at, late, ..found })
    }

    /// What stands here before anything is said.
    pub fn blank(&self, at: DateTime<Utc>) -> Submission {
        Submission {
            id: SubmissionId::new(),
            period: self.period.window.code.clone(),
            unit: self.unit.id,
            state: State::Draft,
            content: Content::default(),
            revision: 0,
            first_submitted_at: None,
            late: false,
            lateness_excuse: None,
            updated_at: at,
            version: 1,
        }
    }

    /// Whether the caller may approve what this account handed in.
    pub fn sees_with_other_eyes(&self, caller: &Caller, submitter: AccountId) -> bool {
        may_approve(&caller.persons(operation(Action::Approve)), submitter)
    }

    /// As what the caller may do an act here.
    pub fn capacity(&self, caller: &Caller, action: Action) -> Capacity {
        caller.capacity(operation(action), &self.above)
    }

    /// Whether the caller's roles let them do it here. What the unit handed in itself the agency does not withdraw.
    pub fn may(&self, caller: &Caller, action: Action, found: Option<&Submission>) -> bool {
        let capacity = self.capacity(caller, action);
        let entered = || found.is_some_and(|found| found.content.on_behalf.is_some());
        capacity.own || capacity.wide && (action != Action::Withdraw || entered())
    }

    fn permit(&self, caller: &Caller, action: Action, found: Option<&Submission>) -> Result<Actor> {
        let actor = caller.permit()?;
        self.may(caller, action, found).then_some(actor).ok_or_else(|| Error::of("forbidden"))
    }
}

/// Finds the place, and what stands there, within the caller's reach (404). For a change, the movement stays as it is
/// and the submission is locked until the transaction ends.
pub async fn open(conn: &mut Conn, caller: &Caller, place: &Place, change: bool) -> Result<(Desk, Option<Submission>)> {
    let locality = caller.locality()?;
    let movement = match change {
        true => movements::share(conn, locality, &place.0).await?,
        false => movements::find(conn, locality, &place.0).await?,
    };
    let period = movements::period(conn, &movement, &place.1).await?;
    let history = units::history(conn, locality).await?;
    let (then, today) = (history.on(period.window.cutoff_on), history.begun_by(caller.today()));
    let desk = Desk::find(caller, &movement, &period, (&then, &today), &place.2).ok_or_else(Error::not_found)?;
    let found = match change {
        true => store::lock(conn, &movement, &period.window.code, desk.unit.id).await?,
        false => store::find(conn, &movement, &period.window.code, desk.unit.id).await?,
    };
    Ok((desk, found))
}

/// The same where something stands, or 404, for whom the operation answers (403).
pub async fn read(conn: &mut Conn, caller: &Caller, place: &Place) -> Result<(Desk, Submission)> {
    let (desk, found) = open(conn, caller, place, false).await?;
    let found = found.ok_or_else(Error::not_found)?;
    caller.permit()?;
    Ok((desk, found))
}

/// Whether the report of a place may be edited by the caller, at all (404, 403).
pub async fn may_edit(conn: &mut Conn, caller: &Caller, place: &Place) -> Result<()> {
    let (desk, found) = open(conn, caller, place, false).await?;
    desk.permit(caller, Action::Edit, found.as_ref()).map(drop)
}

/// The desk, where the report lies open for an edit (404, 403, 409) that leaves it as it is.
pub async fn edit(conn: &mut Conn, caller: &Caller, place: &Place) -> Result<(Actor, Desk)> {
    let (desk, found) = open(conn, caller, place, true).await?;
    let actor = desk.permit(caller, Action::Edit, found.as_ref())?;
    desk.lets(found.map_or(State::Draft, |found| found.state), Action::Edit)?;
    Ok((actor, desk))
}

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
    let (desk, actor, found, state) = begin(conn, caller, place, if_match, Action::Submit, true).await?;
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
    change: bool,
) -> Result<Decided> {
    let (desk, actor, before, state) = begin(conn, caller, place, if_match, action, change).await?;
    if action == Action::Approve {
        let submitter = store::submitter(conn, actor.locality, before.id, before.revision).await?;
        desk.sees_with_other_eyes(caller, submitter).then_some(()).ok_or_else(|| Error::of("four_eyes"))?;
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
    let decided = judge(conn, caller, place, if_match, (action, why), true).await?;
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
    change: bool,
) -> Result<(Desk, Actor, Submission, State)> {
    let (desk, found) = open(conn, caller, place, change).await?;
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

//! The acts on a submission, each a step of its life: looked up, permitted, decided by the rules, stored with its event.

use serde_json::{Value as Json, json};

use super::{
    checks,
    content::Content,
    rules::{Action, State, next, period_lets},
    store::{self, Submission},
};
use crate::{
    db::{Conn, SubmissionId},
    finding::Finding,
    http::{Actor, Caller, Error, IfMatch, Result},
    movements::{self, Movement, Period, plan::Indicator},
    units::{self, Node},
};

/// Codes of a submission's place: movement, period, unit.
pub type Place = (String, String, String);

/// A unit and a period of a movement, with what stands there.
pub struct Desk {
    pub movement: Movement,
    pub period: Period,
    pub unit: Node,
    pub submission: Option<Submission>,
    /// The caller acts as one of the unit's own, not as the agency on its behalf.
    pub own: bool,
}

impl Desk {
    /// What the unit reports in this period.
    pub fn owed(&self) -> Vec<&Indicator> {
        let indicators = self.movement.plan.indicators.iter();
        indicators.filter(|indicator| movements::owes(indicator, &self.unit)).collect()
    }

    /// What stands there, or 404.
    pub fn submission(&self) -> Result<&Submission> {
        self.submission.as_ref().ok_or_else(Error::not_found)
    }

    fn lets(&self, state: State, action: Action) -> Result<State> {
        if self.movement.state != movements::State::Launched && action != Action::Excuse {
            return Err(Error::state("movement_state", word(self.movement.state)));
        }
        if !period_lets(self.period.state, state, action) {
            return Err(Error::state("period_state", word(self.period.state)));
        }
        next(state, action).ok_or_else(|| Error::state("submission_state", word(state)))
    }
}

/// An enum as the contract spells it.
pub fn word(word: impl serde::Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Finds the place within the caller's reach (404), and locks what stands there when it is to be changed.
pub async fn open(conn: &mut Conn, caller: &Caller, place: &Place, change: bool) -> Result<Desk> {
    let locality = caller.locality()?;
    let movement = movements::find(conn, locality, &place.0).await?;
    let period = movements::period(conn, &movement, &place.1).await?;
    let id = units::within(conn, locality, &caller.reach(), &place.2, caller.today()).await?;
    let tree = units::tree(conn, locality, period.window.cutoff_on).await?;
    let unit = tree.by_id(id).cloned().ok_or_else(Error::not_found)?;
    let submission = match change {
        true => store::lock(conn, &movement, &period.window.code, id).await?,
        false => store::find(conn, &movement, &period.window.code, id).await?,
    };
    let roles = caller.grants.iter().filter(|grant| grant.role.is_of_unit());
    let own = roles.filter_map(|grant| grant.unit).any(|top| top == id || tree.is_within(id, top));
    Ok(Desk { movement, period, unit, submission, own })
}

/// Puts the whole draft; tells whether it was made.
pub async fn draft(
    conn: &mut Conn,
    caller: &Caller,
    place: &Place,
    if_match: &IfMatch,
    content: Content,
) -> Result<Desk> {
    let mut desk = open(conn, caller, place, true).await?;
    let actor = caller.permit()?;
    match &desk.submission {
        Some(found) => if_match.check(found.version)?,
        None => if_match.check_absent()?,
    }
    let state = desk.lets(desk.submission.as_ref().map_or(State::Draft, |found| found.state), Action::Edit)?;
    let mut findings = checks::check_draft(&content, &desk.owed(), &desk.movement.plan.indicators);
    if desk.owed().is_empty() {
        findings.push(Finding::new("", "nothing_owed").with("unit", &desk.unit.code));
    }
    match (&content.on_behalf, desk.own) {
        (None, false) => findings.push(Finding::new("/on_behalf", "on_behalf_needed")),
        (Some(_), true) => findings.push(Finding::new("/on_behalf", "on_behalf_unneeded")),
        _ => {}
    }
    Error::check(findings)?;
    match desk.submission.take() {
        Some(mut found) => {
            found.content = content;
            desk.submission = Some(save(conn, &actor, &desk.movement, found, state).await?);
        }
        None => {
            let new = Submission {
                id: SubmissionId::new(),
                period: desk.period.window.code.clone(),
                unit: desk.unit.id,
                state,
                content,
                revision: 0,
                first_submitted_at: None,
                late: false,
                lateness_excuse: None,
                updated_at: actor.at,
                version: 1,
            };
            store::insert(conn, &desk.movement, &new).await?;
            desk.submission = Some(new);
        }
    }
    Ok(desk)
}

/// Hands the draft in: everything is checked, the content frozen as the next revision, timeliness measured once.
pub async fn submit(conn: &mut Conn, caller: &Caller, place: &Place, if_match: &IfMatch) -> Result<Desk> {
    let (mut desk, actor, mut found, state) = begin(conn, caller, place, if_match, Action::Submit).await?;
    let mut findings = checks::check_submit(&found.content, &desk.owed(), &desk.movement.plan.indicators);
    if desk.own {
        found.content.on_behalf = None;
    } else if found.content.on_behalf.is_none() {
        findings.push(Finding::new("/on_behalf", "on_behalf_needed"));
    }
    Error::check(findings)?;
    found.revision += 1;
    if found.first_submitted_at.is_none() {
        found.first_submitted_at = Some(actor.at);
        found.late = actor.at > desk.period.window.due_at;
    }
    let found = save(conn, &actor, &desk.movement, found, state).await?;
    store::insert_revision(conn, &actor, &found).await?;
    store::insert_event(conn, &actor, &found, Action::Submit, None, json!([])).await?;
    desk.submission = Some(found);
    Ok(desk)
}

/// What comes with an act: why, and words to single values.
#[derive(Default)]
pub struct Why {
    pub reason: Option<String>,
    pub remarks: Vec<Json>,
}

/// Withdraws, approves, returns, reopens or excuses. Who submitted can never approve.
pub async fn decide(
    conn: &mut Conn,
    caller: &Caller,
    place: &Place,
    if_match: &IfMatch,
    action: Action,
    why: impl FnOnce() -> Result<Why>,
) -> Result<Desk> {
    let (mut desk, actor, mut found, state) = begin(conn, caller, place, if_match, action).await?;
    let submitter = store::submitter(conn, actor.locality, found.id, found.revision).await?;
    match action {
        Action::Approve if submitter == actor.account => return Err(Error::of("four_eyes")),
        // The agency withdraws only what it entered itself.
        Action::Withdraw if !desk.own && found.content.on_behalf.is_none() => return Err(Error::of("forbidden")),
        Action::Excuse if !found.late => return Err(Error::of("not_late")),
        _ => {}
    }
    let why = why()?;
    if action == Action::Excuse {
        found.lateness_excuse = why.reason.clone();
    }
    let found = save(conn, &actor, &desk.movement, found, state).await?;
    store::insert_event(conn, &actor, &found, action, why.reason.as_deref(), why.remarks.into()).await?;
    desk.submission = Some(found);
    Ok(desk)
}

/// 404, 403, 428 or 412, 409: in this order, and then the step may be taken.
async fn begin(
    conn: &mut Conn,
    caller: &Caller,
    place: &Place,
    if_match: &IfMatch,
    action: Action,
) -> Result<(Desk, Actor, Submission, State)> {
    let mut desk = open(conn, caller, place, true).await?;
    let found = desk.submission.take().ok_or_else(Error::not_found)?;
    let actor = caller.permit()?;
    if_match.check(found.version)?;
    let state = desk.lets(found.state, action)?;
    Ok((desk, actor, found, state))
}

async fn save(
    conn: &mut Conn,
    actor: &Actor,
    movement: &Movement,
    mut changed: Submission,
    state: State,
) -> Result<Submission> {
    changed.state = state;
    changed.updated_at = actor.at;
    changed.version += 1;
    store::update(conn, movement, &changed).await?;
    Ok(changed)
}

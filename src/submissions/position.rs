//! Where a report lies: a unit in a period of a movement, found within the caller's reach, and what the caller may do
//! there.

use std::{borrow::Cow, collections::BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    content::Content,
    estimates, evidence, history,
    lifecycle::{self, Action, Bar, HandIns, State, may_approve},
    plausible,
    store::{self, Submission},
    validation,
    value::Value,
};
use crate::{
    clock::day,
    db::{AccountId, Conn, SubmissionId, UnitId, to_text},
    finding::Finding,
    http::{Actor, Caller, Capacity, Error, Reach, Result, access, forbidden},
    movements::{
        self, Movement, Period,
        periods::{self, Window},
        plan::{Field, Indicator, Plan},
        target_table::for_unit,
    },
    units::{self, Node, Tree},
};

/// A report as a path names it, by the codes of its movement, period and unit.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReportPath {
    pub movement: String,
    pub period: String,
    pub unit: String,
}

/// A unit in a period of a movement, where its report lies.
pub struct ReportPosition {
    pub movement: Movement,
    pub period: Period,
    /// As it stood on the period's cut-off day.
    pub unit: Node,
    /// The unit and those above it today: roles held there reach it.
    above: Vec<UnitId>,
    now: DateTime<Utc>,
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
    to_text(state).map_or_else(|error| error, |state| Error::state(code, state))
}

/// Whom a unit asks, where it may not change what it handed in.
fn asking(error: Error, state: State, action: Action) -> Error {
    let (vi, en) = match (state, action) {
        (State::Approved, Action::Edit | Action::Submit) => {
            ("Muốn sửa thì đề nghị cơ quan thường trực mở lại báo cáo. ", "To change it, ask the agency to reopen it. ")
        }
        (State::Submitted, Action::Edit) => (
            "Muốn sửa thì thủ trưởng đơn vị rút lại báo cáo, hoặc đề nghị cơ quan thường trực trả lại. ",
            "To change it, withdraw it, or ask the agency to return it. ",
        ),
        _ => return error,
    };
    error.with("advice_vi", vi).with("advice_en", en)
}

impl ReportPosition {
    /// The indicators of the plan in force on the period's cut-off day.
    pub fn indicators(&self) -> &[Indicator] {
        &self.plan().indicators
    }

    fn plan(&self) -> &Plan {
        &self.movement.on(self.period.dates.cutoff_on).plan
    }

    /// The fields of the same plan.
    pub fn fields(&self) -> &[Field] {
        &self.plan().fields
    }

    /// What the unit reports in this period.
    pub fn owed(&self) -> Vec<&Indicator> {
        let plan = self.plan();
        let reported = periods::reported_in(plan, self.period.dates.window());
        reported.filter(|indicator| movements::owes(indicator, &plan.unit_sets, &self.unit)).collect()
    }

    /// The days that the answer to an indicator covers.
    pub fn covers(&self, indicator: &Indicator) -> Window {
        let own = self.period.dates.window();
        periods::covered(self.plan(), indicator, own).unwrap_or(own)
    }

    /// What it reports, with the unit's own targets for the days that the answers cover.
    pub fn asked(&self) -> Vec<Cow<'_, Indicator>> {
        let owed = self.owed().into_iter();
        owed.map(|indicator| for_unit(self.plan(), indicator, &self.unit, self.covers(indicator))).collect()
    }

    /// Movement, period and unit, as evidence knows them.
    pub fn place(&self) -> (&Movement, &str, UnitId) {
        (&self.movement, &self.period.dates.code, self.unit.id)
    }

    /// What a content names that was handed in for this very place.
    pub async fn evidence(&self, conn: &mut Conn, content: &Content) -> Result<BTreeSet<Uuid>> {
        let named = content.values.iter().flat_map(|value| value.evidence.iter().copied()).collect();
        evidence::known(conn, self.place(), &named).await
    }

    /// What the unit reported last before this period, of the indicators that are compared with it and of others asked for.
    pub async fn last_values(&self, conn: &mut Conn, also: &[&Indicator]) -> Result<Vec<Value>> {
        let owed = self.owed();
        let compared = owed.iter().filter(|indicator| indicator.jump_warning.is_some()).chain(also);
        let compared: Vec<&str> = compared.map(|indicator| indicator.code.as_str()).collect();
        if compared.is_empty() {
            return Ok(Vec::new());
        }
        history::last_values(conn, &self.movement, self.unit.id, self.period.dates.cutoff_on, &compared).await
    }

    /// Whether the movement, the period and the submission's own state let an act happen, and to what state it leads.
    pub fn lets(&self, found: Option<&Submission>, action: Action) -> Result<State> {
        let state = match found {
            Some(found) if action == Action::Edit && self.takes_final(found) => State::Reopened,
            _ => found.map_or(State::Draft, |found| found.state),
        };
        let next = lifecycle::lets(self.movement.state, self.period.state, state, action).map_err(|bar| match bar {
            Bar::Movement => refused("movement_state", self.movement.state),
            Bar::Period => refused("period_state", self.period.state),
            Bar::Submission => asking(refused("submission_state", state), state, action),
        })?;
        if action == Action::Submit {
            self.must_be_open()?;
        }
        Ok(next)
    }

    /// Before the period has begun there is nothing to hand in, and the plan may name a later day.
    fn must_be_open(&self) -> Result<()> {
        let (today, starts_on) = (day(self.now), self.period.dates.starts_on);
        let opens_on = self.movement.opens_on(&self.period.dates);
        match opens_on.filter(|opens_on| today < *opens_on) {
            _ if today < starts_on => Err(Error::of("period_not_begun").with("day", starts_on)),
            Some(opens_on) => Err(Error::of("not_open_yet").with("day", opens_on)),
            None => Ok(()),
        }
    }

    /// The day from which the report waits for its unit: once the last day is over and it is taken, or once it is taken where
    /// it is due before.
    pub fn waits_from(&self) -> NaiveDate {
        let dates = &self.period.dates;
        let over = dates.cutoff_on.succ_opt().unwrap_or(dates.cutoff_on);
        let least = if self.period.is_due_early() { dates.starts_on } else { over };
        self.movement.opens_on(dates).map_or(least, |opens_on| opens_on.max(least))
    }

    /// Whether the unit may open what it handed in again, to put final figures in the place of estimates.
    fn takes_final(&self, found: &Submission) -> bool {
        matches!(found.state, State::Submitted | State::Approved)
            && estimates::give_way(&self.period, found.first_submitted_at, self.now)
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
        let above = today.line_of(unit.id);
        let known = caller.can_see(&above);
        known.then(|| Self { movement: movement.clone(), period: period.clone(), unit, above, now: caller.now })
    }

    /// The submission as handing it in makes it, or everything that is wrong with it. `last` is what the unit
    /// [reported last](Self::last_values).
    pub fn handed_in(
        &self,
        caller: &Caller,
        mut found: Submission,
        evidence: &BTreeSet<Uuid>,
        last: &[Value],
    ) -> Result<Submission, Vec<Finding>> {
        let asked = self.asked();
        let owed: Vec<&Indicator> = asked.iter().map(AsRef::as_ref).collect();
        let mut findings = validation::check_submit(&found.content, &owed, self.indicators(), evidence);
        findings.extend(plausible::check_jumps(&found.content, &owed, last));
        match estimates::are_asked(&self.period, caller.now) {
            true => estimates::mark(&mut found.content),
            false => {
                findings.extend(plausible::check_final(&found.content, self.period.dates.cutoff_on, caller.today()))
            }
        }
        let capacity = self.capacity(caller, Action::Submit);
        if capacity.own {
            found.content.on_behalf = None;
        } else if capacity.wide && found.content.on_behalf.is_none() {
            findings.push(Finding::new("/on_behalf", "on_behalf_needed"));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let so_far = HandIns { revision: found.revision, first_at: found.first_submitted_at, late: found.late };
        let HandIns { revision, first_at, late } = so_far.one_more(caller.now, self.period.dates.due_at);
        Ok(Submission { revision, first_submitted_at: first_at, late, ..found })
    }

    /// The report before anything is said.
    pub fn blank(&self, at: DateTime<Utc>) -> Submission {
        Submission {
            id: SubmissionId::new(),
            period: self.period.dates.code.clone(),
            unit: self.unit.id,
            state: State::Draft,
            content: Content::default(),
            revision: 0,
            first_submitted_at: None,
            late: false,
            lateness_excuse: None,
            updated_at: at,
            version: 1,
            drafted_by: Vec::new(),
        }
    }

    /// Whether the caller sees what is being edited, and not only what was handed in.
    pub fn shows_draft(&self, caller: &Caller) -> bool {
        match draft_reach(caller) {
            Reach::Locality => true,
            Reach::Units(tops) => tops.iter().any(|top| self.above.contains(top)),
        }
    }

    /// Whether the caller may approve what these handed in and others wrote.
    pub fn may_review(&self, caller: &Caller, found: &Submission, submitters: &[AccountId]) -> bool {
        let persons = caller.persons();
        may_approve(&persons, submitters) && may_approve(&persons, &found.drafted_by)
    }

    /// Who lent the caller the role by which they do an act here.
    pub fn acting_for(&self, caller: &Caller, action: Action) -> Vec<AccountId> {
        caller.acting_for(operation(action), &self.above)
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

    pub fn permit(&self, caller: &Caller, action: Action, found: Option<&Submission>) -> Result<Actor> {
        let actor = Actor { acting_for: self.acting_for(caller, action), ..caller.permit()? };
        if !self.may(caller, action, found) {
            return Err(forbidden(access(operation(action))));
        }
        Ok(actor)
    }
}

/// The units whose drafts a caller sees: a draft is its unit's and the agency's until it is handed in.
pub fn draft_reach(caller: &Caller) -> Reach {
    match caller.may_everywhere(operation(Action::Edit)) {
        true => Reach::Locality,
        false => Reach::Units(caller.grants.iter().filter_map(|grant| grant.unit).collect()),
    }
}

/// Finds the position, and its report, within the caller's reach (404).
pub async fn open(conn: &mut Conn, caller: &Caller, path: &ReportPath) -> Result<(ReportPosition, Option<Submission>)> {
    let movement = movements::find(conn, caller.recall()?, &path.movement).await?;
    let position = find(conn, caller, movement, path).await?;
    let found = store::find(conn, &position.movement, &position.period.dates.code, position.unit.id).await?;
    Ok((position, found))
}

/// The same for a change: the movement and the organisation stay as they are, and the report is locked, until the
/// transaction ends.
pub async fn open_for_change(
    conn: &mut Conn,
    caller: &Caller,
    path: &ReportPath,
) -> Result<(ReportPosition, Option<Submission>)> {
    let movement = movements::share_with_tree(conn, caller.recall()?, &path.movement).await?;
    let position = find(conn, caller, movement.into(), path).await?;
    let found = store::lock(conn, &position.movement, &position.period.dates.code, position.unit.id).await?;
    Ok((position, found))
}

async fn find(conn: &mut Conn, caller: &Caller, movement: Movement, path: &ReportPath) -> Result<ReportPosition> {
    let period = movements::period(conn, &movement, &path.period).await?;
    let history = units::history(conn, &movement.recall).await?;
    let (then, today) = (history.on(period.dates.cutoff_on), history.registered_by(caller.today()));
    ReportPosition::find(caller, &movement, &period, (&then, &today), &path.unit).ok_or_else(|| Error::missing("unit"))
}

/// The same where something stands that the caller may see, or 404, for whom the operation answers (403).
pub async fn read(conn: &mut Conn, caller: &Caller, path: &ReportPath) -> Result<(ReportPosition, Submission)> {
    let (position, found) = open(conn, caller, path).await?;
    let found = found.filter(|found| found.revision > 0 || position.shows_draft(caller));
    let found = found.ok_or_else(|| Error::missing("submission"))?;
    caller.permit()?;
    Ok((position, found))
}

/// Whether the report of a place may be edited by the caller, at all (404, 403).
pub async fn may_edit(conn: &mut Conn, caller: &Caller, path: &ReportPath) -> Result<()> {
    let (position, found) = open(conn, caller, path).await?;
    position.permit(caller, Action::Edit, found.as_ref()).map(drop)
}

/// The position, where the report lies open for an edit (404, 403, 409) that leaves it as it is.
pub async fn edit(conn: &mut Conn, caller: &Caller, path: &ReportPath) -> Result<(Actor, ReportPosition)> {
    let (position, found) = open_for_change(conn, caller, path).await?;
    let actor = position.permit(caller, Action::Edit, found.as_ref())?;
    position.lets(found.as_ref(), Action::Edit)?;
    Ok((actor, position))
}

//! A report with everything around it, read at once: the report as the caller sees it, the acts on it, its hand-ins, its
//! documents, and what stood in the period before.

use super::{
    content::Content,
    evidence::{self, EvidenceView},
    history::{self, Event, Snapshot},
    lifecycle::Action,
    position::{self, ReportPath, ReportPosition},
    revisions::{self, RevisionSummary},
    store::{self, Submission},
    value::Value,
    view::{SubmissionView, not_begun, show, view_with},
};
use crate::{
    db::Conn,
    http::{Caller, Error, Result},
    movements::{self, periods::PeriodDates, plan::Indicator},
};

/// Most hand-ins and most documents of one answer.
const REVISIONS_MOST: usize = 10;
const EVIDENCE_MOST: i64 = 100;

pub struct ReportBundle {
    pub position: ReportPosition,
    /// As the caller sees it; blank if there is nothing to see.
    pub report: Submission,
    /// Whether there is something to see.
    pub begun: bool,
    pub view: SubmissionView,
    /// The acts on the report, oldest first.
    pub events: Vec<Event>,
    /// The period before, and what stood there of the same unit.
    pub previous: Option<(PeriodDates, Content)>,
    /// The newest hand-ins, the newest first.
    pub revisions: Vec<RevisionSummary>,
    /// The first documents, oldest first.
    pub evidence: Vec<EvidenceView>,
}

/// The bundle of a report that is owed or begun (404), for whom the operation answers (403).
pub async fn bundle(conn: &mut Conn, caller: &Caller, path: &ReportPath) -> Result<ReportBundle> {
    let (position, found) = position::open(conn, caller, path).await?;
    let found = found.filter(|found| found.revision > 0 || position.shows_draft(caller));
    if found.is_none() && position.owed().is_empty() {
        return Err(Error::missing("submission"));
    }
    caller.permit()?;
    let locality = position.movement.locality;
    let window = before(conn, &position).await?;
    let earlier = match &window {
        Some(window) => store::find(conn, &position.movement, &window.code, position.unit.id).await?,
        None => None,
    };
    let ids: Vec<_> = [&found, &earlier].into_iter().flatten().map(|report| report.id).collect();
    let mut events = history::list_many(conn, locality, &ids).await?;
    let mut events_of =
        |report: &Option<Submission>| report.as_ref().and_then(|report| events.remove(&report.id)).unwrap_or_default();
    let (own, others) = (events_of(&found), events_of(&earlier));
    let mut standing = match earlier.as_ref().zip(standing(&others)) {
        Some((earlier, revision)) => revisions::content(conn, locality, earlier.id, revision).await?,
        None => Content::default(),
    };
    let seldom: Vec<&Indicator> = position.owed().into_iter().filter(|one| one.every.is_some()).collect();
    if !seldom.is_empty() {
        // What is reported less often stood in an earlier period than the last.
        let is_seldom = |value: &Value| seldom.iter().any(|one| one.code == value.indicator);
        standing.values.retain(|value| !is_seldom(value));
        standing.values.extend(position.last_values(conn, &seldom).await?.into_iter().filter(is_seldom));
    }
    let revisions = match &found {
        Some(found) => revisions::newest(conn, locality, found.id, &own, REVISIONS_MOST).await?,
        None => Vec::new(),
    };
    let evidence = evidence::of_report(conn, caller, &position, EVIDENCE_MOST).await?;
    let begun = found.is_some();
    let (report, view) = seen(conn, caller, &position, found, &own).await?;
    let previous = window.map(|window| (window, standing));
    Ok(ReportBundle { position, report, begun, view, events: own, previous, revisions, evidence })
}

/// The period that ends before the report's.
async fn before(conn: &mut Conn, position: &ReportPosition) -> Result<Option<PeriodDates>> {
    let periods = movements::list_periods(conn, &position.movement).await?;
    let own = &position.period.dates;
    let reporting = &position.movement.versions.newest().plan.reporting;
    let earlier = periods.into_iter().map(|period| period.dates).filter(|dates| dates.cutoff_on < own.cutoff_on);
    let mut earlier = earlier.filter(|dates| !reporting.is_base(&dates.code));
    Ok(earlier.next_back())
}

/// The newest revision that was neither returned nor withdrawn: what progress counts on the submitted basis.
fn standing(events: &[Event]) -> Option<i32> {
    let is_void = |revision: i32| {
        let mut acts = events.iter().filter(|event| event.revision == revision);
        acts.any(|event| matches!(event.action, Action::Return | Action::Withdraw))
    };
    let handed_in = events.iter().rev().filter(|event| event.action == Action::Submit);
    handed_in.map(|event| event.revision).find(|revision| !is_void(*revision))
}

/// The report and its view, as `GET` of the report alone answers them.
async fn seen(
    conn: &mut Conn,
    caller: &Caller,
    position: &ReportPosition,
    found: Option<Submission>,
    events: &[Event],
) -> Result<(Submission, SubmissionView)> {
    let Some(found) = found else {
        return Ok((position.blank(caller.now), not_begun(caller, position)));
    };
    if position.shows_draft(caller) {
        let view = view_with(conn, caller, position, &found, events).await?;
        return Ok((found, view));
    }
    let snapshot = Snapshot::as_of(events, caller.now).ok_or_else(|| Error::missing("submission"))?;
    let (locality, due_at) = (position.movement.locality, position.period.dates.due_at);
    let then = history::submission_as_of(conn, locality, found, &snapshot, due_at).await?;
    let view = show(caller, position, &then, Some(&snapshot), Vec::new());
    Ok((then, view))
}

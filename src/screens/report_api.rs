//! The reviewer's page of a report and the reporter's form over HTTP.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::lines::{Asked, ReportLine, answered};
use crate::{
    app::App,
    db::{Conn, to_text},
    http::{Caller, Error, FindingView, Path, Reply, Result, etag},
    submissions::{Event, EvidenceView, ReportBundle, ReportPath, RevisionSummary, State, SubmissionView, bundle},
};

/// Most acts of one answer.
const ACTS_MOST: usize = 50;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_review).service(get_form);
}

/// What every page of a report shows.
#[derive(Serialize, ToSchema)]
struct ReportPage {
    #[serde(flatten)]
    submission: SubmissionView,
    /// For the next act on it; null before it is begun.
    #[schema(example = "\"2\"")]
    etag: Option<String>,
    /// Not handed in yet, and due already.
    overdue: bool,
    /// Answers that are owed: one for each field, or one of an indicator without fields.
    answers_owed: usize,
    /// Of those, the answers that are given in some state.
    answers_given: usize,
    /// Code of the period before.
    #[schema(example = "2025-08")]
    previous_period: Option<String>,
    /// Every indicator that the unit owes, in the plan's order.
    indicators: Vec<ReportLine>,
    /// The first 100 documents, oldest first.
    evidence: Vec<EvidenceView>,
}

/// A report with everything that a reviewer looks at.
#[derive(Serialize, ToSchema)]
struct ReportReview {
    #[serde(flatten)]
    page: ReportPage,
    /// The last 10 revisions, the newest first.
    revisions: Vec<RevisionSummary>,
    /// The last 50 acts, oldest first.
    history: Vec<ReportAct>,
}

/// A report with everything that its form needs.
#[derive(Serialize, ToSchema)]
struct ReportForm {
    #[serde(flatten)]
    page: ReportPage,
    /// What a submit by the caller would find wrong now; the pointers lead into the submission. Empty while the report
    /// cannot be edited.
    findings: Vec<FindingView>,
}

/// An act on a report.
#[derive(Serialize, ToSchema)]
struct ReportAct {
    #[schema(example = "submit")]
    action: String,
    revision: i32,
    at: DateTime<Utc>,
    #[schema(example = "phong-kinh-te-tt")]
    by: String,
    reason: Option<String>,
}

impl ReportAct {
    fn of(event: &Event) -> Result<Self> {
        let (by, reason) = (event.actor.clone(), event.reason.clone());
        Ok(Self { action: to_text(event.action)?, revision: event.revision, at: event.at, by, reason })
    }
}

impl ReportPage {
    fn of(caller: &Caller, bundle: ReportBundle) -> Self {
        let indicators = lines(caller, &bundle);
        let (answers_owed, answers_given) = answered(&indicators);
        let dates = &bundle.position.period.dates;
        Self {
            etag: bundle.begun.then(|| etag(bundle.report.version)),
            overdue: bundle.report.first_submitted_at.is_none() && dates.due_at < caller.now,
            answers_owed,
            answers_given,
            previous_period: bundle.previous.map(|(period, _)| period.code),
            indicators,
            submission: bundle.view,
            evidence: bundle.evidence,
        }
    }
}

fn lines(caller: &Caller, bundle: &ReportBundle) -> Vec<ReportLine> {
    let position = &bundle.position;
    let asked = Asked {
        unit: &position.unit,
        period: &position.period.dates,
        owed: position
            .asked()
            .into_iter()
            .map(|one| (position.covers(&one), one))
            .map(|(days, one)| (one, days))
            .collect(),
        fields: position.fields(),
        said: &bundle.report.content.values,
        previous: bundle.previous.as_ref().map(|(period, content)| (period, content.values.as_slice())),
        now: caller.now,
        locale: caller.locale,
    };
    asked.lines()
}

/// Review a submission
///
/// Everything that a reviewer looks at in one answer: the submission, each value with its target, its verdict and the value
/// of the period before, the documents, the last revisions and what became of them, and the acts. A report that is owed and
/// of which there is nothing to show is `not_begun`.
#[utoipa::path(
    tag = "submissions", params(ReportPath),
    responses((status = 200, description = "The report", body = ReportReview), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/review")]
async fn get_review(app: Data<App>, caller: Caller, path: Path<ReportPath>) -> Result<Reply> {
    caller
        .snapshot(&app.db, async |conn, caller| {
            let mut bundle = bundle(conn, caller, &path).await?;
            let earlier = bundle.events.len().saturating_sub(ACTS_MOST);
            let history = bundle.events[earlier..].iter().map(ReportAct::of).collect::<Result<_>>()?;
            let revisions = std::mem::take(&mut bundle.revisions);
            Reply::ok(ReportReview { history, revisions, page: ReportPage::of(caller, bundle) })
        })
        .await
}

/// What stops a submit of the report as it is.
async fn findings(conn: &mut Conn, caller: &Caller, bundle: &ReportBundle) -> Result<Vec<FindingView>> {
    if !matches!(bundle.report.state, State::Draft | State::Returned | State::Reopened) {
        return Ok(Vec::new());
    }
    let (position, report) = (&bundle.position, bundle.report.clone());
    let evidence = position.evidence(conn, &report.content).await?;
    let last = position.last_values(conn, &[]).await?;
    let found = position.handed_in(caller, report, &evidence, &last).err().unwrap_or_default();
    Ok(found.iter().map(|finding| FindingView::of(finding, caller.locale)).collect())
}

/// Form of a submission
///
/// Everything that the form of a report needs in one answer: the indicators that the unit owes with their words, levels,
/// targets and bounds, the draft, the values of the period before, the documents, and what a submit would find wrong now.
/// Before the report is begun it is `not_begun`.
#[utoipa::path(
    tag = "submissions", params(ReportPath),
    responses((status = 200, description = "The form", body = ReportForm), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/form")]
async fn get_form(app: Data<App>, caller: Caller, path: Path<ReportPath>) -> Result<Reply> {
    caller
        .snapshot(&app.db, async |conn, caller| {
            let bundle = bundle(conn, caller, &path).await?;
            let findings = findings(conn, caller, &bundle).await?;
            Reply::ok(ReportForm { findings, page: ReportPage::of(caller, bundle) })
        })
        .await
}

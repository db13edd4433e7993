//! Assessments: the scoring sheet of a nomination, and the agency's scores.

use std::collections::BTreeMap;

use actix_web::{get, post, put, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    rules::{self, Score},
    store::{self, Assessment},
};
use crate::{
    app::App,
    db::{Conn, to_text},
    exact::Decimal,
    http::{Caller, Error, IfMatch, Json, NoBody, Page, Path, Reply, Result, WriteRequest, etag},
    movements::{
        label,
        plan::{Criterion, CriterionKind},
    },
    nominations::{self, LockedPlace, Nomination, NominationPath, Place, State, place, place_for_change},
};

/// A score as a path names it: the nomination, and the criterion's code.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct AssessmentPath {
    movement: String,
    award: String,
    candidate: String,
    criterion: String,
}

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_assessments).service(adopt_self_scores).service(assess_criterion);
}

/// One criterion of a nomination's scoring sheet.
#[derive(Serialize, ToSchema)]
#[schema(as = Assessment)]
struct AssessmentView {
    #[schema(example = "1.1.b")]
    criterion: String,
    #[schema(value_type = String, example = "assessed")]
    kind: CriterionKind,
    /// Text of the criterion.
    #[schema(required)]
    text: Option<String>,
    /// Maximum points; null for a gate or a check.
    #[schema(required, value_type = Option<String>, example = "40")]
    max: Option<Decimal>,
    /// Points that the candidate claims.
    #[schema(required, value_type = Option<String>, example = "40")]
    self_points: Option<Decimal>,
    /// Points given; null until appraised. Zero is a score.
    #[schema(required, value_type = Option<String>, example = "38.5")]
    points: Option<Decimal>,
    /// Whether the gate is passed, or the answer to the check is yes; null until appraised.
    #[schema(required)]
    passed: Option<bool>,
    /// Whether the answer is that the criterion does not apply to the candidate.
    not_applicable: bool,
    /// Whether the plan lets it be answered so.
    may_drop: bool,
    #[schema(required)]
    comment: Option<String>,
    /// Username of the last assessor.
    #[schema(required, example = "vhxh.thamdinh")]
    assessor: Option<String>,
    #[schema(required)]
    at: Option<DateTime<Utc>>,
    /// ETag for changing the assessment; null until appraised.
    #[schema(required, example = "\"1\"")]
    etag: Option<String>,
}

fn view(
    nomination: &Nomination,
    criterion: &Criterion,
    newest: Option<&Assessment>,
    caller: &Caller,
) -> AssessmentView {
    AssessmentView {
        criterion: criterion.code.clone(),
        kind: criterion.kind,
        text: criterion.text.as_ref().map(|text| label(text, caller.locale)),
        max: criterion.max,
        self_points: nomination.self_scores.get(&criterion.code).copied(),
        points: newest.and_then(|newest| newest.points),
        passed: newest.and_then(|newest| newest.passed),
        not_applicable: newest.is_some_and(|newest| newest.points.is_none() && newest.passed.is_none()),
        may_drop: criterion.may_drop,
        comment: newest.and_then(|newest| newest.comment.clone()),
        assessor: newest.map(|newest| newest.username.clone()),
        at: newest.map(|newest| newest.at),
        etag: newest.map(|newest| etag(newest.version)),
    }
}

/// The sheet: every criterion that people score, in the plan's order.
async fn sheet(
    conn: &mut Conn,
    caller: &Caller,
    place: &Place,
    nomination: &Nomination,
) -> Result<Page<AssessmentView>> {
    let given = newest(conn, place, nomination).await?;
    let of = |criterion: &Criterion| given.iter().find(|given| given.criterion == criterion.code);
    let criteria = place.group(&nomination.group).into_iter().flat_map(|group| &group.criteria);
    let asked = criteria.filter(|criterion| rules::is_assessed(criterion));
    let items = asked.map(|criterion| view(nomination, criterion, of(criterion), caller)).collect();
    Ok(Page::whole(items))
}

fn by_criterion(given: &[Assessment]) -> BTreeMap<&str, &Assessment> {
    given.iter().map(|given| (given.criterion.as_str(), given)).collect()
}

async fn newest(conn: &mut Conn, place: &Place, nomination: &Nomination) -> Result<Vec<Assessment>> {
    store::as_of(conn, place.movement.locality, &[nomination.id], None).await
}

/// Scoring sheet of a nomination
///
/// Every criterion that people score, with the claimed score and the newest given one; null until given.
#[utoipa::path(tag = "awards", params(NominationPath), responses((status = 200, description = "The sheet", body = Page<AssessmentView>), Error))]
#[get("/movements/{movement}/awards/{award}/nominations/{candidate}/assessments")]
async fn list_assessments(app: Data<App>, caller: Caller, path: Path<NominationPath>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let place = place(conn, &caller, &path).await?;
            let found = nominations::find(conn, &place.movement, &place.award.code, place.candidate).await?;
            let nomination = found.ok_or_else(|| Error::missing("nomination"))?;
            caller.permit()?;
            Reply::ok(sheet(conn, &caller, &place, &nomination).await?)
        })
        .await
}

/// Appraise a criterion
///
/// Gives points, passes or fails a gate, or answers a check. `If-None-Match: *` gives the first score, `If-Match` a later one; earlier
/// scores stay on record. A score other than the claimed one needs a comment. Authors of the dossier cannot
/// appraise it.
#[utoipa::path(
    tag = "awards", params(IfMatch, AssessmentPath),
    responses(
        (status = 200, description = "Changed", body = AssessmentView),
        (status = 201, description = "Created", body = AssessmentView),
        Error
    )
)]
#[put("/movements/{movement}/awards/{award}/nominations/{candidate}/assessments/{criterion}")]
async fn assess_criterion(
    app: Data<App>,
    write: WriteRequest,
    path: Path<AssessmentPath>,
    if_match: IfMatch,
    body: Json<Score>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let AssessmentPath { movement, award, candidate, criterion: code } = path.into_inner();
            let path = NominationPath { movement, award, candidate };
            let (place, nomination) = locked(conn, scope, &path).await?;
            let criterion = criterion(&place, &nomination, &code)?;
            let actor = scope.permit()?;
            let given = newest(conn, &place, &nomination).await?;
            let version = given.iter().find(|given| given.criterion == criterion.code).map_or(0, |given| given.version);
            match version {
                0 => if_match.check_absent()?,
                version => if_match.check(version)?,
            }
            check_open(conn, scope, &place, &nomination).await?;
            let score = body.unjudged();
            Error::check(rules::check(criterion, nomination.self_scores.get(&criterion.code).copied(), &score))?;
            if let Some(held) = given.iter().find(|given| given.criterion == criterion.code) {
                scope.before(held)?;
            }
            store::insert(conn, &actor, nomination.id, &criterion.code, version + 1, &score).await?;
            let given = newest(conn, &place, &nomination).await?;
            let given = given.iter().find(|given| given.criterion == criterion.code);
            scope.after(&given)?;
            let location = format!("{}/assessments/{code}", path.location());
            Ok(Reply::put(version == 0, location, view(&nomination, criterion, given, scope))?.tag(version + 1))
        })
        .await
}

/// Adopt the self-scores
///
/// Gives the claimed points on every criterion not yet appraised; answers the sheet.
#[utoipa::path(tag = "awards", params(NominationPath), responses((status = 200, description = "The sheet", body = Page<AssessmentView>), Error))]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/assessments/adopt")]
async fn adopt_self_scores(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    _: NoBody,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (place, nomination) = locked(conn, scope, &path).await?;
            let actor = scope.permit()?;
            check_open(conn, scope, &place, &nomination).await?;
            let given = newest(conn, &place, &nomination).await?;
            scope.before(&by_criterion(&given))?;
            let appraised = |code: &str| given.iter().any(|given| given.criterion == code);
            for (code, points) in nomination.self_scores.iter().filter(|(code, _)| !appraised(code)) {
                let score = Score { points: Some(*points), ..Score::default() };
                store::insert(conn, &actor, nomination.id, code, 1, &score).await?;
            }
            scope.after(&by_criterion(&newest(conn, &place, &nomination).await?))?;
            Reply::ok(sheet(conn, scope, &place, &nomination).await?)
        })
        .await
}

/// The nomination that the path names, locked until the transaction ends (404).
async fn locked(conn: &mut Conn, caller: &Caller, path: &NominationPath) -> Result<(LockedPlace, Nomination)> {
    let place = place_for_change(conn, caller, path).await?;
    let found = nominations::lock(conn, &place.movement, &place.award.code, place.candidate).await?;
    Ok((place, found.ok_or_else(|| Error::missing("nomination"))?))
}

/// The criterion of the nomination's group (404).
fn criterion<'a>(place: &'a Place, nomination: &Nomination, code: &str) -> Result<&'a Criterion> {
    let mut criteria = place.group(&nomination.group).into_iter().flat_map(|group| &group.criteria);
    criteria.find(|criterion| criterion.code == code).ok_or_else(Error::not_found)
}

/// Scores are open while the movement and the nomination are open, and closed to authors of the dossier (409).
async fn check_open(conn: &mut Conn, caller: &Caller, place: &LockedPlace, nomination: &Nomination) -> Result<()> {
    place.must_be_open()?;
    if !matches!(nomination.state, State::Nominated | State::Verified) {
        return Err(Error::state("nomination_state", to_text(nomination.state)?));
    }
    match nominations::authored(conn, caller.locality()?, &[nomination.id], caller.persons()).await?.is_empty() {
        true => Ok(()),
        false => Err(Error::of("four_eyes")),
    }
}

//! Amendments: new versions of a movement's plan, each from its own day on, and what one says otherwise than another.

use std::sync::Arc;

use actix_web::{get, post, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    rule::{PlanChange, PlanRules},
    rules::{self, Former},
};
use crate::{
    app::App,
    clock::day,
    days,
    db::Conn,
    finding::Finding,
    http::{Actor, Caller, Error, IfMatch, Json, Page, Path, Query, Reason, Reply, Result, WriteRequest},
    movements::{
        calendar, continued, launch, locked_store,
        movement::{Movement, Period, State, Stored},
        periods::{self, DueMove, PeriodDates},
        plan::{self, Plan, diff::differences, lint::lint, versions::Version},
        store,
    },
    record::Change,
    units::{self, History},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_plan_version).service(list_plan_versions).service(compare_plan_versions);
    config.service(get_plan_version);
}

/// An issued version of a plan.
#[derive(Serialize, ToSchema)]
struct PlanVersion {
    version: i32,
    /// The first day on which it is in force.
    effective_from: NaiveDate,
    /// Why it was issued; null for the first.
    #[schema(required, example = "Điều chỉnh chỉ tiêu theo văn bản của Thành phố")]
    reason: Option<String>,
    created_at: DateTime<Utc>,
    /// Whether it is in force today.
    in_force: bool,
}

/// A version with its plan.
#[derive(Serialize, ToSchema)]
struct IssuedPlan<'a> {
    #[serde(flatten)]
    issued: PlanVersion,
    plan: &'a Plan,
}

fn view(version: &Version, movement: &Movement, caller: &Caller) -> PlanVersion {
    PlanVersion {
        version: version.number,
        effective_from: version.effective_from,
        reason: version.reason.clone(),
        created_at: version.created_at,
        in_force: movement.state != State::Draft && movement.on(caller.today()).number == version.number,
    }
}

fn find(movement: &Movement, number: i32) -> Result<&Arc<Version>> {
    movement.versions.iter().find(|version| version.number == number).ok_or_else(Error::not_found)
}

/// A new version of the plan.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Amendment {
    /// The first day on which it is in force: after every cut-off day that has passed.
    #[serde(deserialize_with = "days::day")]
    effective_from: NaiveDate,
    reason: Reason,
    /// The plan, whole.
    plan: Plan,
}

/// Amend a plan
///
/// The chair issues a new version, in force from a day on. Periods are judged by the version in force on their cut-off
/// day, so no day that has passed is touched; what an indicator or a criterion means stays, and a new meaning takes a
/// new code. A later end of the span adds periods; other rules for when reports are due move the due instants still to
/// come of the periods from that day on. Before the launch a version takes the place of the one before.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 201, description = "Issued", body = IssuedPlan), Error))]
#[post("/movements/{movement}/plan-versions")]
async fn create_plan_version(
    app: Data<App>,
    plan_rules: Data<PlanRules>,
    write: WriteRequest,
    movement: Path<String>,
    if_match: IfMatch,
    body: Json<Amendment>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = locked_store::lock(conn, scope.recall()?, &movement).await?;
            let actor = scope.permit()?;
            if_match.check(movement.version)?;
            movement.must_be(&[State::Draft, State::Launched])?;
            let mut movement = Movement::from(movement);
            let Amendment { effective_from, reason, plan } = body.unjudged();
            let stored = store::list_periods(conn, &movement).await?;
            let version = Version {
                number: movement.plan_version + 1,
                effective_from,
                reason: Some(reason.clone().into()),
                created_at: actor.at,
                plan,
            };
            let made = periods_by(conn, &movement, &version).await?;
            let added = more_periods(&made, &stored, &version);
            let moved = periods::amended(&movement, &stored, &made, &version);
            let history = held_tree(conn, &movement).await?;
            let wrong = check(&movement, (&stored, &added), &version, &history, &actor)?;
            let unknown = continued::check(conn, scope.recall()?, &version.plan).await?;
            Error::check(reason.check("/reason").into_iter().chain(wrong).chain(unknown.map(of_plan)).collect())?;
            scope.before(&Stored { periods: &stored, ..Stored::whole(&movement) })?;
            let before = Movement::clone(&movement);
            if !added.is_empty() {
                store::insert_periods(conn, &movement, &added).await?;
            }
            plan::insert_version(conn, &actor, movement.id, &version).await?;
            movement.versions.push(Arc::new(version));
            movement.plan_version += 1;
            movement.version += 1;
            store::update(conn, &movement).await?;
            let periods = move_dues(conn, &movement, &actor, (&stored, moved), &reason).await?;
            let periods: Vec<Period> = periods.into_iter().chain(added).collect();
            let (before, after) = ((&before, stored.as_slice()), (&movement, periods.as_slice()));
            let change = PlanChange { at: actor.at, history: &history, before, after };
            keep_rules(conn, &plan_rules, &change).await?;
            scope.after(&Stored { periods: &periods, ..Stored::whole(&movement) })?;
            let issued = movement.versions.newest();
            let body = IssuedPlan { issued: view(issued, &movement, scope), plan: &issued.plan };
            let location = format!("/api/v1/movements/{}/plan-versions/{}", movement.code, issued.number);
            Ok(Reply::created(location, body)?.tag(movement.version))
        })
        .await
}

/// The tree that an amendment of a launched movement is held against, held until the transaction ends; empty before the
/// launch, when no tree counts.
async fn held_tree(conn: &mut Conn, movement: &Movement) -> Result<History> {
    if movement.launched_at.is_none() {
        return Ok(History::default());
    }
    units::lock_tree(conn, movement.locality).await?;
    units::history_now(conn, movement.locality).await
}

/// Nothing breaks that counts on the plan (422).
async fn keep_rules(conn: &mut Conn, plan_rules: &PlanRules, change: &PlanChange<'_>) -> Result<()> {
    if change.after.0.launched_at.is_none() {
        return Ok(());
    }
    let mut broken = Vec::new();
    for rule in plan_rules.0 {
        broken.extend(rule(conn, change).await?);
    }
    Error::check(broken)
}

/// Everything that keeps a version from being issued.
fn check(
    movement: &Movement,
    (stored, added): (&[Period], &[Period]),
    version: &Version,
    history: &History,
    actor: &Actor,
) -> Result<Vec<Finding>> {
    let (newest, today) = (movement.versions.newest(), day(actor.at));
    let mut findings = Vec::new();
    let mut found = lint(&version.plan);
    found.retain(|finding| !finding.warning && !rules::is_kept(finding, &newest.plan));
    match movement.state {
        State::Draft => {
            found.extend(rules::check_code(&newest.plan.code, &version.plan.code));
            findings.extend(rules::check_draft(version.effective_from, version.plan.span.from));
        }
        _ => {
            let cutoffs: Vec<NaiveDate> = stored.iter().map(|period| period.dates.cutoff_on).collect();
            let former = Former { effective_from: newest.effective_from, to: version.plan.span.to };
            findings.extend(rules::check_day(version.effective_from, &former, &cutoffs, today));
            // A code that was dropped and comes back means what it meant.
            let plan = json(&version.plan)?;
            for former in movement.versions.since(movement.launched_at.unwrap_or(actor.at)) {
                let changed = rules::check_plan(&json(&former.plan)?, &plan).into_iter();
                let new: Vec<Finding> = changed.filter(|finding| !found.contains(finding)).collect();
                found.extend(new);
            }
            found.extend(rules::check_cut_periods(&newest.plan, &version.plan, version.effective_from));
            let starts = added.iter().map(|period| period.dates.starts_on);
            found.extend(rules::check_added(cutoffs.iter().max().copied(), starts));
            found.extend(launch::check_tree(&version.plan, &history.on(today.max(version.effective_from))));
            let later = stored.iter().chain(added).map(|period| period.dates.cutoff_on);
            let later = later.filter(|cutoff| *cutoff >= version.effective_from);
            found.extend(launch::check_cutoffs(&version.plan, history, later, &found));
        }
    }
    findings.extend(found.into_iter().map(of_plan));
    Ok(findings)
}

/// A finding of the plan within the amendment.
fn of_plan(finding: Finding) -> Finding {
    Finding { pointer: format!("/plan{}", finding.pointer), ..finding }
}

/// The periods that a version would open on the day of its issue; none before the launch.
async fn periods_by(conn: &mut Conn, movement: &Movement, version: &Version) -> Result<Vec<PeriodDates>> {
    if movement.launched_at.is_none() {
        return Ok(Vec::new());
    }
    let calendar = calendar::of_locality(conn, &movement.recall).await?;
    Ok(periods::generate(&version.plan.reporting, &version.plan.span, version.created_at, &calendar))
}

/// What a later end of the span adds to the periods of a launched movement, from the day on which it is in force: those
/// that stand stay, and those that are over already are due counted from the amendment.
fn more_periods(made: &[PeriodDates], stored: &[Period], version: &Version) -> Vec<Period> {
    let last = stored.iter().map(|period| period.dates.cutoff_on).max();
    let new = |dates: &&PeriodDates| {
        dates.cutoff_on >= version.effective_from && last.is_none_or(|last| dates.cutoff_on > last)
    };
    made.iter().filter(new).cloned().map(Period::open).collect()
}

/// The periods that stand, with the due instants that moved.
async fn move_dues(
    conn: &mut Conn,
    movement: &Movement,
    actor: &Actor,
    (stored, moved): (&[Period], Vec<Period>),
    reason: &str,
) -> Result<Vec<Period>> {
    let find = |before: &Period| moved.iter().find(|after| after.dates.code == before.dates.code);
    let moves = stored.iter().filter_map(|before| Some(DueMove { before, after: find(before)?, reason }));
    periods::move_due(conn, movement, actor, &moves.collect::<Vec<_>>()).await?;
    Ok(stored.iter().map(|before| find(before).unwrap_or(before).clone()).collect())
}

fn json(plan: &Plan) -> Result<Value> {
    serde_json::to_value(plan).map_err(Error::internal)
}

/// Versions of the plan
///
/// Oldest first. A version never changes.
#[utoipa::path(
    tag = "movements",
    responses((status = 200, description = "The versions", body = Page<PlanVersion>), Error)
)]
#[get("/movements/{movement}/plan-versions")]
async fn list_plan_versions(app: Data<App>, caller: Caller, movement: Path<String>) -> Result<Reply> {
    let movement = app.db.read(async |conn| store::find(conn, caller.recall()?, &movement).await).await?;
    caller.permit()?;
    let items = movement.versions.iter().map(|version| view(version, &movement, &caller)).collect();
    Reply::ok(Page::whole(items))
}

/// A version of the plan
///
/// The version with its plan, as issued.
#[utoipa::path(tag = "movements", responses((status = 200, description = "The version", body = IssuedPlan), Error))]
#[get("/movements/{movement}/plan-versions/{version}")]
async fn get_plan_version(app: Data<App>, caller: Caller, path: Path<(String, i32)>) -> Result<Reply> {
    let movement = app.db.read(async |conn| store::find(conn, caller.recall()?, &path.0).await).await?;
    let version = find(&movement, path.1)?;
    caller.permit()?;
    Reply::ok(IssuedPlan { issued: view(version, &movement, &caller), plan: &version.plan })
}

#[derive(Deserialize, IntoParams)]
struct Between {
    /// Number of the one version.
    #[param(minimum = 1, example = 1)]
    from: i32,
    /// Number of the other.
    #[param(minimum = 1, example = 1)]
    to: i32,
}

/// What one version says otherwise than another.
#[derive(Serialize, ToSchema)]
struct PlanDifference {
    from: i32,
    to: i32,
    /// By pointers that name items of lists by their codes: `/indicators/CCHC-05/target/value`.
    changes: Vec<Change>,
}

/// Compare two versions of the plan
///
/// Each differing member with its value in both versions; null where a version has none.
#[utoipa::path(
    tag = "movements", params(Between),
    responses((status = 200, description = "The differences", body = PlanDifference), Error)
)]
#[get("/movements/{movement}/plan-versions/diff")]
async fn compare_plan_versions(
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    between: Query<Between>,
) -> Result<Reply> {
    let movement = app.db.read(async |conn| store::find(conn, caller.recall()?, &movement).await).await?;
    let Between { from, to } = between.into_inner();
    let (old, new) = (find(&movement, from)?, find(&movement, to)?);
    caller.permit()?;
    let changes = differences(&json(&old.plan)?, &json(&new.plan)?);
    Reply::ok(PlanDifference { from, to, changes })
}

//! Transitions of a nomination: withdraw, verify, reject, hold, release.

use actix_web::{post, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    facts::ConfirmedFacts,
    place::{NominationPath, Place, place_for_change},
    rules::{self, Action, Hold, Nomination, REASON_MOST},
    store,
    view::{NominationView, step},
};
use crate::{
    app::App,
    finding::Finding,
    http::{Because, Error, IfMatch, Json, NoBody, OptionalJson, Path, Reason, Reply, Result, WriteRequest},
    movements::plan::CandidateKind,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(withdraw_nomination)
        .service(verify_nomination)
        .service(reject_nomination)
        .service(hold_nomination)
        .service(release_nomination);
}

/// Withdraw a nomination
///
/// Withdraws a nomination before it is verified, by a role that may nominate. The withdrawal is final.
#[utoipa::path(tag = "awards", params(IfMatch, NominationPath), responses((status = 200, description = "Withdrawn", body = NominationView), Error))]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/withdraw")]
async fn withdraw_nomination(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    act(app, write, path, if_match, Action::Withdraw, |_, _| Ok(None)).await
}

/// What the agency verifies.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyNomination {
    /// Whether the candidate does the work directly; default: as claimed. Persons only.
    #[serde(default)]
    direct_work: Option<bool>,
    #[serde(default)]
    facts: ConfirmedFacts,
}

/// Verify a nomination
///
/// The agency confirms that the dossier is true and complete, and its facts: what it leaves out as claimed, otherwise as
/// given here. The candidate can be ranked and the dossier can no longer change. Authors of the dossier cannot verify it.
#[utoipa::path(
    tag = "awards", params(IfMatch, NominationPath), request_body = Option<VerifyNomination>,
    responses((status = 200, description = "Verified", body = NominationView), Error)
)]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/verify")]
async fn verify_nomination(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    if_match: IfMatch,
    body: OptionalJson<VerifyNomination>,
) -> Result<Reply> {
    let (VerifyNomination { direct_work, facts }, today) = (body.unjudged(), write.caller.today());
    act(app, write, path, if_match, Action::Verify, |nomination, place| {
        let candidates = place.award.candidates;
        let of_unit = direct_work.is_some() && candidates != CandidateKind::Person;
        let facts = std::mem::take(&mut nomination.facts).confirmed(facts);
        let mut findings = facts.check(candidates, today);
        findings.extend(of_unit.then(|| Finding::new("/direct_work", "direct_work_of_unit")));
        Error::check(findings)?;
        nomination.direct_work = direct_work.unwrap_or(nomination.direct_work);
        nomination.facts = facts;
        Ok(None)
    })
    .await
}

/// Reject a nomination
///
/// The agency rejects the nomination with a reason, which the candidate's unit can read. The decision is final.
#[utoipa::path(tag = "awards", params(IfMatch, NominationPath), responses((status = 200, description = "Rejected", body = NominationView), Error))]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/reject")]
async fn reject_nomination(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    if_match: IfMatch,
    body: Json<Because>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    act(app, write, path, if_match, Action::Reject, |nomination, _| {
        Error::check(reason.check("/reason").into_iter().collect())?;
        nomination.reason = Some(reason.clone().into());
        Ok(Some(reason.into()))
    })
    .await
}

/// Hold a nomination
///
/// A disciplinary case, an inspection or a complaint is pending: the candidate is not ranked until the release.
#[utoipa::path(tag = "awards", params(IfMatch, NominationPath), responses((status = 200, description = "On hold", body = NominationView), Error))]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/hold")]
async fn hold_nomination(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    if_match: IfMatch,
    body: Json<Hold>,
) -> Result<Reply> {
    let hold = body.unjudged();
    act(app, write, path, if_match, Action::Hold, |nomination, _| {
        let texts = [("/reason", &hold.reason), ("/source", &hold.source)];
        Error::check(texts.into_iter().filter_map(|(at, text)| Finding::length(at, text, 1, REASON_MOST)).collect())?;
        nomination.hold = Some(hold.clone());
        Ok(Some(hold.reason))
    })
    .await
}

/// Reason of a release.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReleaseNomination {
    #[serde(default)]
    reason: Option<Reason>,
}

/// Release a nomination
///
/// Ends the hold: nothing is pending against the candidate.
#[utoipa::path(
    tag = "awards", params(IfMatch, NominationPath), request_body = Option<ReleaseNomination>,
    responses((status = 200, description = "Released", body = NominationView), Error)
)]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/release")]
async fn release_nomination(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    if_match: IfMatch,
    body: OptionalJson<ReleaseNomination>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    act(app, write, path, if_match, Action::Release, |nomination, _| {
        Error::check(reason.iter().filter_map(|reason| reason.check("/reason")).collect())?;
        nomination.hold = None;
        Ok(reason.map(String::from))
    })
    .await
}

/// One transition of a nomination; `change` updates its content (422) and returns the reason to keep.
async fn act(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    if_match: IfMatch,
    action: Action,
    change: impl FnOnce(&mut Nomination, &Place) -> Result<Option<String>>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let place = place_for_change(conn, scope, &path).await?;
            let found = store::lock(conn, &place.movement, &place.award.code, place.candidate).await?;
            let mut nomination = found.ok_or_else(|| Error::missing("nomination"))?;
            let actor = scope.permit()?;
            if_match.check(nomination.version)?;
            place.must_be_open()?;
            let state = step(&nomination, action)?;
            let authored = !store::authored(conn, actor.locality, &[nomination.id], scope.persons()).await?.is_empty();
            if authored && rules::requires_second_person(action) {
                return Err(Error::of("four_eyes"));
            }
            scope.before(&nomination)?;
            let reason = change(&mut nomination, &place)?;
            (nomination.state, nomination.version) = (state, nomination.version + 1);
            let at = (&place.movement, place.award.code.as_str());
            store::save(conn, &actor, at, &nomination, action, reason.as_deref()).await?;
            scope.after(&nomination)?;
            let view = place.view(conn, scope, &nomination).await?;
            let view = if action == Action::Hold { view } else { view.without_hold() };
            Ok(Reply::ok(view)?.tag(nomination.version))
        })
        .await
}

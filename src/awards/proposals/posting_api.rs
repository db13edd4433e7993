//! The posting of a proposal for comments, and objections to it.

use actix_web::{get, post, web::Data};
use chrono::SubsecRound;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Case, must_be_open, proposal, proposal_for_change},
    hearing::{DAYS_MOST, Objection, Posting},
    hearing_store,
    view::{ObjectionView, PostingDays, ProposalView, shown},
};
use crate::{
    app::App,
    awards::{Recipient, recipient_of},
    db::{
        ObjectionId, ProposalId,
        events::{self, Event, EventType},
    },
    finding::Finding,
    http::{Bounded, Caller, Error, Json, Path, Reply, Result, WriteRequest},
    movements::{self, calendar},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(post_proposal).service(get_posting).service(create_objection).service(answer_objection);
}

/// For how long a proposal is posted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPosting {
    /// By the locality's calendar, from the day after; 0: no posting.
    #[schema(maximum = 60, example = 5)]
    working_days: u32,
}

/// Post a proposal
///
/// For comments, on so many working days. Every account of the locality may then object, and nothing is decided before the
/// days are over and each objection is answered. 0 days record that it is not posted.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Posted", body = ProposalView), Error))]
#[post("/proposals/{id}/post")]
async fn post_proposal(app: Data<App>, write: WriteRequest, id: Path<Uuid>, body: Json<NewPosting>) -> Result<Reply> {
    let working_days = body.unjudged().working_days;
    write
        .run(&app.db, async |conn, scope| {
            let (movement, proposal) = proposal_for_change(conn, scope, ProposalId::from(*id)).await?;
            let actor = scope.permit()?;
            must_be_open(&movement, &proposal)?;
            if hearing_store::hearing(conn, actor.locality, proposal.id).await?.posting.is_some() {
                return Err(Error::of("proposal_posted"));
            }
            let out = || Finding::new("/working_days", "number_out_of_range").with("min", 0).with("max", DAYS_MOST);
            Error::check((working_days > DAYS_MOST).then(out).into_iter().collect())?;
            let calendar = calendar::of_locality(conn, scope.recall()?).await?;
            let posted_on = scope.today();
            let ends_on = match working_days {
                0 => posted_on,
                days => calendar.working_days_after(posted_on, days),
            };
            let posting = Posting { working_days, posted_on, ends_on };
            hearing_store::insert_posting(conn, &actor, proposal.id, &posting).await?;
            scope.before(&json!({"posting": null}))?;
            scope.after(&json!({"posting": posting}))?;
            if working_days > 0 {
                let event = Event {
                    kind: EventType::ProposalPosted,
                    movement: movement.code.clone(),
                    subject: format!("proposals/{}", proposal.id),
                    data: json!({"award": proposal.award, "proposal": proposal.id, "ends_on": ends_on}),
                    once: None,
                };
                events::emit(conn, actor.locality, actor.at, &[event]).await?;
            }
            shown(conn, scope, &movement, proposal).await
        })
        .await
}

/// A proposal as it is posted.
#[derive(Serialize, ToSchema)]
struct PostingView {
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "tap-the")]
    award: String,
    #[serde(flatten)]
    days: PostingDays,
    candidates: Vec<PostedCandidate>,
    /// The caller's own objections.
    objections: Vec<ObjectionView>,
}

#[derive(Serialize, ToSchema)]
struct PostedCandidate {
    /// Code or id.
    #[schema(example = "phong-kinh-te")]
    candidate: String,
    #[serde(flatten)]
    recipient: Recipient,
}

/// A proposal as posted
///
/// Who is proposed, with what will be published of them, and the caller's own objections with their answers. 404 where it
/// is not posted.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The posting", body = PostingView), Error))]
#[get("/proposals/{id}/posting")]
async fn get_posting(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let proposal = proposal(conn, &caller, ProposalId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, proposal.movement).await?;
            let case = Case::shown(conn, &caller, &movement, proposal).await?;
            let posting = case.hearing.posting.as_ref().filter(|posting| posting.working_days > 0);
            let days = posting.map(PostingDays::from).ok_or_else(|| Error::missing("posting"))?;
            let posted = |id| {
                let nomination = case.nominations.get(&id)?;
                Some(PostedCandidate { candidate: case.code(id), recipient: recipient_of(&case.directory, nomination) })
            };
            Reply::ok(PostingView {
                movement: movement.code.clone(),
                award: case.proposal.award.clone(),
                days,
                candidates: case.selected().into_iter().filter_map(posted).collect(),
                objections: case.objections(conn, Some(caller.account.id)).await?,
            })
        })
        .await
}

/// A new objection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewObjection {
    /// Whom it is about; left out: the list as a whole.
    #[serde(default)]
    #[schema(example = "phong-kinh-te")]
    candidate: Option<String>,
    text: Bounded<4000>,
}

/// Object to a proposal
///
/// While it is posted, by every account of the locality.
#[utoipa::path(tag = "awards", responses((status = 201, description = "The objection", body = ObjectionView), Error))]
#[post("/proposals/{id}/objections")]
async fn create_objection(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: Json<NewObjection>,
) -> Result<Reply> {
    let new = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            let (movement, proposal) = proposal_for_change(conn, scope, ProposalId::from(*id)).await?;
            let actor = scope.permit()?;
            must_be_open(&movement, &proposal)?;
            let mut case = Case::shown(conn, scope, &movement, proposal).await?;
            if case.hearing.posting.as_ref().is_none_or(|posting| posting.is_over(scope.today())) {
                return Err(Error::of("proposal_not_posted"));
            }
            let selected = case.selected();
            let about =
                new.candidate.as_ref().map(|code| (code, selected.into_iter().find(|id| case.code(*id) == *code)));
            let mut findings = Vec::from_iter(new.text.check("/text"));
            if let Some((code, None)) = about {
                findings.push(Finding::new("/candidate", "candidate_not_proposed").with("candidate", code));
            }
            Error::check(findings)?;
            let objection = Objection {
                id: ObjectionId::new(),
                nomination: about.and_then(|(_, id)| id),
                text: new.text.into(),
                raised_by: actor.account,
                at: actor.at.trunc_subsecs(6),
                answer: None,
            };
            hearing_store::insert_objection(conn, &actor, case.proposal.id, &objection).await?;
            scope.after(&objection)?;
            case.hearing.objections = vec![objection];
            let shown = case.objections(conn, None).await?.pop();
            let location = format!("/api/v1/proposals/{}", case.proposal.id);
            Reply::created(location, shown)
        })
        .await
}

/// The answer to an objection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewObjectionAnswer {
    text: Bounded<4000>,
}

/// Answer an objection
///
/// Once, and not by who raised it. Nothing is decided before every objection is answered.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Answered", body = ObjectionView), Error))]
#[post("/objections/{id}/answer")]
async fn answer_objection(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: Json<NewObjectionAnswer>,
) -> Result<Reply> {
    let text = body.unjudged().text;
    write
        .run(&app.db, async |conn, scope| {
            let id = ObjectionId::from(*id);
            let of = hearing_store::objected(conn, scope.locality()?, id).await?.ok_or_else(Error::not_found)?;
            let (movement, proposal) = proposal_for_change(conn, scope, of).await?;
            let actor = scope.permit()?;
            must_be_open(&movement, &proposal)?;
            let mut case = Case::shown(conn, scope, &movement, proposal).await?;
            case.hearing.objections.retain(|one| one.id == id);
            let objection = case.hearing.objections.first_mut().ok_or_else(Error::not_found)?;
            if scope.persons().contains(&objection.raised_by) {
                return Err(Error::of("objection_own"));
            }
            if objection.answer.is_some() {
                return Err(Error::of("objection_answered"));
            }
            Error::check(text.check("/text").into_iter().collect())?;
            scope.before(objection)?;
            objection.answer = Some(hearing_store::insert_answer(conn, &actor, id, text.into()).await?);
            scope.after(objection)?;
            Reply::ok(case.objections(conn, None).await?.pop())
        })
        .await
}

//! Acts that change what a decision says: a revocation, a correction (đính chính). Each has a number and a date of its own.

use actix_web::{post, web::Data};
use chrono::{NaiveDate, SubsecRound};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::store::{Notice, NoticeKind, insert_notices};
use crate::{
    app::App,
    awards::{
        Member,
        certificates::{of_decision, recipient},
        decisions::{
            Act, ActKind, ActRow, DecisionView, NewNumber, Ruling, decision_for_change, insert_act, insert_paper, shown,
        },
    },
    db::{
        Conn, DecisionId, NominationId,
        events::{self, Event, EventType},
    },
    finding::Finding,
    http::{Actor, Bounded, Error, Json, Path, Reason, Reply, Result, WriteRequest, WriteScope},
    movements::LockedMovement,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(revoke_award).service(correct_award);
}

/// A revocation, with the number and date of its own paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRevocation {
    /// Code of the unit, or id of the person or the household.
    #[schema(example = "phong-kinh-te")]
    candidate: String,
    reason: Reason,
    #[schema(minimum = 1, maximum = 1000000, example = 1301)]
    number: u32,
    #[serde(deserialize_with = "crate::days::day")]
    date: NaiveDate,
    /// Left out: UBND.
    #[serde(default)]
    issuer: Option<Bounded<50>>,
    /// Left out: QĐ.
    #[serde(default)]
    paper_type: Option<Bounded<20>>,
}

/// A correction of one published field, with the number and date of its own paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCorrection {
    /// Code of the unit, or id of the person or the household.
    #[schema(example = "phong-kinh-te")]
    candidate: String,
    member: Member,
    text: Bounded<2000>,
    reason: Reason,
    #[schema(minimum = 1, maximum = 1000000, example = 1302)]
    number: u32,
    #[serde(deserialize_with = "crate::days::day")]
    date: NaiveDate,
    /// Left out: UBND.
    #[serde(default)]
    issuer: Option<Bounded<50>>,
    /// Left out: QĐ.
    #[serde(default)]
    paper_type: Option<Bounded<20>>,
}

/// Revoke an award
///
/// By the chair (dishonest declaration, unlawful procedure), never by who proposed it. It stays on record as revoked, and its
/// certificate answers so.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Revoked", body = DecisionView), Error))]
#[post("/decisions/{id}/revoke")]
async fn revoke_award(app: Data<App>, write: WriteRequest, id: Path<Uuid>, body: Json<NewRevocation>) -> Result<Reply> {
    let NewRevocation { candidate, reason, number, date, issuer, paper_type } = body.unjudged();
    let number = NewNumber { number, date, issuer, paper_type };
    act(app, write, id, Change { candidate, reason, number, corrected: None }).await
}

/// Correct what is published
///
/// A misspelt name, a position, a unit or an achievement, by the chair, never by who proposed. What was published before
/// stays on record.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Corrected", body = DecisionView), Error))]
#[post("/decisions/{id}/correct")]
async fn correct_award(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: Json<NewCorrection>,
) -> Result<Reply> {
    let NewCorrection { candidate, member, text, reason, number, date, issuer, paper_type } = body.unjudged();
    let number = NewNumber { number, date, issuer, paper_type };
    act(app, write, id, Change { candidate, reason, number, corrected: Some((member, text)) }).await
}

struct Change {
    candidate: String,
    reason: Reason,
    number: NewNumber,
    corrected: Option<(Member, Bounded<2000>)>,
}

async fn act(app: Data<App>, write: WriteRequest, id: Path<Uuid>, change: Change) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (movement, decision) = decision_for_change(conn, scope, DecisionId::from(*id)).await?;
            let actor = scope.permit()?;
            let ruling = Ruling::shown(conn, scope, &movement, decision).await?;
            ruling.must_permit(if change.corrected.is_some() { Act::Correct } else { Act::Revoke })?;
            if ruling.proposal.is_by(&scope.persons()) {
                return Err(Error::of("proposal_own"));
            }
            let of = ruling.accepted(&change.candidate);
            if of.is_some_and(|of| ruling.is_revoked(of)) {
                return Err(Error::of("award_revoked"));
            }
            Error::check(check(conn, scope, &ruling, of, &change).await?)?;
            let Some(of) = of else { return Err(Error::not_found()) };
            done(conn, scope, (&actor, &movement), ruling, (of, change)).await
        })
        .await
}

async fn check(
    conn: &mut Conn,
    scope: &WriteScope,
    ruling: &Ruling,
    of: Option<NominationId>,
    change: &Change,
) -> Result<Vec<Finding>> {
    let mut findings = change.number.check(scope.today());
    let decided = ruling.paper().map(|paper| paper.numbered.date);
    if let Some(day) = decided.filter(|day| change.number.date < *day) {
        findings.push(Finding::new("/date", "act_before_decision").with("day", day));
    }
    findings.extend(change.reason.check("/reason"));
    if of.is_none() {
        findings.push(Finding::new("/candidate", "candidate_not_accepted").with("candidate", &change.candidate));
    }
    if let (Some((member, text)), Some(of)) = (&change.corrected, of) {
        findings.extend(text.check("/text"));
        let all = of_decision(conn, scope.locality()?, ruling.decision.id).await?;
        let now = recipient(ruling, &all, of);
        let same = now.is_some_and(|now| now.clone().corrected(*member, text.trim()) == now);
        findings.extend(same.then(|| Finding::new("/text", "correction_needless")));
    }
    Ok(findings)
}

async fn done(
    conn: &mut Conn,
    scope: &WriteScope,
    (actor, movement): (&Actor, &LockedMovement),
    ruling: Ruling,
    (of, change): (NominationId, Change),
) -> Result<Reply> {
    let id = ruling.decision.id;
    let (kind, notice, event) = match &change.corrected {
        None => (ActKind::Revocation, NoticeKind::Revoked, EventType::AwardRevoked),
        Some(_) => (ActKind::Correction, NoticeKind::Corrected, EventType::AwardCorrected),
    };
    let (member, text) = change.corrected.map(|(member, text)| (member, text.trim().to_owned())).unzip();
    let act = ActRow {
        act: ruling.acts.len() as i32 + 1,
        kind,
        nomination: of,
        member,
        text,
        reason: change.reason.into(),
        by: actor.account,
        at: actor.at.trunc_subsecs(6),
    };
    let paper = change.number.paper(actor, id, act.act);
    insert_act(conn, actor, id, &act).await?;
    insert_paper(conn, actor, &paper).await?;
    scope.before(&json!({"act": null}))?;
    scope.after(&json!({"act": act, "registration": paper}))?;
    // Before the publication nobody was told anything that changes.
    if ruling.published.is_some() {
        let unit = ruling.nominations.get(&of).and_then(|one| ruling.directory.unit_of(one.candidate));
        let told: Vec<Notice> =
            unit.into_iter().map(|unit| Notice { unit, nomination: of, act: act.act, kind: notice }).collect();
        insert_notices(conn, actor, id, &told).await?;
        let event = Event {
            kind: event,
            movement: movement.code.clone(),
            subject: format!("decisions/{id}"),
            data: json!({"award": ruling.decision.award, "decision": id, "nomination": of, "member": act.member}),
            once: None,
        };
        events::emit(conn, actor.locality, actor.at, &[event]).await?;
    }
    shown(conn, scope, movement, ruling.decision).await
}

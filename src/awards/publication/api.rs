//! Publishing a decision.

use std::collections::BTreeSet;

use actix_web::{post, web::Data};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::store::{Notice, NoticeKind, insert_notices};
use crate::{
    app::App,
    awards::decisions::{Act, DecisionView, Ruling, decision_for_change, insert_publication, shown},
    db::{
        DecisionId, NominationId,
        events::{self, Event, EventType},
    },
    finding::Finding,
    http::{Error, OptionalJson, Path, Reason, Reply, Result, WriteRequest},
    nominations,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(publish_decision);
}

/// Why a decision is published without the signed paper.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPublication {
    #[serde(default)]
    reason: Option<Reason>,
}

/// Publish a decision
///
/// With the signed paper or a reason, by somebody else than who registered it. Holds are looked at again. Nothing takes it
/// back: what is published changes only by acts that revoke or correct. The proposing units are told.
#[utoipa::path(
    tag = "awards", request_body = Option<NewPublication>,
    responses((status = 200, description = "Published", body = DecisionView), Error)
)]
#[post("/decisions/{id}/publish")]
async fn publish_decision(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: OptionalJson<NewPublication>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    write
        .run(&app.db, async |conn, scope| {
            let (movement, decision) = decision_for_change(conn, scope, DecisionId::from(*id)).await?;
            let actor = scope.permit()?;
            let ruling = Ruling::held(conn, scope, &movement, decision).await?;
            ruling.must_permit(Act::Publish)?;
            if ruling.paper().is_some_and(|paper| paper.is_by(&scope.persons())) {
                return Err(Error::of("registration_own"));
            }
            ruling.must_not_be_barred(&movement, scope)?;
            let mut findings = Vec::from_iter(reason.as_ref().and_then(|reason| reason.check("/reason")));
            if ruling.file.is_none() && reason.is_none() {
                findings.push(Finding::new("/reason", "signed_file_missing"));
            }
            Error::check(findings)?;
            let id = ruling.decision.id;
            let published = insert_publication(conn, &actor, id, reason.map(String::from)).await?;
            let notices = notices(&ruling);
            insert_notices(conn, &actor, id, &notices).await?;
            scope.before(&json!({"publication": null}))?;
            scope.after(&json!({"publication": published}))?;
            let units: BTreeSet<&str> =
                notices.iter().filter_map(|one| ruling.directory.units.by_id(one.unit)).map(|unit| unit.code.as_str()).collect();
            let event = Event {
                kind: EventType::AwardPublished,
                movement: movement.code.clone(),
                subject: format!("decisions/{id}"),
                data: json!({"award": ruling.decision.award, "decision": id, "awarded": ruling.standing().count(), "units": units}),
                once: None,
            };
            events::emit(conn, actor.locality, actor.at, &[event]).await?;
            shown(conn, scope, &movement, ruling.decision).await
        })
        .await
}

/// What the unit of each candidate is told: of everybody whose dossier was verified.
fn notices(ruling: &Ruling) -> Vec<Notice> {
    let awarded: BTreeSet<NominationId> = ruling.standing().map(|(_, id)| id).collect();
    let verified = ruling.nominations.values().filter(|one| one.state == nominations::State::Verified);
    let notice = |one: &nominations::Nomination| {
        let kind = if awarded.contains(&one.id) { NoticeKind::Awarded } else { NoticeKind::NotAwarded };
        Some(Notice { unit: ruling.directory.unit_of(one.candidate)?, nomination: one.id, act: 0, kind })
    };
    verified.filter_map(notice).collect()
}

//! Certificates: issue, list, replace.

use actix_web::{get, post, web::Data};
use chrono::SubsecRound;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    code::code,
    store::{self, Certificate},
    view::{CertificateView, recipient, views},
};
use crate::{
    app::App,
    awards::{
        decisions::{Act, Ruling, decision, decision_for_change},
        recipient_of,
    },
    db::{CertificateId, DecisionId, NominationId},
    http::{Actor, Because, Caller, Error, Json, NoBody, Page, Path, Reply, Result, WriteRequest},
    movements,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_certificates).service(create_certificates).service(replace_certificate);
}

/// Certificates of a decision
///
/// By ordinal, replaced ones too.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The certificates", body = Page<CertificateView>), Error))]
#[get("/decisions/{id}/certificates")]
async fn list_certificates(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let decision = decision(conn, &caller, DecisionId::from(*id)).await?;
            let locality = caller.permit()?.locality;
            let movement = movements::by_id(conn, caller.recall()?, decision.movement).await?;
            let all = store::of_decision(conn, locality, decision.id).await?;
            let ruling = Ruling::shown(conn, &caller, &movement, decision).await?;
            Reply::ok(Page::whole(views(conn, &ruling, all).await?))
        })
        .await
}

/// Issue certificates
///
/// For everybody who is awarded and has none: the ordinal of the decision, a code of 120 random bits, and the fields that are
/// published, frozen as they are today. Holds are looked at again.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The certificates", body = Page<CertificateView>), Error))]
#[post("/decisions/{id}/certificates")]
async fn create_certificates(app: Data<App>, write: WriteRequest, id: Path<Uuid>, _: NoBody) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (movement, decision) = decision_for_change(conn, scope, DecisionId::from(*id)).await?;
            let actor = scope.permit()?;
            let ruling = Ruling::held(conn, scope, &movement, decision).await?;
            ruling.must_permit(Act::Certify)?;
            ruling.must_not_be_barred(&movement, scope)?;
            let lacking = ruling.standing().filter(|(_, id)| !ruling.certified.contains(id));
            let new: Vec<Certificate> = lacking.filter_map(|of| first(&actor, &ruling, of)).collect();
            store::insert(conn, &actor, &new).await?;
            scope.after(&new)?;
            let all = store::of_decision(conn, actor.locality, ruling.decision.id).await?;
            Reply::ok(Page::whole(views(conn, &ruling, all).await?))
        })
        .await
}

fn first(actor: &Actor, ruling: &Ruling, (ordinal, nomination): (u32, NominationId)) -> Option<Certificate> {
    let dossier = ruling.nominations.get(&nomination)?;
    Some(Certificate {
        id: CertificateId::new(),
        decision: ruling.decision.id,
        nomination,
        ordinal,
        version: 1,
        code: code(rand::random()),
        recipient: recipient_of(&ruling.directory, dossier),
        replaces: None,
        reason: None,
        issued_by: actor.account,
        issued_at: actor.at.trunc_subsecs(6),
    })
}

/// Replace a certificate
///
/// One that is lost or wrong: a new code, and the published fields as they are corrected by now. The former one answers that
/// it is replaced.
#[utoipa::path(tag = "awards", responses((status = 201, description = "The new certificate", body = CertificateView), Error))]
#[post("/certificates/{id}/replace")]
async fn replace_certificate(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: Json<Because>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    write
        .run(&app.db, async |conn, scope| {
            let found = store::find(conn, scope.locality()?, CertificateId::from(*id)).await?;
            let former = found.ok_or_else(Error::not_found)?;
            let (movement, decision) = decision_for_change(conn, scope, former.decision).await?;
            let actor = scope.permit()?;
            let ruling = Ruling::shown(conn, scope, &movement, decision).await?;
            ruling.must_permit(Act::Replace)?;
            if ruling.is_revoked(former.nomination) {
                return Err(Error::of("award_revoked"));
            }
            let mut all = store::of_decision(conn, actor.locality, former.decision).await?;
            if all.iter().any(|one| one.replaces == Some(former.id)) {
                return Err(Error::of("certificate_replaced"));
            }
            Error::check(reason.check("/reason").into_iter().collect())?;
            let new = Certificate {
                id: CertificateId::new(),
                version: former.version + 1,
                code: code(rand::random()),
                recipient: recipient(&ruling, &all, former.nomination).unwrap_or(former.recipient.clone()),
                replaces: Some(former.id),
                reason: Some(reason.into()),
                issued_by: actor.account,
                issued_at: actor.at.trunc_subsecs(6),
                ..former.clone()
            };
            scope.before(&former)?;
            store::insert(conn, &actor, std::slice::from_ref(&new)).await?;
            scope.after(&new)?;
            let location = format!("/api/v1/certificates/{}", new.id);
            all.retain(|one| one.ordinal == new.ordinal);
            all.push(new);
            Reply::created(location, views(conn, &ruling, all).await?.pop())
        })
        .await
}

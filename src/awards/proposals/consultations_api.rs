//! Agencies that are asked about a proposal.

use actix_web::{put, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{must_be_open, proposal_for_change},
    hearing::{Consultation, Consulted},
    hearing_store,
    view::{ProposalView, shown},
};
use crate::{
    app::App,
    db::ProposalId,
    http::{Error, IfMatch, Json, Path, Reply, Result, WriteRequest},
    units::check_code,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(put_consultation);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ConsultationPath {
    id: Uuid,
    agency: String,
}

/// Record a consultation
///
/// That an agency was asked, what it answered and what is done about an objection. Nothing is decided before each agency
/// has answered, or the day for it has passed. Earlier records stay. `If-None-Match: *` records first, `If-Match` again.
#[utoipa::path(
    tag = "awards", params(IfMatch, ConsultationPath),
    responses(
        (status = 200, description = "Changed", body = ProposalView),
        (status = 201, description = "Created", body = ProposalView),
        Error
    )
)]
#[put("/proposals/{id}/consultations/{agency}")]
async fn put_consultation(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ConsultationPath>,
    if_match: IfMatch,
    body: Json<Consulted>,
) -> Result<Reply> {
    let said = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            let (movement, proposal) = proposal_for_change(conn, scope, ProposalId::from(path.id)).await?;
            let actor = scope.permit()?;
            let hearing = hearing_store::hearing(conn, actor.locality, proposal.id).await?;
            let before = hearing.consultations.into_iter().find(|one| one.agency == path.agency);
            match &before {
                None => if_match.check_absent()?,
                Some(before) => if_match.check(before.version)?,
            }
            must_be_open(&movement, &proposal)?;
            let mut findings = said.check(scope.today());
            findings.extend(before.is_none().then(|| check_code("", &path.agency)).flatten());
            Error::check(findings)?;
            let version = before.as_ref().map_or(1, |before| before.version + 1);
            let after = Consultation { agency: path.agency.clone(), version, said };
            if let Some(before) = &before {
                scope.before(before)?;
            }
            hearing_store::insert_consultation(conn, &actor, proposal.id, &after).await?;
            scope.after(&after)?;
            let location = format!("/api/v1/proposals/{}/consultations/{}", path.id, path.agency);
            let reply = shown(conn, scope, &movement, proposal).await?.tag(version);
            let status = if version == 1 { 201 } else { 200 };
            Ok(Reply { status, location: (version == 1).then_some(location), ..reply })
        })
        .await
}

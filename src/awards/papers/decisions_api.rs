//! Papers of a decision.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    decision::{certificates, decision},
    grounds::{Cited, Grounds, signer},
};
use crate::{
    app::App,
    awards::{
        certificates::of_decision,
        decisions::{self, Ruling},
    },
    db::DecisionId,
    documents::PaperKind,
    http::{Caller, Error, Path, Result},
    movements, papers,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_decision_document);
}

/// A decision on paper
///
/// `quyet_dinh` with its list, or `giay_khen` of all whose certificates stand, one to a page. Number and day are left open until
/// the registry gave them. 409 while the bonus is unknown, or certificates are not issued. The same decision makes the same
/// bytes.
#[utoipa::path(
    tag = "awards",
    responses(
        (status = 200, description = "The paper", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/pdf")
        )),
        Error
    )
)]
#[get("/decisions/{id}/documents/{paper}")]
async fn get_decision_document(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    path: Path<(Uuid, String)>,
) -> Result<HttpResponse> {
    let paper = papers::paper(&path.1, &[PaperKind::QuyetDinh, PaperKind::GiayKhen])?;
    let kind = papers::Kind::asked(&req)?;
    let (wording, grounds, run, ruling, issued, signer) = app
        .db
        .read(async |conn| {
            let found = decisions::decision(conn, &caller, DecisionId::from(path.0)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, found.movement).await?;
            let signer = signer(conn, found.decided_by).await?;
            let issued = of_decision(conn, movement.locality, found.id).await?;
            let ruling = Ruling::as_decided(conn, &movement, found).await?;
            let (grounds, run) = Grounds::of(conn, &caller, &movement, &ruling.proposal).await?;
            let (wording, _) = papers::wording(conn, movement.locality, paper).await?;
            Ok((wording, grounds, run, ruling, issued, signer))
        })
        .await?;
    let cited = Cited::read(&app, run).await?;
    let values = match paper {
        PaperKind::QuyetDinh => decision(&grounds, &cited, &ruling, signer)?,
        _ => certificates(&grounds, &cited, &ruling, (issued, app.config.service_url()), signer)?,
    };
    papers::answer((&app, &req), (&wording, &values), kind, paper.code()).await
}

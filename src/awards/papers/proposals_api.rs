//! Papers of a proposal.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    grounds::{Cited, Grounds, signer},
    proposal::submission,
    report::report,
};
use crate::{
    app::App,
    awards::proposals::{Case, proposal},
    db::ProposalId,
    documents::{PaperKind, Values},
    finding::Finding,
    http::{Caller, Error, Path, Query, Result},
    movements, papers,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_proposal_document);
}

#[derive(Deserialize, IntoParams)]
struct Whose {
    /// Whose `bao_cao_thanh_tich`: one of those who are proposed, by code.
    #[param(example = "phong-kinh-te")]
    candidate: Option<String>,
}

/// A proposal on paper
///
/// `to_trinh` with its list and its differences, or `bao_cao_thanh_tich` of one who is proposed. Figures are of the sealed run;
/// the same proposal makes the same bytes.
#[utoipa::path(
    tag = "awards",
    params(Whose),
    responses(
        (status = 200, description = "The paper", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/pdf")
        )),
        Error
    )
)]
#[get("/proposals/{id}/documents/{paper}")]
async fn get_proposal_document(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    path: Path<(Uuid, String)>,
    whose: Query<Whose>,
) -> Result<HttpResponse> {
    let paper = papers::paper(&path.1, &[PaperKind::ToTrinh, PaperKind::BaoCaoThanhTich])?;
    let kind = papers::Kind::asked(&req)?;
    let (wording, grounds, run, case, signer) = app
        .db
        .read(async |conn| {
            let found = proposal(conn, &caller, ProposalId::from(path.0)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, found.movement).await?;
            let (grounds, run) = Grounds::of(conn, &caller, &movement, &found).await?;
            let signer = signer(conn, found.proposed_by).await?;
            let case = Case::as_proposed(conn, &movement, found).await?;
            let (wording, _) = papers::wording(conn, movement.locality, paper).await?;
            Ok((wording, grounds, run, case, signer))
        })
        .await?;
    let cited = Cited::read(&app, run).await?;
    let values = match paper {
        PaperKind::ToTrinh => submission(&grounds, &cited, &case, signer)?,
        _ => of_one(&grounds, &cited, &case, whose.candidate.as_deref())?,
    };
    papers::answer((&app, &req), (&wording, &values), kind, paper.code()).await
}

fn of_one(grounds: &Grounds, cited: &Cited, case: &Case, candidate: Option<&str>) -> Result<Values> {
    let missing = || Error::of("content_invalid").because(vec![Finding::new("/candidate", "paper_candidate_missing")]);
    let code = candidate.ok_or_else(missing)?;
    let proposed = case.selected().into_iter().find(|id| case.code(*id) == code);
    let nomination = proposed.and_then(|id| case.nominations.get(&id)).ok_or_else(|| Error::missing("candidate"))?;
    Ok(report(grounds, cited, &case.directory, nomination))
}

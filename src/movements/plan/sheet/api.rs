//! Plans as workbooks over HTTP.

use actix_web::{HttpResponse, get, post, web::Data};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::file::{document, template};
use crate::{
    app::App,
    finding::Finding,
    http::{Caller, Error, FindingView, Locale, Reply, Result, Upload, file},
    movements::plan::check::Ground,
    tables::Format,
};

/// Most bytes of a workbook.
const BODY_MOST: usize = 4 * 1024 * 1024;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_plan_template).service(lint_plan_sheet);
}

/// What a workbook says, and what is wrong with it.
#[derive(Serialize, ToSchema)]
struct SheetReport {
    /// Whether the plan may be loaded: it was read, and no finding is an error.
    loadable: bool,
    /// The plan as far as it could be read, which `POST /movements` takes once it is loadable; null where nothing could.
    #[schema(value_type = Option<Object>)]
    plan: Option<Value>,
    /// Errors first.
    findings: Vec<SheetFinding>,
}

/// One thing that is wrong, or worth a look, with its cell.
#[derive(Serialize, ToSchema)]
struct SheetFinding {
    /// Sheet and cell; the sheet alone where the cell is missing, null where it is about the whole file.
    #[schema(example = "Chỉ tiêu!D7")]
    cell: Option<String>,
    #[serde(flatten)]
    finding: FindingView,
}

impl SheetFinding {
    fn of((cell, finding): &(Option<String>, Finding), locale: Locale) -> Self {
        Self { cell: cell.clone(), finding: FindingView::of(finding, locale) }
    }
}

/// Template of a plan
///
/// A workbook to write a plan in, for who writes none in JSON: a sheet for each part of the plan, notes at the headings,
/// words to choose from, and a guide. `POST /plans/from-sheet` reads it.
#[utoipa::path(
    tag = "movements",
    responses(
        (status = 200, description = "The workbook", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        Error
    )
)]
#[get("/plans/template")]
async fn get_plan_template(caller: Caller) -> Result<HttpResponse> {
    caller.permit()?;
    file(Format::Xlsx.media_type(), "ke-hoach.xlsx", template())
}

/// Read a plan from a workbook
///
/// Answers the plan that the sheets say, and lists every finding at once, of reading and of lint, each with its cell.
/// Sheets and headings are those of `GET /plans/template`; case and diacritics make no difference. A word of a list is a
/// code or a label; a decimal has a comma or a point; a day is 30/09/2025. What is unclear is a finding, never guessed.
/// Stores nothing. At most 4 MiB.
#[utoipa::path(
    tag = "movements",
    request_body(content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, description = "The plan and the findings", body = SheetReport), Error)
)]
#[post("/plans/from-sheet")]
async fn lint_plan_sheet(app: Data<App>, caller: Caller, sheet: Upload<BODY_MOST>) -> Result<Reply> {
    caller.permit()?;
    if Format::of_media_type(&sheet.media_type) != Some(Format::Xlsx) {
        return Err(Error::of("workbook_media_type"));
    }
    let locale = caller.locale;
    let ground = Ground::read(&app, caller).await?;
    let turn = app.imports.take().await?;
    let bytes = sheet.bytes().await?;
    let read = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        document(&bytes, |plan| ground.check(plan).0)
    });
    let mut read = read.await.map_err(Error::internal)?;
    read.findings.sort_by_key(|(_, finding)| finding.warning);
    let loadable = read.plan.is_some() && read.findings.iter().all(|(_, finding)| finding.warning);
    let findings = read.findings.iter().map(|finding| SheetFinding::of(finding, locale)).collect();
    Reply::ok(SheetReport { loadable, plan: read.plan, findings })
}

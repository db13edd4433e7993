//! The wording of a paper: read, changed.

use actix_web::{get, put, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{answer::paper, store};
use crate::{
    app::App,
    documents::{Field, Holds, PaperKind, Template, fields, lint},
    finding::Finding,
    http::{Caller, Error, IfMatch, Path, PutJson, Reply, Result, WriteRequest},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_document_template).service(put_document_template);
}

/// A wording, and what it may name.
#[derive(Serialize, ToSchema)]
#[schema(as = DocumentTemplateVersion)]
struct TemplateView {
    #[serde(flatten)]
    wording: Template,
    /// Whether it is the one that is shipped.
    shipped: bool,
    placeholders: Vec<Placeholder>,
}

#[derive(Serialize, ToSchema)]
struct Placeholder {
    #[schema(example = "nguoi_ky")]
    name: &'static str,
    kind: PlaceholderKind,
    /// Of the rows of a list; else empty.
    members: &'static [&'static str],
    /// Whether the wording must use it.
    required: bool,
    /// What it stands for.
    about: Words,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PlaceholderKind {
    Text,
    Day,
    Rows,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PlaceholderWords)]
struct Words {
    vi: &'static str,
    en: &'static str,
}

impl From<&Field> for Placeholder {
    fn from(field: &Field) -> Self {
        let (kind, members) = match field.holds {
            Holds::Text => (PlaceholderKind::Text, &[][..]),
            Holds::Day => (PlaceholderKind::Day, &[][..]),
            Holds::Rows(members) => (PlaceholderKind::Rows, members),
        };
        let about = Words { vi: field.about.0, en: field.about.1 };
        Self { name: field.name, kind, members, required: field.required, about }
    }
}

fn view(wording: Template, version: i32) -> TemplateView {
    let placeholders = fields(wording.paper).iter().map(Placeholder::from).collect();
    TemplateView { wording, shipped: version == 0, placeholders }
}

/// The wording of a paper
///
/// The locality's own, else the one that is shipped.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The wording", body = TemplateView), Error))]
#[get("/document-templates/{paper}")]
async fn get_document_template(app: Data<App>, caller: Caller, code: Path<String>) -> Result<Reply> {
    let paper = paper(&code, &PaperKind::ALL)?;
    let locality = caller.permit()?.locality;
    app.db
        .read(async |conn| {
            let (wording, version) = store::wording(conn, locality, paper).await?;
            Ok(Reply::ok(view(wording, version))?.tag(version))
        })
        .await
}

/// Change the wording of a paper
///
/// Every mistake is named at once (422). Earlier wordings stay.
#[utoipa::path(
    tag = "awards", params(IfMatch), request_body = Template,
    responses((status = 200, description = "Changed", body = TemplateView), Error)
)]
#[put("/document-templates/{paper}")]
async fn put_document_template(
    app: Data<App>,
    write: WriteRequest,
    code: Path<String>,
    if_match: IfMatch,
    body: PutJson<Template>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let paper = paper(&code, &PaperKind::ALL)?;
            let actor = scope.permit()?;
            let (before, version) = store::wording(conn, actor.locality, paper).await?;
            if_match.check(version)?;
            body.compare(Some(view(before.clone(), version)))?;
            let template = body.unjudged();
            Error::check(checked(&template, paper))?;
            scope.before(&before)?;
            store::insert(conn, &actor, &template, version + 1).await?;
            scope.after(&template)?;
            Ok(Reply::ok(view(template, version + 1))?.tag(version + 1))
        })
        .await
}

fn checked(template: &Template, paper: PaperKind) -> Vec<Finding> {
    match template.paper == paper {
        true => lint(template),
        false => vec![Finding::new("/paper", "template_paper_differs").with("paper", template.paper)],
    }
}

//! Evidence over HTTP.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    get,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    post,
    web::{Bytes, Data},
};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::stream::try_unfold;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    store::{self, DescribedEvidence, FileFacts},
    upload::Upload,
};
use crate::{
    app::App,
    db::{Conn, EvidenceId, UnitId},
    http::{Caller, Error, Page, PageQuery, Path, Query, Reach, Reply, Result, WriteRequest},
    submissions::position::{self, ReportPath, ReportPosition, draft_reach},
    units::{self, History},
};

/// The operation of those who judge dossiers.
const JUDGED_BY: &str = "list_assessments";

/// Most other uses of a file that are named.
const USES_MOST: usize = 100;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_evidence).service(list_evidence).service(get_evidence).service(get_evidence_file);
}

/// A document as it is sent: a file or a link, and what is said of it.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)] // the shape of what `Upload` reads, for the document
struct NewEvidence {
    /// PDF, DOCX, XLSX, PNG or JPEG, at most 20 MiB, with its name.
    #[schema(value_type = Option<String>, format = Binary, content_media_type = "application/octet-stream")]
    file: Option<Vec<u8>>,
    /// The document's number.
    #[schema(max_length = 100, example = "12/CV-UBND")]
    number: Option<String>,
    /// The day it was issued.
    date: Option<NaiveDate>,
    #[schema(max_length = 300, example = "UBND xã Hồng Vân")]
    issuer: Option<String>,
    /// The words that matter.
    #[schema(max_length = 4000, example = "Tỷ lệ giải quyết đúng hạn đạt 99,16%")]
    excerpt: Option<String>,
    /// Where the document stands, in place of a file.
    #[schema(max_length = 2000, example = "https://dichvucong.gov.vn/thong-ke/10210")]
    link: Option<String>,
}

/// Bytes as they are.
#[derive(ToSchema)]
#[allow(dead_code)] // for the document
#[schema(value_type = String, format = Binary)]
struct Binary(Vec<u8>);

/// A document behind a report's figures. It never changes.
#[derive(Clone, Serialize, ToSchema)]
pub struct EvidenceView {
    pub id: EvidenceId,
    #[serde(flatten)]
    place: EvidencePlace,
    #[schema(required)]
    file: Option<EvidenceFile>,
    #[schema(required, example = "12/CV-UBND")]
    number: Option<String>,
    #[schema(required)]
    date: Option<NaiveDate>,
    #[schema(required, example = "UBND xã Hồng Vân")]
    issuer: Option<String>,
    #[schema(required)]
    excerpt: Option<String>,
    #[schema(required)]
    link: Option<String>,
    #[schema(example = "phong-kinh-te-tt")]
    uploaded_by: String,
    uploaded_at: DateTime<Utc>,
    /// Other evidence within the caller's reach with the very same bytes: worth a look, and refused by nobody.
    used_elsewhere: Vec<EvidenceUse>,
}

/// Where evidence belongs.
#[derive(Clone, Serialize, ToSchema)]
struct EvidencePlace {
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "2025-09")]
    period: String,
    #[schema(example = "phong-kinh-te")]
    unit: String,
    #[schema(example = "Phòng Kinh tế")]
    unit_name: String,
}

#[derive(Clone, Serialize, ToSchema)]
struct EvidenceFile {
    #[schema(example = "cong-van-12.pdf")]
    name: String,
    #[schema(example = "application/pdf")]
    media_type: &'static str,
    /// Bytes.
    #[schema(example = 48_211)]
    size: i64,
    /// Of the bytes, in hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    sha256: String,
    /// Where the bytes are.
    #[schema(example = "/api/v1/evidence/0197a3b0-0000-7000-8000-000000000000/file")]
    href: String,
}

/// The same file, handed in another time.
#[derive(Clone, Serialize, ToSchema)]
struct EvidenceUse {
    id: EvidenceId,
    #[serde(flatten)]
    place: EvidencePlace,
}

impl EvidencePlace {
    fn of(named: &DescribedEvidence, history: &History) -> Self {
        let unit = history.registered_by(named.cutoff_on).by_id(named.evidence.unit).cloned();
        Self {
            movement: named.movement.clone(),
            period: named.evidence.period.clone(),
            unit: unit.as_ref().map(|unit| unit.code.clone()).unwrap_or_default(),
            unit_name: unit.map(|unit| unit.name).unwrap_or_default(),
        }
    }
}

impl EvidenceFile {
    fn of(id: EvidenceId, FileFacts { name, kind, size, sha256 }: FileFacts) -> Self {
        let (media_type, href) = (kind.media_type(), format!("/api/v1/evidence/{id}/file"));
        Self { name, media_type, size, sha256, href }
    }
}

/// Whether the caller's roles reach the unit where it stands today.
fn reaches(caller: &Caller, history: &History, unit: UnitId) -> bool {
    caller.can_see(&history.registered_by(caller.today()).line_of(unit))
}

/// Whether the caller sees the documents of the unit's drafts.
fn sees_drafts(caller: &Caller, history: &History, unit: UnitId) -> bool {
    match draft_reach(caller) {
        Reach::Locality => true,
        Reach::Units(tops) => {
            let above = history.registered_by(caller.today()).line_of(unit);
            tops.iter().any(|top| above.contains(top))
        }
    }
}

/// Those of the documents that the caller sees: of a draft until it is handed in only who drafts, and what a dossier names
/// who judges it.
async fn seen(
    conn: &mut Conn,
    caller: &Caller,
    history: &History,
    found: Vec<DescribedEvidence>,
) -> Result<Vec<DescribedEvidence>> {
    let of_drafts = |found: &&DescribedEvidence| !sees_drafts(caller, history, found.evidence.unit);
    let hidden: Vec<EvidenceId> = found.iter().filter(of_drafts).map(|found| found.evidence.id).collect();
    if hidden.is_empty() {
        return Ok(found);
    }
    let mut open = store::handed_in(conn, caller.locality()?, &hidden).await?;
    if caller.may(JUDGED_BY) {
        open.extend(store::of_dossiers(conn, caller.locality()?, &hidden).await?);
    }
    let shown = |found: &DescribedEvidence| {
        let id = found.evidence.id;
        !hidden.contains(&id) || open.contains(&id)
    };
    Ok(found.into_iter().filter(shown).collect())
}

/// Evidence that the caller sees (404), for whom the operation answers (403).
async fn open(conn: &mut Conn, caller: &Caller, id: EvidenceId) -> Result<(DescribedEvidence, Arc<History>)> {
    let locality = caller.locality()?;
    let found = store::find(conn, locality, id).await?.ok_or_else(Error::not_found)?;
    let history = units::history(conn, caller.recall()?).await?;
    if !reaches(caller, &history, found.evidence.unit) {
        return Err(Error::not_found());
    }
    let found = seen(conn, caller, &history, vec![found]).await?.pop().ok_or_else(Error::not_found)?;
    caller.permit()?;
    Ok((found, history))
}

/// Documents as views, each with the other uses of its file that the caller sees.
pub(super) async fn views(
    conn: &mut Conn,
    caller: &Caller,
    found: Vec<DescribedEvidence>,
    history: &History,
) -> Result<Vec<EvidenceView>> {
    let others = store::same_files(conn, caller.locality()?, &found, USES_MOST).await?;
    let others = others.into_iter().filter(|other| reaches(caller, history, other.evidence.unit)).collect();
    let others = seen(conn, caller, history, others).await?;
    Ok(found.into_iter().map(|found| view(found, &others, history)).collect())
}

async fn one(conn: &mut Conn, caller: &Caller, found: DescribedEvidence, history: &History) -> Result<EvidenceView> {
    views(conn, caller, vec![found], history).await?.pop().ok_or_else(Error::not_found)
}

fn view(found: DescribedEvidence, others: &[DescribedEvidence], history: &History) -> EvidenceView {
    let digest = |of: &DescribedEvidence| of.evidence.file.as_ref().map(|file| file.sha256.clone());
    let own = digest(&found);
    let same =
        |other: &&DescribedEvidence| own.is_some() && digest(other) == own && other.evidence.id != found.evidence.id;
    let uses = others.iter().filter(same).take(USES_MOST);
    let used_elsewhere =
        uses.map(|other| EvidenceUse { id: other.evidence.id, place: EvidencePlace::of(other, history) }).collect();
    let place = EvidencePlace::of(&found, history);
    let DescribedEvidence { evidence, uploaded_by, .. } = found;
    let about = evidence.about;
    EvidenceView {
        id: evidence.id,
        place,
        file: evidence.file.map(|file| EvidenceFile::of(evidence.id, file)),
        number: about.number,
        date: about.date,
        issuer: about.issuer,
        excerpt: about.excerpt,
        link: about.link,
        uploaded_by,
        uploaded_at: evidence.uploaded_at,
        used_elsewhere,
    }
}

/// Upload evidence
///
/// A file or a link for the report of one unit and period, while it may be edited; values of that report then name its
/// id. It is never changed or deleted.
#[utoipa::path(
    tag = "submissions", params(ReportPath),
    request_body(content = NewEvidence, content_type = "multipart/form-data"),
    responses((status = 201, description = "Stored", body = EvidenceView), Error)
)]
#[post("/movements/{movement}/submissions/{period}/{unit}/evidence")]
async fn create_evidence(
    req: HttpRequest,
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    parts: Multipart,
) -> Result<Reply> {
    // Nobody sends 20 MiB to learn that they may not.
    app.db.read(async |conn| position::may_edit(conn, &write.caller, &path).await).await?;
    let upload = Upload::receive(&req, parts).await?;
    write
        .run(&app.db, async |conn, scope| {
            let (actor, position) = position::edit(conn, scope, &path).await?;
            let stored = store::insert(conn, &actor, position.place(), upload).await?;
            scope.after(&stored)?;
            let (found, history) = open(conn, scope, stored.id).await?;
            let view = one(conn, scope, found, &history).await?;
            Reply::created(format!("/api/v1/evidence/{}", stored.id), view)
        })
        .await
}

/// The documents of a place that the caller sees, oldest first.
async fn documents(
    conn: &mut Conn,
    caller: &Caller,
    position: &ReportPosition,
    history: &History,
    (mut after, limit): (Option<EvidenceId>, i64),
) -> Result<Vec<DescribedEvidence>> {
    let mut documents = Vec::new();
    loop {
        let found = store::of_place(conn, position.place(), after, limit).await?;
        let (all, last) = (found.len() as i64, found.last().map(|found| found.evidence.id));
        documents.extend(seen(conn, caller, history, found).await?);
        if all < limit || documents.len() as i64 >= limit {
            documents.truncate(limit as usize);
            return Ok(documents);
        }
        after = last;
    }
}

/// The first documents of a place that the caller sees, oldest first.
pub async fn of_report(
    conn: &mut Conn,
    caller: &Caller,
    position: &ReportPosition,
    most: i64,
) -> Result<Vec<EvidenceView>> {
    let history = units::history(conn, &position.movement.recall).await?;
    let found = documents(conn, caller, position, &history, (None, most)).await?;
    views(conn, caller, found, &history).await
}

/// Evidence of a report
///
/// The documents of one unit and period, named by its values or not; oldest first.
#[utoipa::path(
    tag = "submissions", params(PageQuery, ReportPath),
    responses((status = 200, description = "A page", body = Page<EvidenceView>), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/evidence")]
async fn list_evidence(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    path: Path<ReportPath>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    let (limit, after) = (page.limit()?, page.after()?);
    app.db
        .read(async |conn| {
            let (position, _) = position::open(conn, &caller, &path).await?;
            caller.permit()?;
            let history = units::history(conn, caller.recall()?).await?;
            let found = documents(conn, &caller, &position, &history, (after, limit + 1)).await?;
            let views = views(conn, &caller, found, &history).await?;
            Page::of(views, limit, |evidence| evidence.id, |evidence| evidence)?.reply(&req)
        })
        .await
}

/// Evidence
///
/// The data of a document, and where else its file is used.
#[utoipa::path(tag = "submissions", responses((status = 200, description = "The document's facts", body = EvidenceView), Error))]
#[get("/evidence/{id}")]
async fn get_evidence(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (found, history) = open(conn, &caller, EvidenceId::from(*id)).await?;
            Reply::ok(one(conn, &caller, found, &history).await?)
        })
        .await
}

/// Download the file of evidence
///
/// The bytes as uploaded, as an attachment only; a link has none (404).
#[utoipa::path(
    tag = "submissions",
    responses(
        (status = 200, description = "The file", content(
            (Binary = "application/pdf"),
            (Binary = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Binary = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Binary = "image/png"),
            (Binary = "image/jpeg"),
        )),
        Error
    )
)]
#[get("/evidence/{id}/file")]
async fn get_evidence_file(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<HttpResponse> {
    let (found, _) = app.db.read(async |conn| open(conn, &caller, EvidenceId::from(*id)).await).await?;
    let file = found.evidence.file.ok_or_else(Error::not_found)?;
    let (db, locality, id) = (app.db.clone(), caller.locality()?, EvidenceId::from(*id));
    // A connection for each piece: who reads slowly keeps none from others.
    let pieces = try_unfold(0, move |number| {
        let db = db.clone();
        async move {
            let piece = db.read(async |conn| store::piece(conn, locality, id, number).await).await;
            // The head is out: all that can be told is that the rest does not come.
            let piece = piece.map_err(|error| std::io::Error::other(error.code()))?;
            Ok::<_, std::io::Error>(piece.map(|piece| (Bytes::from(piece), number + 1)))
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.kind.media_type()))
        .insert_header((CONTENT_DISPOSITION, attachment(&file.name)))
        .body(SizedStream::new(file.size as u64, Box::pin(pieces))))
}

/// To be saved under this name (RFC 6266; the second for clients that read no UTF-8).
fn attachment(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
}

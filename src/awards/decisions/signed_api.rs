//! The signed paper: a scan, or a digitally signed PDF.

use std::io::SeekFrom;

use actix_web::{
    HttpResponse,
    body::SizedStream,
    get,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    put,
    web::{Bytes, Data},
};
use chrono::SubsecRound;
use futures_util::stream::try_unfold;
use serde::Deserialize;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Ruling, decision, decision_for_change},
    papers_store::{self, SignedFile, insert_file},
    rules::Act,
    view::{DecisionView, shown},
};
use crate::{
    app::App,
    canonical::hex,
    db::DecisionId,
    finding::Finding,
    http::{Caller, Error, Path, Query, Reply, Result, Upload, WriteRequest},
    submissions::{HEAD, Kind, TAIL, check_content},
};

/// Most bytes of a signed paper.
const FILE_MOST: usize = 20 * 1024 * 1024;

pub fn routes(config: &mut ServiceConfig) {
    config.service(put_signed_file).service(get_signed_file);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Digest {
    /// SHA-256 of the file in hexadecimal digits; what comes otherwise is refused.
    #[param(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: Option<String>,
}

/// Send the signed paper
///
/// PDF, PNG or JPEG, at most 20 MiB, kept by its digest. Until the publication another one may be sent in its place; earlier
/// ones stay on record. The same one again changes nothing.
#[utoipa::path(
    tag = "awards", params(Digest),
    request_body(content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"))),
    responses(
        (status = 200, description = "Changed", body = DecisionView),
        (status = 201, description = "Created", body = DecisionView),
        Error
    )
)]
#[put("/decisions/{id}/signed-file")]
async fn put_signed_file(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    digest: Query<Digest>,
    upload: Upload<FILE_MOST>,
) -> Result<Reply> {
    // Nobody sends 20 MiB to learn that they may not.
    let of = DecisionId::from(*id);
    app.db.read(async |conn| decision(conn, &write.caller, of).await.and_then(|_| write.caller.permit())).await?;
    let kinds = [Kind::Pdf, Kind::Png, Kind::Jpeg];
    let kind = kinds.into_iter().find(|kind| kind.media_type() == upload.media_type);
    let kind = kind.ok_or_else(|| Error::of("media_type_unsupported"))?;
    let Upload { size, sha256, mut file, .. } = upload;
    let mut findings = content(kind, &mut file, size as u64).await?;
    let found = hex(&sha256);
    if let Some(expected) = digest.sha256.as_ref().filter(|expected| expected.to_ascii_lowercase() != found) {
        findings.push(Finding::new("/sha256", "signed_file_differs").with("expected", expected).with("found", &found));
    }
    write
        .run(&app.db, async |conn, scope| {
            let (movement, decision) = decision_for_change(conn, scope, of).await?;
            let actor = scope.permit()?;
            let ruling = Ruling::shown(conn, scope, &movement, decision).await?;
            let same = ruling.file.as_ref().is_some_and(|before| before.sha256 == found);
            if !same {
                ruling.must_permit(Act::TakeFile)?;
            }
            Error::check(findings)?;
            let version = ruling.file.as_ref().map_or(1, |before| before.version + i32::from(!same));
            let at = actor.at.trunc_subsecs(6);
            let new = SignedFile { version, kind, size: size as i64, sha256: found, by: actor.account, at };
            if let Some(before) = &ruling.file {
                scope.before(before)?;
            }
            if !same {
                insert_file(conn, &actor, ruling.decision.id, (&new, &sha256), &mut file).await?;
            }
            scope.after(if same { ruling.file.as_ref().unwrap_or(&new) } else { &new })?;
            let created = ruling.file.is_none();
            let reply = shown(conn, scope, &movement, ruling.decision).await?;
            let location = created.then(|| format!("/api/v1/decisions/{of}/signed-file"));
            Ok(Reply { status: if created { 201 } else { 200 }, location, ..reply })
        })
        .await
}

/// Whether a file is a whole one of its kind; it is at its beginning again then.
async fn content(kind: Kind, file: &mut File, size: u64) -> Result<Vec<Finding>> {
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    (&mut *file).take(HEAD as u64).read_to_end(&mut head).await.map_err(Error::internal)?;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL as u64))).await.map_err(Error::internal)?;
    file.read_to_end(&mut tail).await.map_err(Error::internal)?;
    file.rewind().await.map_err(Error::internal)?;
    let wrong = check_content(kind, &head, &tail, size).map(|_| Finding::new("", "signed_file_kind"));
    Ok(wrong.into_iter().collect())
}

/// Bytes as they are.
#[derive(utoipa::ToSchema)]
#[allow(dead_code)] // for the document
#[schema(value_type = String, format = Binary)]
struct SignedBytes(Vec<u8>);

/// Download the signed paper
///
/// The newest, as it was sent; 404 while there is none.
#[utoipa::path(
    tag = "awards",
    responses(
        (status = 200, description = "The file", content(
            (SignedBytes = "application/pdf"), (SignedBytes = "image/png"), (SignedBytes = "image/jpeg"),
        )),
        Error
    )
)]
#[get("/decisions/{id}/signed-file")]
async fn get_signed_file(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<HttpResponse> {
    let (locality, of) = (caller.locality()?, DecisionId::from(*id));
    let file = app
        .db
        .read(async |conn| {
            decision(conn, &caller, of).await?;
            caller.permit()?;
            papers_store::file_of(conn, locality, of).await?.ok_or_else(|| Error::missing("signed_file"))
        })
        .await?;
    let (db, version) = (app.db.clone(), file.version);
    // A connection for each piece: who reads slowly keeps none from others.
    let pieces = try_unfold(0, move |number| {
        let db = db.clone();
        async move {
            let piece = db.read(async |conn| papers_store::piece(conn, locality, (of, version), number).await).await;
            let piece = piece.map_err(|error| std::io::Error::other(error.code()))?;
            Ok::<_, std::io::Error>(piece.map(|piece| (Bytes::from(piece), number + 1)))
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.kind.media_type()))
        .insert_header((CONTENT_DISPOSITION, "attachment"))
        .body(SizedStream::new(file.size as u64, Box::pin(pieces))))
}

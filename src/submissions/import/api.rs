//! Importing over HTTP.

use std::collections::BTreeMap;

use actix_web::{
    post,
    web::{self, Bytes, Data},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    act::{self, Change, Order, Outcome},
    csv, json,
    rows::{Reading, Row},
    store,
    view::{self, ImportAnswer},
    xlsx,
};
use crate::{
    app::App,
    db::Conn,
    finding::Finding,
    http::{Caller, Error, Path, Query, Reply, Result, Upload, Write, Writing},
    submissions::content::OnBehalf,
};

/// Most bytes of an import.
const BODY_MOST: usize = 32 * 1024 * 1024;
const WORDS_MOST: usize = 4_000;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn routes(config: &mut ServiceConfig) {
    config.service(import_submissions);
}

/// Whether rows that fit are stored where others do not.
#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ImportMode {
    /// All rows or none.
    #[default]
    Atomic,
    /// Those that fit.
    Partial,
}

#[derive(Deserialize, IntoParams)]
struct ImportQuery {
    /// `atomic` (the default) stores all rows or none, `partial` those that fit.
    #[serde(default)]
    #[param(inline, required = false)]
    mode: ImportMode,
    /// Hands in the submissions that are complete.
    #[serde(default)]
    #[param(required = false)]
    submit: bool,
    /// The same checks and the same answer, and nothing is stored.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
    /// Why the agency enters for the units.
    #[param(max_length = 4000, example = "Thôn chưa có máy tính")]
    on_behalf_reason: Option<String>,
    /// Where the agency has the figures from.
    #[param(max_length = 4000, example = "Báo cáo giấy ngày 12/9/2025")]
    on_behalf_source: Option<String>,
}

impl ImportQuery {
    fn order(&self) -> Result<Order> {
        let (reason, source) = (self.on_behalf_reason.clone(), self.on_behalf_source.clone());
        let on_behalf = (reason.is_some() || source.is_some())
            .then(|| OnBehalf { reason: reason.unwrap_or_default(), source: source.unwrap_or_default() });
        let said = on_behalf.iter().flat_map(|words| [("reason", &words.reason), ("source", &words.source)]);
        let length =
            |(name, words): (&str, &String)| Finding::length(format!("/on_behalf_{name}"), words, 1, WORDS_MOST);
        Error::check(said.filter_map(length).collect())?;
        Ok(Order { submit: self.submit, on_behalf })
    }
}

/// Import values
///
/// One row is one value: it takes the place of that value in the draft and leaves the rest. The same file twice changes
/// nothing. Sends a JSON list, NDJSON, CSV (UTF-8; comma, semicolon or tab) or XLSX, at most 32 MiB and 100,000 rows;
/// tables have the headings of the template or the names of the members. What a row says of a unit that the caller may
/// not know of is not found.
#[utoipa::path(
    tag = "submissions",
    params(ImportQuery),
    request_body(content(
        (Vec<Row> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, description = "Imported, or what would be", body = ImportAnswer), Error)
)]
#[post("/movements/{movement}/submissions/import")]
async fn import_submissions(
    app: Data<App>,
    write: Write,
    movement: Path<String>,
    query: Query<ImportQuery>,
    file: Upload<BODY_MOST>,
) -> Result<Reply> {
    let reading = read(file).await?;
    let (query, movement) = (query.into_inner(), movement.into_inner());
    if query.dry_run {
        let caller = write.caller;
        return app.db.read(async |conn| try_out(conn, &caller, &movement, reading, &query).await).await;
    }
    write.run(&app.db, async |conn, caller| import(conn, caller, &movement, reading, &query).await).await
}

async fn try_out(
    conn: &mut Conn,
    caller: &Caller,
    movement: &str,
    reading: Reading,
    query: &ImportQuery,
) -> Result<Reply> {
    let (_, outcome) = act::judge(conn, caller, movement, reading, &query.order()?, false).await?;
    answer(&outcome, query, caller)
}

async fn import(
    conn: &mut Conn,
    caller: &Writing,
    movement: &str,
    reading: Reading,
    query: &ImportQuery,
) -> Result<Reply> {
    let order = query.order()?;
    let (movement, outcome) = act::judge(conn, caller, movement, reading, &order, true).await?;
    let reply = answer(&outcome, query, caller)?;
    store::apply(conn, &caller.permit()?, &movement, &outcome.changes).await?;
    let base = format!("movements/{}/submissions", movement.code);
    let path = |change: &Change| format!("{base}/{}/{}", change.after.period, change.unit);
    caller.names(outcome.changes.iter().map(path));
    let place = |change: &Change| format!("{}/{}", change.after.period, change.unit);
    let before = outcome.changes.iter().filter_map(|change| Some((place(change), change.before.as_ref()?)));
    caller.before(&before.collect::<BTreeMap<_, _>>())?;
    caller.after(&outcome.changes.iter().map(|change| (place(change), &change.after)).collect::<BTreeMap<_, _>>())?;
    if let Some(words) = &order.on_behalf {
        caller.because(&words.reason);
    }
    caller.about(base);
    Ok(reply)
}

fn answer(outcome: &Outcome, query: &ImportQuery, caller: &Caller) -> Result<Reply> {
    if query.mode == ImportMode::Atomic && !outcome.refused.is_empty() {
        return Err(view::rejected(outcome));
    }
    Reply::ok(ImportAnswer::of(outcome, caller.locale))
}

/// Reads the file aside, for it may take a while.
async fn read(file: Upload<BODY_MOST>) -> Result<Reading> {
    let Upload { media_type, bytes } = file;
    let reader: fn(&Bytes) -> Result<Reading> = match media_type.as_str() {
        "application/json" => |bytes| json::read_list(bytes),
        "application/x-ndjson" => |bytes| json::read_lines(bytes),
        "text/csv" => |bytes| csv::read(bytes).map_err(json::unreadable),
        XLSX => |bytes| xlsx::read(bytes).map_err(json::unreadable),
        _ => return Err(Error::of("import_media_type")),
    };
    web::block(move || reader(&bytes)).await.map_err(Error::internal)?
}

//! Importing over HTTP.

use actix_web::{HttpRequest, post, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    background::{self, ImportJob},
    execute,
    order::{BODY_MOST, ImportMode, Order},
    progress::Progress,
    rows::Row,
    view::ImportAnswer,
};
use crate::{
    app::App,
    http::{Error, Path, Query, Reply, Result, Upload, WriteRequest},
    movements,
    tables::Format,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(import_submissions);
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
    /// Code of the period of the rows of a table that does not say it: neither in a column nor in a title.
    #[param(example = "2025-09")]
    period: Option<String>,
    /// Why the agency enters for the units.
    #[param(max_length = 4000, example = "Thôn chưa có máy tính")]
    on_behalf_reason: Option<String>,
    /// Where the agency has the figures from.
    #[param(max_length = 4000, example = "Báo cáo giấy ngày 12/9/2025")]
    on_behalf_source: Option<String>,
}

impl ImportQuery {
    fn order(self, movement: String) -> Result<Order> {
        let Self { mode, submit, on_behalf_reason, on_behalf_source, period, .. } = self;
        Order { movement, mode, submit, on_behalf: None, period }.on_behalf(on_behalf_reason, on_behalf_source)
    }
}

/// Import values
///
/// One row is one value: it replaces that value in the draft and leaves the rest. The same file twice changes nothing.
/// Takes a JSON list, NDJSON, CSV (UTF-8, or UTF-16 with its mark; comma, semicolon or tab, or as a first line `sep=;`
/// says) or XLSX, at most 32 MiB and 100,000 rows; tables have the headings of the template or the names of the members.
/// Case, diacritics, `_`, spaces and a unit of measure in brackets make no difference in headings. Units, indicators,
/// fields, levels and states may be named by code or by name; what fits several is refused with all of them. A table may
/// also have units in lines and indicators across, or the other way round, in up to four lines of headings: the
/// indicator, below it a field or what the column holds (Tử số, Mẫu số, Số lượng, Mức độ…, or the plan's own words for
/// numerator and denominator); the period stands in a column, in a title above or in `period`. Key cells
/// that are merged down count for each row. Lines of totals, titles of groups and signatures, and prepared lines, are
/// passed over; `notices` tells them, and how many rows the sheet hides. A line with figures and without its unit or
/// indicator is refused. A cell of figures that says just «Không phát sinh», «Không áp dụng» or «Chưa có số liệu» is that
/// state. A period in the table that `period` contradicts is refused. Equal findings are one, with `count` and the first
/// `rows`. With `submit` a report of which a row is rejected is kept as a draft and named in `incomplete`. Rows about
/// units outside the caller's scope are refused with `row_not_found`. With `Prefer: respond-async` it is done after the
/// answer, with the rights that the caller then has.
#[utoipa::path(
    tag = "submissions",
    params(
        ImportQuery,
        ("Prefer" = Option<String>, Header, description = "`respond-async` (RFC 7240): answered at once, done later", example = "respond-async")
    ),
    request_body(content(
        (Vec<Row> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses(
        (status = 200, description = "Imported, or what would be", body = ImportAnswer),
        (status = 202, description = "Will be imported; Location tells how far it is", body = ImportJob),
        Error
    )
)]
#[post("/movements/{movement}/submissions/import")]
async fn import_submissions(
    req: HttpRequest,
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    query: Query<ImportQuery>,
    file: Upload<BODY_MOST>,
) -> Result<Reply> {
    let format = Format::of(&file)?;
    let query = query.into_inner();
    let (dry_run, order) = (query.dry_run, query.order(movement.into_inner())?);
    if !dry_run && background::is_preferred(req.headers()) && background::can_be_asked_again(&write.caller) {
        return background::accept(&app, write, order, format, file).await;
    }
    // Before the rows are read: 404, then 403.
    app.db.read(async |conn| movements::find(conn, write.caller.recall()?, &order.movement).await).await?;
    write.caller.permit()?;
    let (turn, progress) = (app.imports.take().await?, Progress::default());
    let reading = execute::read(format, file.bytes().await?, turn.clone(), (&order, &progress)).await?;
    if dry_run {
        let caller = write.caller;
        return app.db.try_out(async |conn| execute::try_out(conn, &caller, reading, &order).await).await;
    }
    write.run(&app.db, async |conn, scope| execute::import(conn, scope, reading, &order, &progress).await).await
}

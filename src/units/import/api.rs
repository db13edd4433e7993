//! Units from a file: a locality's organisation at once.

use std::collections::BTreeMap;

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{merge::merge, rows::UnitRow};
use crate::{
    app::App,
    db::{Conn, UnitId},
    http::{Actor, Error, Reply, Result, Upload, WriteRequest, WriteScope},
    tables::{Format, ImportedRows, Reading},
    units::{
        change::TreeChange,
        judge::{TreeRules, judge},
        kinds::code_of,
        kinds_api::UnitKinds,
        store::{self, Row, Stored},
        tree::Node,
    },
};

/// Most bytes of a file of units.
const BODY_MOST: usize = 4 * 1024 * 1024;
/// Most rows: no locality has near as many units, and every day on which one changes is a tree to be looked at.
const ROWS_MOST: usize = 2_000;

pub fn routes(config: &mut ServiceConfig) {
    config.service(import_units);
}

/// Import units
///
/// One row is a unit as it is from a day on: all rows or none. The same file twice changes nothing. What it leaves out
/// stays as it is: a unit that it does not name, a parent or an end without a member, a column or a content. `null`
/// empties it, and in a cell the word (trống) or (empty). Takes a JSON list, NDJSON, CSV (UTF-8, or UTF-16 with its mark;
/// comma, semicolon or tab) or XLSX, at most 4 MiB and 2,000 rows; tables have the headings Mã đơn vị, Tên đơn vị, Loại
/// đơn vị, Mã đơn vị cấp trên, Từ ngày, Đến hết ngày, or the names of the members (`code`, `name`, `kind`, `parent`,
/// `valid_from`, `valid_to`). Case, diacritics, `_`, spaces and a unit of measure in brackets make no difference. A day is
/// a date, `2025-07-01` or `01/07/2025` (the day first). Lines of totals and signatures are passed over and told.
#[utoipa::path(
    tag = "organisation",
    request_body(content(
        (Vec<UnitRow> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, description = "Imported", body = ImportedRows), Error)
)]
#[post("/units/import")]
async fn import_units(
    app: Data<App>,
    rules: Data<TreeRules>,
    kinds: Data<UnitKinds>,
    write: WriteRequest,
    file: Upload<BODY_MOST>,
) -> Result<Reply> {
    let format = Format::of(&file)?;
    write.caller.permit()?;
    let reading = format.receive(&app, file).await?;
    write.run(&app.db, async |conn, scope| import(conn, scope, (&rules, &kinds), reading).await).await
}

async fn import(
    conn: &mut Conn,
    scope: &WriteScope,
    (rules, kinds): (&TreeRules, &UnitKinds),
    mut reading: Reading<UnitRow>,
) -> Result<Reply> {
    let actor = scope.permit()?;
    store::lock_tree(conn, actor.locality).await?;
    reading.check(ROWS_MOST)?;
    let named = (kinds.0)(conn, actor.locality).await?;
    reading.complete(|row| {
        row.kind = code_of(&row.kind, &named, "/kind")?;
        Ok(())
    })?;
    let history = store::history_now(conn, actor.locality).await?;
    let merged = merge(&history, &reading.rows, UnitId::new).map_err(|refused| reading.rejected(&refused))?;
    let change = TreeChange::of(history, merged.states.iter().cloned());
    judge(conn, rules, scope.recall()?, &change, "/parent").await?;
    scope.collect_parts();
    scope.set_subject("units".to_owned());
    put(conn, scope, &actor, &merged.states, &change).await?;
    Reply::ok(reading.imported((merged.created, merged.updated, merged.unchanged), scope.locale))
}

/// Stores the units that change, all of them before their states: a state may name a unit that is new as well. A few
/// statements, however many units.
async fn put(
    conn: &mut Conn,
    scope: &WriteScope,
    actor: &Actor,
    states: &[(NaiveDate, Node)],
    change: &TreeChange,
) -> Result<()> {
    let units: BTreeMap<&str, &Node> = states.iter().map(|(_, node)| (node.code.as_str(), node)).collect();
    let codes: Vec<&str> = units.keys().copied().collect();
    let known = store::lock_each(conn, actor.locality, &codes).await?;
    let known: BTreeMap<&str, &Row> = known.iter().map(|row| (row.code.as_str(), row)).collect();
    let row = |(code, node): (&&str, &&Node)| {
        let known = known.get(code);
        Row {
            id: node.id,
            code: node.code.clone(),
            valid_from: node.valid_from,
            valid_to: node.valid_to,
            external_codes: known.map_or_else(|| serde_json::json!({}), |row| row.external_codes.clone()),
            version: known.map_or(1, |row| row.version + 1),
            successor_id: node.successor,
        }
    };
    let rows: Vec<Row> = units.iter().map(row).collect();
    store::put(conn, actor, &rows).await?;
    store::put_states(conn, actor, states).await?;
    scope.also_names(codes.iter().map(|code| format!("units/{code}")));
    for row in &rows {
        let before = known.get(row.code.as_str()).map(|row| Stored::of(row, &change.before));
        scope.part(conn, &row.code, before.as_ref(), &Stored::of(row, &change.after)).await?;
    }
    Ok(())
}

//! People from a file: a locality's list at once.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    merge::{Merged, PersonState, merge, name_kind},
    rows::PersonRow,
};
use crate::{
    app::App,
    days,
    db::{Conn, Lock, PersonId, advisory_lock},
    http::{Error, Query, Reply, Result, Upload, WriteRequest, WriteScope},
    people::store::{self, Row},
    tables::{Format, ImportedRows, Reading},
    units::{self, KindsOfPlans},
};

/// Who knows the kinds of people that plans name. The server says it, for plans lie above.
pub struct PersonKinds(pub KindsOfPlans);

/// Most bytes of a file of people.
const BODY_MOST: usize = 4 * 1024 * 1024;
/// Most rows: a commune has some hundred officials.
const ROWS_MOST: usize = 2_000;

pub fn routes(config: &mut ServiceConfig) {
    config.service(import_people);
}

#[derive(Deserialize, IntoParams)]
struct ImportDay {
    /// The day from which the rows hold; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    #[param(example = "2025-07-01")]
    valid_from: Option<NaiveDate>,
}

/// Import people
///
/// One row is a person, known by name and unit or by id: all rows or none. The same file twice changes nothing; whoever
/// the file does not name and what a row leaves out stay as they are. Sends a JSON list, NDJSON, CSV (UTF-8; comma,
/// semicolon or tab) or XLSX, at most 4 MiB and 2,000 rows; tables have the headings Họ và tên, Chức vụ, Đơn vị, Loại đối
/// tượng, Mã người, or the names of the members. A birth date and what else is not kept is passed over.
#[utoipa::path(
    tag = "organisation",
    params(ImportDay),
    request_body(content(
        (Vec<PersonRow> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, description = "Imported", body = ImportedRows), Error)
)]
#[post("/people/import")]
async fn import_people(
    app: Data<App>,
    write: WriteRequest,
    kinds: Data<PersonKinds>,
    day: Query<ImportDay>,
    file: Upload<BODY_MOST>,
) -> Result<Reply> {
    let format = Format::of(&file)?;
    write.caller.permit()?;
    let reading = format.receive(&app, file).await?;
    write.run(&app.db, async |conn, scope| import(conn, scope, &kinds, day.valid_from, reading).await).await
}

async fn import(
    conn: &mut Conn,
    scope: &WriteScope,
    kinds: &PersonKinds,
    from: Option<NaiveDate>,
    mut reading: Reading<PersonRow>,
) -> Result<Reply> {
    let actor = scope.permit()?;
    let from = from.unwrap_or_else(|| scope.today());
    reading.check(ROWS_MOST)?;
    let named = (kinds.0)(conn, actor.locality).await?;
    reading.complete(|row| name_kind(row, &named))?;
    // Of two imports at once the second finds whom the first registered.
    advisory_lock(conn, Lock::People(actor.locality)).await?;
    let recall = units::share_tree(conn, scope.recall()?).await?;
    let tree = units::tree(conn, &recall, from).await?;
    let rows = store::ever_registered(conn, actor.locality, from).await?;
    let known: Vec<PersonState> = rows.iter().map(|row| state(row, from)).collect();
    let Merged { created, updated, unchanged, mut changed } =
        merge(&known, &tree, &reading.rows, PersonId::new).map_err(|refused| reading.rejected(&refused))?;
    changed.sort_by_key(|state| state.id);
    let held = |id: PersonId| rows.iter().find(|row| row.id == id);
    let after: Vec<Row> = changed.into_iter().map(|state| row(state, from, held)).collect();
    store::put_all(conn, &actor, &after).await?;
    scope.collect_parts();
    scope.set_subject("people".to_owned());
    scope.also_names(after.iter().map(|row| format!("people/{}", row.id)));
    for row in &after {
        scope.part(conn, &row.id.to_string(), held(row.id), row).await?;
    }
    Reply::ok(reading.imported((created, updated, unchanged), scope.locale))
}

fn state(row: &Row, from: NaiveDate) -> PersonState {
    PersonState {
        id: row.id,
        name: row.name.clone(),
        kind: row.kind.clone(),
        position: row.position.clone(),
        unit: row.unit_id,
        begun: row.valid_from <= from,
    }
}

fn row<'a>(state: PersonState, from: NaiveDate, held: impl Fn(PersonId) -> Option<&'a Row>) -> Row {
    Row {
        version: held(state.id).map_or(1, |row| row.version + 1),
        id: state.id,
        name: state.name,
        kind: state.kind,
        position: state.position,
        unit_id: state.unit,
        valid_from: from,
        sort_name: String::new(),
    }
}

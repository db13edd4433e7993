//! People from a file: a locality's list at once.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    merge::{Merged, PersonState, merge},
    rows::PersonRow,
};
use crate::{
    app::App,
    days,
    db::{Conn, Lock, PersonId, advisory_lock},
    finding::Finding,
    http::{Error, Query, Reply, Result, Upload, WriteRequest, WriteScope},
    people::store::{self, Row},
    tables::{Format, Notice, Reading, notices, rejected},
    units::{self, KindsOfPlans, UnitKind, code_among},
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

/// What became of the rows.
#[derive(Serialize, ToSchema)]
struct PeopleImportAnswer {
    /// Rows that say anything.
    #[schema(example = 3)]
    received: usize,
    /// Rows of people who were not known.
    #[schema(example = 2)]
    created: usize,
    #[schema(example = 1)]
    updated: usize,
    /// Rows that say what is known already.
    #[schema(example = 0)]
    unchanged: usize,
    /// Lines that were passed over: totals, signatures and the like.
    notices: Vec<Notice>,
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
    responses((status = 200, description = "Imported", body = PeopleImportAnswer), Error)
)]
#[post("/people/import")]
async fn import_people(
    app: Data<App>,
    write: WriteRequest,
    kinds: Data<PersonKinds>,
    day: Query<ImportDay>,
    file: Upload<BODY_MOST>,
) -> Result<Reply> {
    let format = Format::of_media_type(&file.media_type).ok_or_else(|| Error::of("import_media_type"))?;
    write.caller.permit()?;
    let turn = app.imports.take().await?;
    let reading = format.read_aside(file.bytes().await?, turn).await?;
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
    let (from, received) = (from.unwrap_or_else(|| scope.today()), reading.received());
    if received > ROWS_MOST {
        let many = Finding::new("", "rows_too_many").with("most", ROWS_MOST);
        return Err(Error::of("file_unreadable").because(vec![many]));
    }
    if !reading.refused.is_empty() {
        return Err(rejected(&reading.refused, received));
    }
    let named = (kinds.0)(conn, actor.locality).await?;
    name_kinds(&mut reading.rows, &named).map_err(|refused| rejected(&refused, received))?;
    // Of two imports at once the second finds whom the first registered.
    advisory_lock(conn, Lock::People(actor.locality)).await?;
    units::share_tree(conn, actor.locality).await?;
    let tree = units::tree(conn, actor.locality, from).await?;
    let rows = store::ever_registered(conn, actor.locality, from).await?;
    let known: Vec<PersonState> = rows.iter().map(|row| state(row, from)).collect();
    let Merged { created, updated, unchanged, mut changed } =
        merge(&known, &tree, &reading.rows, PersonId::new).map_err(|refused| rejected(&refused, received))?;
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
    let notices = notices(&reading.notices, scope.locale);
    Reply::ok(PeopleImportAnswer { received, created, updated, unchanged, notices })
}

/// Puts the code in place of a kind's name in each row, or says which rows name none.
fn name_kinds(rows: &mut [(usize, PersonRow)], named: &[UnitKind]) -> Result<(), Vec<(usize, Vec<Finding>)>> {
    let usual = || {
        let official = UnitKind::new("official", "Cán bộ, công chức", "Official");
        vec![official, UnitKind::new("resident", "Người dân, nhân dân", "Resident")]
    };
    let mut refused = Vec::new();
    for (number, row) in rows {
        let Some(said) = &row.kind else { continue };
        match code_among(said, named, usual(), "/kind") {
            Ok(code) => row.kind = Some(code),
            Err(wrong) => refused.push((*number, vec![wrong])),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(refused) }
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

//! Nominations from a file: those of an award at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use actix_web::{post, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    candidates::{Known, find},
    rows::NominationRow,
};
use crate::{
    app::App,
    db::{Conn, to_text},
    finding::Finding,
    http::{Caller, Error, Path, Reach, Reply, Result, Upload, WriteRequest, WriteScope},
    nominations::{
        place::{LockedAward, Place, award_for_change},
        rules::{self, Action, Draft, Nomination},
        store,
        view::drafted,
    },
    people::{self, Directory, Party},
    tables::{Format, Notice, Reading, notices, rejected},
};

/// Most bytes of a file of nominations.
const BODY_MOST: usize = 4 * 1024 * 1024;
const ROWS_MOST: usize = 500;

pub fn routes(config: &mut ServiceConfig) {
    config.service(import_nominations);
}

/// What became of the rows.
#[derive(Serialize, ToSchema)]
struct NominationImportAnswer {
    /// Rows that say anything.
    #[schema(example = 3)]
    received: usize,
    /// Rows of candidates who were not nominated.
    #[schema(example = 2)]
    created: usize,
    #[schema(example = 1)]
    updated: usize,
    /// Rows that say what is handed in already.
    #[schema(example = 0)]
    unchanged: usize,
    /// Lines that were passed over: totals, signatures and the like.
    notices: Vec<Notice>,
}

/// Import nominations
///
/// One row is a candidate's dossier, as the heads of units or the agency on their behalf hand it in: all rows or none. The
/// same file twice changes nothing, and what a row leaves out of a dossier stays. Sends a JSON list, NDJSON, CSV (UTF-8;
/// comma, semicolon or tab) or XLSX, at most 4 MiB and 500 rows; tables have the headings Tập thể, cá nhân; Đơn vị; Nhóm;
/// Thành tích; Điểm tự chấm; Trực tiếp công tác; Lý do đề nghị thay, or the names of the members.
#[utoipa::path(
    tag = "awards",
    request_body(content(
        (Vec<NominationRow> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, description = "Imported", body = NominationImportAnswer), Error)
)]
#[post("/movements/{movement}/awards/{award}/nominations/import")]
async fn import_nominations(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    file: Upload<BODY_MOST>,
) -> Result<Reply> {
    let format = Format::of_media_type(&file.media_type).ok_or_else(|| Error::of("import_media_type"))?;
    app.db.read(async |conn| crate::movements::find(conn, write.caller.locality()?, &path.0).await).await?;
    write.caller.permit()?;
    let turn = app.imports.take().await?;
    let reading = format.read_aside(file.bytes().await?, turn).await?;
    write.run(&app.db, async |conn, scope| import(conn, scope, &path, reading).await).await
}

async fn import(
    conn: &mut Conn,
    scope: &WriteScope,
    path: &(String, String),
    reading: Reading<NominationRow>,
) -> Result<Reply> {
    let award = award_for_change(conn, scope, &path.0, &path.1).await?;
    let actor = scope.permit()?;
    let received = reading.received();
    award.movement.must_be_under_way()?;
    if received > ROWS_MOST {
        let many = Finding::new("", "rows_too_many").with("most", ROWS_MOST);
        return Err(Error::of("file_unreadable").because(vec![many]));
    }
    if !reading.refused.is_empty() {
        return Err(rejected(&reading.refused, received));
    }
    let (named, directory) =
        candidates(conn, scope, &award, &reading.rows).await?.map_err(|refused| rejected(&refused, received))?;
    let (mut dossiers, mut refused) = (Vec::new(), Vec::new());
    // In one order, so that no two imports wait for each other.
    for (candidate, (number, row)) in named {
        let place = award.place(candidate, directory.clone());
        let found = store::lock(conn, &place.movement, &place.award.code, candidate).await?;
        match dossier(scope, &place, found.as_ref(), row) {
            Ok(nomination) => dossiers.push((directory.view(candidate).code, found, nomination)),
            Err(error) if error.findings().is_empty() => return Err(error),
            Err(error) => refused.push((*number, error.findings().to_vec())),
        }
    }
    if !refused.is_empty() {
        refused.sort_by_key(|(number, _)| *number);
        return Err(rejected(&refused, received));
    }
    dossiers.sort_by(|a, b| a.0.cmp(&b.0));
    let notices = notices(&reading.notices, scope.locale);
    let mut answer = NominationImportAnswer { received, created: 0, updated: 0, unchanged: 0, notices };
    let base = format!("movements/{}/awards/{}/nominations", path.0, path.1);
    scope.collect_parts();
    scope.set_subject(base.clone());
    for (code, found, nomination) in dossiers {
        match &found {
            Some(found) if same(found, &nomination) => {
                answer.unchanged += 1;
                continue;
            }
            Some(_) => answer.updated += 1,
            None => answer.created += 1,
        }
        let (at, why) = ((&*award.movement, path.1.as_str()), nomination.on_behalf_reason.as_deref());
        store::save(conn, &actor, at, &nomination, Action::Nominate, why).await?;
        scope.also_names([format!("{base}/{code}")]);
        scope.part(conn, &code, found.as_ref(), &nomination).await?;
    }
    Reply::ok(answer)
}

/// The rows by the candidate that each names, or what is wrong with those that name none of the caller's.
type Candidates<'a> = BTreeMap<Party, &'a (usize, NominationRow)>;

async fn candidates<'a>(
    conn: &mut Conn,
    caller: &Caller,
    award: &LockedAward,
    rows: &'a [(usize, NominationRow)],
) -> Result<Result<(Candidates<'a>, Arc<Directory>), Vec<(usize, Vec<Finding>)>>> {
    let (locality, today) = (caller.locality()?, caller.today());
    let everybody = people::all(conn, locality, today).await?;
    let parties = everybody.iter().map(|person| Party::Person(person.id));
    let directory = people::directory(conn, locality, parties, today).await?;
    let known = |person: &people::PersonFacts| Known {
        id: person.id,
        name: person.name.clone(),
        unit: directory.unit_of(Party::Person(person.id)),
    };
    let reach = caller.reach();
    // A person out of reach is none that the caller may know of; which units there are is no secret.
    let within = |person: &&people::PersonFacts| directory.reaches(&reach, Party::Person(person.id));
    let people: Vec<Known> = everybody.iter().filter(within).map(known).collect();
    let (mut named, mut refused, mut twice) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
    for row in rows {
        match find(award.award.candidates, &directory.units, &people, &row.1) {
            Ok(party) if !reaches(&directory, &reach, party) => {
                refused.push((row.0, vec![Finding::new("/candidate", "unit_out_of_reach")]));
            }
            Ok(party) => twice.extend(named.insert(party, row).map(|other| (other.0, row.0))),
            Err(finding) => refused.push((row.0, vec![finding])),
        }
    }
    let both = twice.into_iter().flat_map(|(one, other)| [one, other]).collect::<BTreeSet<usize>>();
    refused.extend(both.into_iter().map(|number| (number, vec![Finding::new("/candidate", "candidate_twice")])));
    refused.sort_by_key(|(number, _)| *number);
    Ok(if refused.is_empty() { Ok((named, Arc::new(directory))) } else { Err(refused) })
}

fn reaches(directory: &Directory, reach: &Reach, party: Party) -> bool {
    directory.reaches(reach, party)
}

/// The dossier after a row; what the row leaves out stays.
fn dossier(caller: &Caller, place: &Place, found: Option<&Nomination>, row: &NominationRow) -> Result<Nomination> {
    if let Some(found) =
        found.filter(|found| rules::next(found.state, found.hold.is_some(), Action::Nominate).is_none())
    {
        let barred = Finding::new("/candidate", "nomination_state").with("state", to_text(found.state)?);
        return Err(Error::of("content_invalid").because(vec![barred]));
    }
    let draft = Draft {
        achievement: row.achievement.clone().or(found.map(|found| found.achievement.clone())).unwrap_or_default(),
        group: row.group.clone().or(found.map(|found| found.group.clone())),
        self_scores: row.self_scores.clone().or(found.map(|found| found.self_scores.clone())).unwrap_or_default(),
        direct_work: row.direct_work.or(found.map(|found| found.direct_work).filter(|direct| *direct)),
        on_behalf_reason: row.on_behalf_reason.clone().or(found.and_then(|found| found.on_behalf_reason.clone())),
    };
    drafted(caller, place, found.cloned(), draft)
}

/// Whether a dossier says what is handed in already.
fn same(found: &Nomination, nomination: &Nomination) -> bool {
    Nomination { version: found.version, ..nomination.clone() } == *found
}

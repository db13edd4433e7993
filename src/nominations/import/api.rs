//! Nominations from a file: those of an award at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use actix_web::{post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    candidates::{Known, find},
    rows::NominationRow,
};
use crate::{
    app::App,
    db::{Conn, to_text},
    finding::Finding,
    http::{Caller, Error, Path, Reply, Result, Upload, WriteRequest, WriteScope},
    labels,
    movements::plan::CandidateKind,
    nominations::{
        place::{LockedAward, Place, award_for_change},
        relied::Named,
        rules::{self, Action, Draft, Nomination},
        store,
        view::drafted,
    },
    people::{self, Directory, Party},
    tables::{Format, ImportedRows, Reading},
};

/// Most bytes of a file of nominations.
const BODY_MOST: usize = 4 * 1024 * 1024;
const ROWS_MOST: usize = 500;

pub fn routes(config: &mut ServiceConfig) {
    config.service(import_nominations);
}

/// Import nominations
///
/// One row is a candidate's dossier, as the heads of units or the agency on their behalf hand it in: all rows or none. The
/// same file twice changes nothing, and what a row leaves out of a dossier stays. Sends a JSON list, NDJSON, CSV (UTF-8;
/// comma, semicolon or tab) or XLSX, at most 4 MiB and 500 rows; tables have the headings Tập thể, cá nhân; Đơn vị; Nhóm;
/// Thành tích; Điểm tự chấm; Trực tiếp công tác; Số nữ / tổng số; Mã sáng kiến; Lý do đề nghị thay, or the names of the
/// members.
#[utoipa::path(
    tag = "awards",
    request_body(content(
        (Vec<NominationRow> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, description = "Imported", body = ImportedRows), Error)
)]
#[post("/movements/{movement}/awards/{award}/nominations/import")]
async fn import_nominations(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    file: Upload<BODY_MOST>,
) -> Result<Reply> {
    let format = Format::of(&file)?;
    app.db.read(async |conn| crate::movements::find(conn, write.caller.recall()?, &path.0).await).await?;
    write.caller.permit()?;
    let reading = format.receive(&app, file).await?;
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
    award.movement.must_be_under_way()?;
    reading.check(ROWS_MOST)?;
    let (named, directory) =
        candidates(conn, scope, &award, &reading.rows).await?.map_err(|refused| reading.rejected(&refused))?;
    let (mut dossiers, mut refused) = (Vec::new(), Vec::new());
    let mut rows = Vec::with_capacity(named.len());
    // In one order, so that no two imports wait for each other, and the initiatives after all of them.
    for (candidate, (number, row)) in named {
        let found = store::lock(conn, &award.movement, &award.award.code, candidate).await?;
        let draft = row.draft(found.as_ref(), scope.today());
        rows.push((candidate, *number, found, draft));
    }
    let relied = rows.iter().flat_map(|(_, _, _, draft)| draft.initiatives.iter().copied()).collect();
    let relied = Named::lock(conn, actor.locality, &relied).await?;
    for (candidate, number, found, draft) in rows {
        let place = award.place(candidate, directory.clone());
        match dossier(scope, &place, found.as_ref(), draft, &relied) {
            Ok(nomination) => dossiers.push((directory.view(candidate).code, found, nomination)),
            Err(error) if error.findings().is_empty() => return Err(error),
            Err(error) => refused.push((number, error.findings().to_vec())),
        }
    }
    if !refused.is_empty() {
        refused.sort_by_key(|(number, _)| *number);
        return Err(reading.rejected(&refused));
    }
    dossiers.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut created, mut updated, mut unchanged) = (0, 0, 0);
    let base = format!("movements/{}/awards/{}/nominations", path.0, path.1);
    scope.collect_parts();
    scope.set_subject(base.clone());
    for (code, found, nomination) in dossiers {
        match &found {
            Some(found) if found.says_what(&nomination) => {
                unchanged += 1;
                continue;
            }
            Some(_) => updated += 1,
            None => created += 1,
        }
        let (at, why) = ((&*award.movement, path.1.as_str()), nomination.on_behalf_reason.as_deref());
        store::save(conn, &actor, at, &nomination, Action::Nominate, why).await?;
        scope.also_names([format!("{base}/{code}")]);
        scope.part(conn, &code, found.as_ref(), &nomination).await?;
    }
    Reply::ok(reading.imported((created, updated, unchanged), scope.locale))
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
    let parties = match award.award.candidates {
        CandidateKind::Unit => Vec::new(),
        CandidateKind::Person => {
            people::all(conn, locality, today).await?.iter().map(|one| Party::Person(one.id)).collect()
        }
        CandidateKind::Household => {
            people::all_households(conn, locality, today).await?.iter().map(|one| Party::Household(one.id)).collect()
        }
    };
    let directory = people::directory(conn, caller.recall()?, parties.iter().copied(), today).await?;
    let reach = caller.reach();
    // Who is out of reach is nobody that the caller may know of; which units there are is no secret.
    let within = parties.into_iter().filter(|party| directory.reaches(&reach, *party));
    let known = within.map(|party| {
        let shown = directory.view(party);
        Known { party, id: shown.code, name: shown.name, unit: directory.unit_of(party) }
    });
    let known: Vec<Known> = known.collect();
    let (mut named, mut refused, mut twice) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
    for row in rows {
        match find(award.award.candidates, &directory.units, &known, &row.1) {
            Ok(party) if !directory.reaches(&reach, party) => {
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

/// The dossier after the draft of a row.
fn dossier(
    caller: &Caller,
    place: &Place,
    found: Option<&Nomination>,
    draft: Draft,
    relied: &Named,
) -> Result<Nomination> {
    if let Some(found) =
        found.filter(|found| rules::next(found.state, found.hold.is_some(), Action::Nominate).is_none())
    {
        let state = to_text(found.state)?;
        let (label, _) = labels::name("nomination_state", &state);
        let barred = Finding::new("/candidate", "nomination_state").with("state_vi", label).with("state", state);
        return Err(Error::of("content_invalid").because(vec![barred]));
    }
    let relied = relied.check(place, &draft);
    drafted(caller, place, found.cloned(), draft, relied)
}

//! The minutes of a closed session on paper.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Sitting, session},
    rules::Attendance,
    store::Counted,
};
use crate::{
    app::App,
    days::told,
    db::{AccountId, SessionId},
    documents::{PaperKind, Trace, Values},
    http::{Caller, Error, Path, Result},
    movements::{self, Movement, plan::sheet::award_form},
    papers,
    people::{self, Directory},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_session_document);
}

/// The minutes of a session on paper
///
/// `bien_ban_hop` or `bien_ban_kiem_phieu`, of a closed session, by the locality's wording: a document to be completed and
/// signed, its lists as a workbook, or its pages where LibreOffice stands by, as `Accept` prefers. The same session makes the same bytes.
#[utoipa::path(
    tag = "awards",
    responses(
        (status = 200, description = "The paper", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/pdf")
        )),
        Error
    )
)]
#[get("/sessions/{id}/documents/{paper}")]
async fn get_session_document(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    path: Path<(Uuid, String)>,
) -> Result<HttpResponse> {
    let paper = papers::paper(&path.1, &[PaperKind::BienBanHop, PaperKind::BienBanKiemPhieu])?;
    let kind = papers::Kind::asked(&req)?;
    let (wording, values) = app
        .db
        .read(async |conn| {
            let session = session(conn, &caller, SessionId::from(path.0)).await?;
            caller.permit()?;
            let closed_at = session.closed_at.ok_or_else(|| Error::of("session_not_closed"))?;
            let movement = movements::by_id(conn, caller.recall()?, session.movement).await?;
            let sitting = Sitting::of(conn, &caller, &movement, session).await?;
            let candidates = sitting.nominations.values().map(|one| one.candidate);
            let directory = people::directory(conn, &movement.recall, candidates, sitting.session.held_on).await?;
            let (wording, _) = papers::wording(conn, movement.locality, paper).await?;
            let locality = caller.locality.as_ref().map(|locality| locality.name.clone()).unwrap_or_default();
            let minutes = Minutes { locality, movement: &movement, sitting: &sitting, directory: &directory };
            Ok((wording, minutes.values(paper, closed_at)))
        })
        .await?;
    papers::answer((&app, &req), (&wording, &values), kind, paper.code()).await
}

/// What the minutes are made of.
struct Minutes<'a> {
    locality: String,
    movement: &'a Movement,
    sitting: &'a Sitting,
    directory: &'a Directory,
}

impl Minutes<'_> {
    /// The figures as the session was closed.
    fn values(&self, paper: PaperKind, closed_at: DateTime<Utc>) -> Values {
        let Sitting { session, roll, counts, .. } = self.sitting;
        let plan = &self.movement.on(session.held_on).plan;
        let form = plan.awards.iter().find(|award| award.code == session.award).map(|award| award.form.as_str());
        let taking = |attendance| roll.0.values().filter(|one| **one == attendance).count().to_string();
        let mut texts: BTreeMap<String, String> = papers::place(&self.locality);
        texts.extend([
            ("phong_trao".to_owned(), plan.title.vi.clone()),
            ("hinh_thuc".to_owned(), award_form(form.unwrap_or_default()).to_owned()),
            ("tong_so".to_owned(), roll.members().to_string()),
            ("so_co_mat".to_owned(), roll.present().to_string()),
            ("so_gui_phieu".to_owned(), taking(Attendance::Written)),
        ]);
        let mut lists =
            BTreeMap::from([("ket_qua".to_owned(), counts.iter().filter_map(|one| self.row(one)).collect())]);
        if paper == PaperKind::BienBanHop {
            texts.extend(session.notes.iter().map(|notes| ("y_kien".to_owned(), notes.clone())));
            for (list, attendance) in
                [("co_mat", Attendance::Present), ("gui_phieu", Attendance::Written), ("vang_mat", Attendance::Absent)]
            {
                lists.insert(list.to_owned(), self.members(attendance));
            }
        }
        let days = [("ngay_hop", session.held_on), ("ngay", session.held_on)];
        let days = days.into_iter().map(|(name, day)| (name.to_owned(), day)).collect();
        let trace = Some(Trace { run: None, seal: None, cut: told(closed_at) });
        Values { texts, days, lists, created: closed_at, trace }
    }

    /// Members by name; by username, where nobody has recorded their name.
    fn members(&self, attendance: Attendance) -> Vec<BTreeMap<String, String>> {
        let name = |account: &AccountId| match self.sitting.ballots.panel.member(*account) {
            Some(member) => member.name.clone().unwrap_or_else(|| member.username.clone()),
            None => account.to_string(),
        };
        let taking = self.sitting.roll.0.iter().filter(|(_, one)| **one == attendance);
        let mut names: Vec<String> = taking.map(|(account, _)| name(account)).collect();
        names.sort();
        names.into_iter().map(|name| BTreeMap::from([("ten".to_owned(), name)])).collect()
    }

    fn row(&self, counted: &Counted) -> Option<BTreeMap<String, String>> {
        let Sitting { session, roll, nominations, .. } = self.sitting;
        let party = self.directory.view(nominations.get(&counted.nomination)?.candidate);
        let recused: BTreeSet<AccountId> = counted.recused.iter().copied().collect();
        let mut outcomes = session.outcome.iter().flat_map(|outcome| &outcome.candidates);
        let passed = outcomes.find(|one| one.nomination == counted.nomination).is_some_and(|one| one.passed);
        let count = counted.count;
        let base = roll.base(session.rules.of, &recused);
        let cells = [
            ("ten", party.name),
            ("don_vi", party.unit_name.unwrap_or_default()),
            ("phat_ra", count.issued.to_string()),
            ("thu_ve", count.returned.to_string()),
            ("hop_le", count.valid.to_string()),
            ("khong_hop_le", count.invalid.to_string()),
            ("dong_y", count.in_favour.to_string()),
            ("khong_dong_y", count.against.to_string()),
            // Exact: a share that is rounded may seem to reach what it does not.
            ("ty_le", format!("{}/{base}", count.in_favour)),
            ("ket_luan", if passed { "Đạt" } else { "Không đạt" }.to_owned()),
        ];
        Some(cells.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
    }
}

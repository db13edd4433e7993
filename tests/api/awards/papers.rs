//! Papers of proposals and decisions, and the money of a decision.

use std::io::{Cursor, Read};

use rstest::rstest;
use serde_json::json;
use thidua::{documents::form, http::Role};
use zip::ZipArchive;

use super::{certified, decided, path, posted, ranked, ranked_of, registered};
use crate::support::{Answer, MOVEMENT, TestApp};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const REPORT: &str = "bao_cao_thanh_tich?candidate=phong-kinh-te";

/// The names of those who sign.
fn named(app: &TestApp) {
    for (account, name) in [("chair", "Nguyễn Văn An"), ("agency", "Trần Thị Bình"), ("pho-chu-tich", "Lê Văn Cường")]
    {
        app.sql(&format!("UPDATE accounts SET display_name = '{name}' WHERE username = '{account}.10210'"));
    }
}

fn paper(app: &TestApp, of: &str, code: &str) -> Answer {
    app.chair().get(&format!("{of}/documents/{code}")).ok()
}

/// The proposal of a decision; its path.
fn proposal_of(app: &TestApp, decision: &str) -> String {
    format!("/proposals/{}", app.chair().get(decision).ok()["proposal"].as_str().unwrap())
}

/// Everything that a document says, its foot too, part by part without marks.
fn text(document: &Answer) -> String {
    let mut parts = ZipArchive::new(Cursor::new(document.bytes())).unwrap();
    let mut all = String::new();
    for at in 0..parts.len() {
        let mut xml = String::new();
        let mut part = parts.by_index(at).unwrap();
        if part.name().unwrap().ends_with(".xml") {
            part.read_to_string(&mut xml).unwrap();
        }
        all.extend(xml.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, said)| said));
    }
    all
}

/// Codes of what is not in the form.
fn unformed(document: &Answer) -> Vec<&'static str> {
    form::check(document.bytes(), None).iter().map(|finding| finding.code).collect()
}

#[test]
fn the_papers_of_the_chain_are_in_the_form_and_always_the_same() {
    let (app, run) = ranked();
    let decision = certified(&app, &run, 5);
    named(&app);
    let proposal = proposal_of(&app, &decision);
    // A division numbers its submission, a unit numbers and dates its report: both are left open.
    let papers: [(&str, &str, &[&str]); 4] = [
        (&proposal, "to_trinh", &["form_number"]),
        (&proposal, REPORT, &["form_number", "form_day"]),
        (&decision, "quyet_dinh", &[]),
        (&decision, "giay_khen", &[]),
    ];
    let first = papers.map(|(of, code, open)| {
        let first = paper(&app, of, code);
        assert_eq!(first.header("content-type"), Some(DOCX));
        assert_eq!(unformed(&first), open, "{code}: {}", text(&first));
        first
    });
    app.at("2025-10-20T02:00:00Z");
    for ((of, code, _), first) in papers.iter().zip(first) {
        assert!(first.bytes() == paper(&app, of, code).bytes(), "{code} differs");
        let asked = || app.chair().get(&format!("{of}/documents/{code}"));
        asked().if_none_match(&first.etag()).send().is(304);
        assert_eq!(asked().header("Accept", XLSX).ok().header("content-type"), Some(XLSX));
    }
}

#[test]
fn every_figure_is_of_the_run_that_the_proposal_names() {
    let (app, run) = ranked();
    let decision = registered(&app, &run, 5);
    named(&app);
    let ranking = app.chair().get(&format!("/rankings/{run}")).ok();
    let proposal = proposal_of(&app, &decision);
    for (of, code) in [(&proposal, "to_trinh"), (&decision, "quyet_dinh")] {
        let said = text(&paper(&app, of, code));
        for entry in &ranking["entries"].as_array().unwrap()[..2] {
            let name = entry["candidate"]["name"].as_str().unwrap();
            let total = entry["total"].as_str().unwrap().replace('.', ",");
            assert!(said.contains(name) && said.contains(&total), "{name} {total}: {said}");
        }
        assert!(said.contains("02 tập thể") && said.contains(&run), "{said}");
        assert!(said.contains(&ranking["seal"]["output"].as_str().unwrap()[..20]), "{said}");
    }
    let said = text(&paper(&app, &decision, "quyet_dinh"));
    for part in ["Số: 05/QĐ-UBND", "ngày 10 tháng 9 năm 2025", "CHỦ TỊCH", "Nguyễn Văn An"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("Nghị định số 152/2025/NĐ-CP") && !said.contains("98/2023/NĐ-CP"), "{said}");
    assert!(said.contains("Kế hoạch số 1/KH-UBND") && !said.contains("KT. CHỦ TỊCH"), "{said}");
    let report = text(&paper(&app, &proposal, REPORT));
    for score in ranking["entries"][0]["criteria"].as_array().unwrap() {
        let points = score["points"].as_str().unwrap_or_default().replace('.', ",");
        assert!(report.contains(score["code"].as_str().unwrap()) && report.contains(&points), "{score}: {report}");
    }
}

#[test]
fn a_difference_is_said_with_its_reason() {
    let (app, run) = ranked();
    let more = json!({"reasons": {"phong-vhxh": "Khen đợt sau", "van-phong": "Mô hình mới."}});
    let proposal = path(&super::propose(&app, &run, &["phong-kinh-te", "van-phong"], more).created());
    let said = text(&paper(&app, &proposal, "to_trinh"));
    for reason in ["Lý do: Khen đợt sau.", "Lý do: Mô hình mới."] {
        assert!(said.contains(reason), "{reason}: {said}");
    }
}

#[test]
fn before_its_number_a_decision_leaves_room_and_a_deputy_signs_for_the_chair() {
    let (app, run) = ranked();
    let proposal = posted(&app, &run);
    let deputy = app.account("pho-chu-tich", Role::Auditor, None);
    let lent = json!({"to": "pho-chu-tich.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "Đi công tác"});
    app.chair().post("/delegations", lent).created();
    named(&app);
    let body = json!({"accepted": ["phong-kinh-te", "phong-vhxh"], "signed_as": "deputy"});
    let decision = path(&deputy.post(&format!("{proposal}/decide"), body).created());
    let draft = paper(&app, &decision, "quyet_dinh");
    assert_eq!(unformed(&draft), ["form_number", "form_day"]);
    assert!(text(&draft).contains("ngày … tháng … năm …"), "{}", text(&draft));
    app.agency().post(&format!("{decision}/register"), json!({"number": 20, "date": "2025-09-10"})).ok();
    app.agency().post(&format!("{decision}/certificates"), json!({})).ok();
    for code in ["quyet_dinh", "giay_khen"] {
        let signed = paper(&app, &decision, code);
        let said = text(&signed);
        assert_eq!(unformed(&signed), Vec::<&str>::new(), "{code}");
        assert!(
            said.contains("KT. CHỦ TỊCH") && said.contains("PHÓ CHỦ TỊCH") && said.contains("Lê Văn Cường"),
            "{said}"
        );
    }
    let certificates = text(&paper(&app, &decision, "giay_khen"));
    assert!(certificates.contains("Quyết định số 20/QĐ-UBND") && certificates.contains("Số sổ vàng: 2"));
}

/// A decision of a day, with money in the plan; its path.
fn paid(day: &str) -> (TestApp, String) {
    let (app, run) = ranked_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        plan["awards"][0]["bonus"] = json!(true);
    });
    let proposal = posted(&app, &run);
    app.at(&format!("{day}T02:00:00Z"));
    let body = json!({"accepted": ["phong-kinh-te", "phong-vhxh"], "signed_as": "chair"});
    let decision = path(&app.chair().post(&format!("{proposal}/decide"), body).created());
    app.agency().post(&format!("{decision}/register"), json!({"number": 20, "date": day})).ok();
    (app, decision)
}

#[rstest]
#[case("2026-06-30", "2340000", 1_410_000, ["1.410.000", "2.820.000"])]
#[case("2026-07-01", "2530000", 1_520_000, ["1.520.000", "3.040.000"])]
fn the_money_is_that_of_the_decisions_day(
    #[case] day: &str,
    #[case] salary: &str,
    #[case] amount: u64,
    #[case] written: [&str; 2],
) {
    let (app, decision) = paid(day);
    let bonus = app.chair().get(&format!("{decision}/bonus")).ok();
    assert_eq!((&bonus["day"], &bonus["total"]), (&json!(day), &json!(2 * amount)));
    for item in bonus["items"].as_array().unwrap() {
        let found = (&item["coefficient"], &item["base_salary"], &item["amount"]);
        assert_eq!(found, (&json!("0.6"), &json!(salary), &json!(amount)));
    }
    let said = text(&paper(&app, &decision, "quyet_dinh"));
    assert!(written.iter().all(|money| said.contains(money)), "{said}");
}

#[test]
fn a_paper_with_money_that_nobody_knows_is_refused_until_it_is_recorded() {
    let app = TestApp::start();
    app.emulation_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        plan["awards"][1]["bonus"] = json!(true);
    });
    let (run, person) = app.ranked_person();
    let new = json!({"ranking": run, "selected": [person]});
    let proposal = path(&app.agency().post(&format!("{MOVEMENT}/awards/ca-nhan/proposals"), new).created());
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 0})).ok();
    let body = json!({"accepted": [person], "signed_as": "chair"});
    let decision = path(&app.chair().post(&format!("{proposal}/decide"), body).created());
    for asked in ["bonus", "documents/quyet_dinh"] {
        let refused = app.chair().get(&format!("{decision}/{asked}")).problem(409, "bonus_unknown");
        let refused = refused.finding("", "legal_figure_missing");
        assert_eq!(refused["errors"][0]["params"]["figure"], "giay_khen.person");
    }
    let figure = json!({"value": "0.3", "source": "Nghị định 152/2025/NĐ-CP, Điều 54"});
    app.agency().put("/law/figures/giay_khen.person/2025-07-01", figure).if_none_match_any().created();
    assert_eq!(app.chair().get(&format!("{decision}/bonus")).ok()["total"], 710_000);
    let said = text(&paper(&app, &decision, "quyet_dinh"));
    assert!(said.contains("01 cá nhân") && said.contains("Nguyễn Thị Khen, Phòng Kinh tế"), "{said}");
}

#[test]
fn what_is_no_paper_of_it_is_refused() {
    let (app, run) = ranked_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        plan["document"]["bases"] = json!([{"number": "98/2023/NĐ-CP", "issuer": "Chính phủ"}]);
        plan["awards"][0]["expired_bases"] = json!("refuse");
    });
    let decision = decided(&app, &run);
    let proposal = proposal_of(&app, &decision);
    let get = |of: &str, code: &str| app.chair().get(&format!("{of}/documents/{code}"));
    get(&decision, "giay_khen").problem(409, "certificates_missing");
    get(&decision, "to_trinh").problem(404, "not_found");
    get(&proposal, "quyet_dinh").problem(404, "not_found");
    get(&decision, "quyet_dinh").problem(422, "content_invalid").finding("/document/bases/0", "basis_expired");
    get(&proposal, "bao_cao_thanh_tich")
        .problem(422, "content_invalid")
        .finding("/candidate", "paper_candidate_missing");
    get(&proposal, "bao_cao_thanh_tich?candidate=van-phong").problem(404, "not_found");
    app.chair().get(&format!("{decision}/bonus")).problem(409, "award_without_bonus");
    let elsewhere = app.elsewhere.chair();
    elsewhere.get(&format!("{decision}/documents/giay_khen")).problem(404, "not_found");
    elsewhere.get(&format!("{proposal}/documents/to_trinh")).problem(404, "not_found");
    let head = app.head("phong-kinh-te");
    head.get(&format!("{decision}/documents/giay_khen")).problem(403, "forbidden");
}

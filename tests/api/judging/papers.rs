//! The minutes of a session on paper.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use thidua::documents::form;

use super::{close, council, council_with, count, names, opened};
use crate::support::{Answer, TestApp};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A closed session of nine, seven in the room, in which eight of nine voted for Phòng Kinh tế.
fn held() -> (TestApp, String) {
    let app = council(json!({"ballot": "secret", "written_votes": true}), 9);
    let session = opened(&app, names(1..=7), names([8, 9]), vec![]);
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(9, 0, 8)).if_none_match_any().created();
    (app, session)
}

/// A program in LibreOffice's place: it counts its calls beside itself, and copies the document as its pages.
fn program(directory: &Path, does: &str) -> PathBuf {
    let program = directory.join("soffice");
    fs::write(&program, format!("#!/bin/sh\necho . >> '{}/calls'\n{does}\n", directory.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

/// A closed session of three in which all voted for Phòng Kinh tế.
fn closed(app: &TestApp) -> String {
    let session = opened(app, names(1..=3), vec![], vec![]);
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(3, 0, 3)).if_none_match_any().created();
    close(app, &session).ok();
    session
}

fn paper(app: &TestApp, session: &str, code: &str) -> Answer {
    app.chair().get(&format!("{session}/documents/{code}")).ok()
}

/// Codes of what is not in the form, but that the registry has given no number yet.
fn unformed(bytes: &[u8]) -> Vec<&'static str> {
    form::check(bytes, None).iter().map(|finding| finding.code).filter(|code| *code != "form_number").collect()
}

#[test]
fn the_minutes_of_a_closed_session_are_papers_in_the_form_and_always_the_same() {
    let (app, session) = held();
    let asked = |code: &str| app.chair().get(&format!("{session}/documents/{code}"));
    asked("bien_ban_hop").problem(409, "session_not_closed");
    close(&app, &session).ok();
    for code in ["bien_ban_hop", "bien_ban_kiem_phieu"] {
        let first = paper(&app, &session, code);
        assert_eq!(first.header("content-type"), Some(DOCX));
        assert_eq!(unformed(first.bytes()), Vec::<&str>::new(), "{code}");
        app.at("2025-09-20T02:00:00Z");
        assert!(first.bytes() == paper(&app, &session, code).bytes(), "{code} differs");
        asked(code).if_none_match(&first.etag()).send().is(304);
        let lists = asked(code).header("Accept", XLSX).ok();
        assert_eq!(lists.header("content-type"), Some(XLSX));
    }
    asked("quyet_dinh").problem(404, "not_found");
    asked("bien_ban_hop").header("Accept", "application/pdf").problem(406, "pages_unavailable");
    asked("bien_ban_hop").header("Accept", "image/png").problem(406, "not_acceptable");
    app.elsewhere.chair().get(&format!("{session}/documents/bien_ban_hop")).problem(404, "not_found");
}

#[test]
fn a_changed_wording_is_what_the_minutes_say() {
    let (app, session) = held();
    close(&app, &session).ok();
    let before = paper(&app, &session, "bien_ban_hop").bytes().to_vec();
    let templates = "/document-templates/bien_ban_hop";
    let read = app.agency().get(templates).ok();
    let mut wording: Value = read.json().clone();
    wording["recipients"][0]["text"] = json!("Thường trực Đảng ủy {{xa}}");
    app.agency().put(templates, wording).if_match(&read.etag()).ok();
    let after = paper(&app, &session, "bien_ban_hop").bytes().to_vec();
    assert!(before != after);
    assert_eq!(unformed(&after), Vec::<&str>::new());
}

#[test]
fn pages_are_made_once_for_the_same_document() {
    let directory = tempfile::tempdir().unwrap();
    let soffice = program(directory.path(), "cp \"$8\" \"$7/paper.pdf\"");
    let app = council_with(
        |config| {
            config.soffice = Some(soffice);
            config.store.data_dir = directory.path().to_owned();
        },
        json!({"ballot": "secret"}),
        3,
    );
    let session = closed(&app);
    let asked =
        || app.chair().get(&format!("{session}/documents/bien_ban_hop")).header("Accept", "application/pdf").ok();
    let document = paper(&app, &session, "bien_ban_hop");
    for _ in 0..3 {
        let pages = asked();
        assert_eq!(pages.header("content-type"), Some("application/pdf"));
        assert!(pages.bytes() == document.bytes(), "the program copies");
    }
    assert_eq!(fs::read_to_string(directory.path().join("calls")).unwrap(), ".\n");
}

#[test]
fn a_program_that_fails_is_told_with_a_time_to_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let soffice = program(directory.path(), "exit 1");
    let app = council_with(|config| config.soffice = Some(soffice), json!({"ballot": "secret"}), 3);
    let session = closed(&app);
    let asked = app.chair().get(&format!("{session}/documents/bien_ban_hop")).header("Accept", "application/pdf");
    let refused = asked.problem(503, "pages_failed");
    assert_eq!(refused.header("retry-after"), Some("60"));
}

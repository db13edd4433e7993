//! Documents behind the figures: who hands them in, what is taken, who reads them, and that they stay as they were.

use std::{io::Write, net::TcpStream};

use serde_json::{Value, json};
use thidua::canonical::hex;

use crate::support::{
    Answer, CONTENT_TYPES, Client, DOCUMENT_XML, PASSWORD, Part, TestApp, WORKBOOK_XML, docx, jpeg, multipart, pdf,
    png, zip,
};

const MIB: usize = 1024 * 1024;

fn id(answer: &Answer) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

/// A PDF of so many bytes.
fn long_pdf(size: usize) -> Vec<u8> {
    let (head, end) = (b"%PDF-1.7\n", b"\n%%EOF");
    let filler = (0..size - head.len() - end.len()).map(|at| (at % 251) as u8);
    head.iter().copied().chain(filler).chain(end.iter().copied()).collect()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}

#[test]
fn a_document_comes_back_byte_for_byte_and_to_be_saved_only() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let bytes = long_pdf(700 * 1024 + 7);
    let parts = [
        Part::text("number", "12/CV-UBND"),
        Part::text("date", "2025-08-01"),
        Part::text("issuer", "UBND xa\u{303}"),
        Part::text("excerpt", ""),
        Part::file("Công văn số 12.PDF", bytes.clone()),
    ];
    let made = app.reporter("thon-1").upload(&place.path, &parts).created();
    assert_eq!(made.header("location"), Some(format!("/api/v1/evidence/{}", id(&made)).as_str()));
    let found = app.head("thon-1").get(&format!("/evidence/{}", id(&made))).ok();
    assert_eq!(found.json(), made.json());
    assert_eq!((&found["number"], &found["issuer"]), (&json!("12/CV-UBND"), &json!("UBND xã")));
    assert_eq!((&found["excerpt"], &found["link"]), (&Value::Null, &Value::Null));
    assert_eq!((&found["period"], &found["unit"]), (&json!("2025-08"), &json!("thon-1")));
    assert_eq!(found["file"]["sha256"], sha256(&bytes));
    assert_eq!(
        (&found["file"]["size"], &found["file"]["media_type"]),
        (&json!(bytes.len()), &json!("application/pdf"))
    );
    let file = app.agency().get(found["file"]["href"].as_str().unwrap()).ok();
    assert!(file.bytes() == bytes, "other bytes");
    assert_eq!(file.header("content-length"), Some(bytes.len().to_string().as_str()));
    let disposition = file.header("content-disposition").unwrap();
    assert!(
        disposition.starts_with("attachment; filename=\"C_ng_v_n_s__12.PDF\"; filename*=UTF-8''C%C3%B4ng"),
        "{disposition}"
    );
    assert!(file.header("content-security-policy").unwrap().starts_with("sandbox;"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    assert_eq!(app.count("SELECT 1 FROM evidence_chunks"), 3);
}

#[test]
fn every_kind_is_taken_under_its_name() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let xlsx = zip(&[CONTENT_TYPES, WORKBOOK_XML]);
    let files = [
        ("a.pdf", pdf("1")),
        ("b.png", png()),
        ("c.JPG", jpeg()),
        ("d.jpeg", jpeg()),
        ("e.docx", docx()),
        ("f.xlsx", xlsx),
    ];
    for (name, bytes) in files {
        let made = app.head("thon-1").upload(&place.path, &[Part::file(name, bytes)]).created();
        app.agency().get(&format!("/evidence/{}/file", id(&made))).ok();
    }
}

#[test]
fn a_link_stands_for_a_file_and_has_no_bytes() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let link = Part::text("link", "https://dichvucong.gov.vn/thong-ke/10210");
    // As browsers send a form in which nobody chose a file.
    let made = app.head("thon-1").upload(&place.path, &[Part::file("", ""), link]).created();
    assert_eq!((&made["link"], &made["file"]), (&json!("https://dichvucong.gov.vn/thong-ke/10210"), &Value::Null));
    app.head("thon-1").get(&format!("/evidence/{}/file", id(&made))).problem(404, "not_found");
}

#[test]
fn a_report_names_evidence_of_its_own_place_and_no_other() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (place, head) = (movement.at("2025-08", "thon-1"), app.head("thon-1"));
    let mut report = movement.report("thon-1");
    let hand_in = |who: &Client, place: &str| id(&who.upload(place, &[Part::file("a.pdf", pdf("1"))]).created());
    let own = hand_in(&head, &place.path);
    let elsewhere = [
        hand_in(&head, &movement.at("2025-09", "thon-1").path),
        hand_in(&app.head("thon-2"), &movement.at("2025-08", "thon-2").path),
    ];
    for other in elsewhere {
        report.0["values"][0]["evidence"] = json!([own, other]);
        place.put(&head, &report).problem(422, "content_invalid").finding("/values/0/evidence/1", "evidence_unknown");
    }
    report.0["values"][0]["evidence"] = json!([own]);
    place.draft(&report).is(201);
    place.submit();
    let revision = app.auditor().get(&format!("{}/revisions/1", place.path)).ok();
    let named = revision["values"].as_array().unwrap().iter().any(|value| value["evidence"] == json!([own]));
    assert!(named, "{revision}");
}

#[test]
fn evidence_serves_where_it_is_required() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-08", "van-phong");
    let required = |value: &Value| value["indicator"] == "CCHC-22";
    let mut report = movement.report("van-phong");
    let at = report.0["values"].as_array().unwrap().iter().position(required).expect("an index");
    report.0["values"][at].as_object_mut().unwrap().remove("explanation");
    place.draft(&report).is(201);
    let submit = || place.act(&app.head("van-phong"), "submit", json!({}));
    submit().problem(422, "content_invalid").finding(&format!("/values/{at}/explanation"), "evidence_missing");
    let made = app.head("van-phong").upload(&place.path, &[Part::file("a.pdf", pdf("1"))]).created();
    report.0["values"][at]["evidence"] = json!([id(&made)]);
    place.draft(&report).is(200);
    submit().ok();
}

#[test]
fn a_file_used_twice_is_told_to_whom_both_are_known() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let hand_in = |unit: &str, period: &str| {
        id(&app.head(unit).upload(&movement.at(period, unit).path, &[Part::file("a.pdf", pdf("1"))]).created())
    };
    let (july, august, other) =
        (hand_in("thon-1", "2025-07"), hand_in("thon-1", "2025-08"), hand_in("thon-2", "2025-08"));
    let used = |who: Client, id: &str| -> Vec<String> {
        let found = who.get(&format!("/evidence/{id}")).ok();
        found["used_elsewhere"]
            .as_array()
            .unwrap()
            .iter()
            .map(|other| other["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(used(app.agency(), &july), [august.clone(), other.clone()]);
    assert_eq!(used(app.head("thon-1"), &july), [august]);
    assert_eq!(used(app.head("thon-2"), &other), [""; 0]);
}

#[test]
fn what_is_hostile_or_clumsy_is_refused_and_leaves_nothing() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let head = app.head("thon-1");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let bomb = zip(&[CONTENT_TYPES, DOCUMENT_XML, ("word/media/a", u32::MAX - 1, 0)]);
    let behind = [docx(), b"<script>".to_vec()].concat();
    let before = [b"#!/bin/sh\n".to_vec(), docx()].concat();
    let cut = docx()[..docx().len() - 9].to_vec();
    let table: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("html-as.pdf", b"<html><script>alert(1)</script>".to_vec(), 422, "file_kind_differs"),
        ("png-as.jpg", png(), 422, "file_kind_differs"),
        ("pdf-behind.pdf", [b"MZ ".to_vec(), pdf("1")].concat(), 422, "file_kind_differs"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj".to_vec(), 422, "file_damaged"),
        ("cut.png", png()[..20].to_vec(), 422, "file_damaged"),
        ("longer.png", [png(), b"<script>".to_vec()].concat(), 422, "file_damaged"),
        ("empty.pdf", Vec::new(), 422, "file_empty"),
        ("image.svg", svg.into(), 422, "file_kind_refused"),
        ("svg-as.png", svg.into(), 422, "file_kind_differs"),
        ("page.html", b"<html>".to_vec(), 422, "file_kind_refused"),
        ("report.pdf.exe", pdf("1"), 422, "file_kind_refused"),
        ("report.docm", docx(), 422, "file_kind_refused"),
        (".pdf", pdf("1"), 422, "file_name_unusable"),
        ("pdf", pdf("1"), 422, "file_kind_refused"),
        ("../../etc/passwd.pdf", pdf("1"), 422, "file_name_unusable"),
        ("C:\\\\a.pdf", pdf("1"), 422, "file_name_unusable"),
        ("hoa\u{202E}fdp.pdf", pdf("1"), 422, "file_name_unusable"),
        ("hoa\u{200B}.pdf", pdf("1"), 422, "file_name_unusable"),
        ("a\u{7}.pdf", pdf("1"), 400, "multipart_malformed"),
        ("a\0.pdf", pdf("1"), 400, "multipart_malformed"),
        ("ends. pdf", pdf("1"), 422, "file_kind_refused"),
        ("zip-of-nothing.docx", zip(&[]), 422, "file_kind_differs"),
        ("no-document.docx", zip(&[CONTENT_TYPES]), 422, "file_kind_differs"),
        ("workbook-as.docx", zip(&[CONTENT_TYPES, WORKBOOK_XML]), 422, "file_kind_differs"),
        ("bomb.docx", bomb, 422, "archive_unsafe"),
        ("locked.docx", zip(&[CONTENT_TYPES, ("word/document.xml", 1, 1)]), 422, "archive_unsafe"),
        ("twice.docx", zip(&[CONTENT_TYPES, DOCUMENT_XML, DOCUMENT_XML]), 422, "archive_unsafe"),
        ("leaves.docx", zip(&[CONTENT_TYPES, DOCUMENT_XML, ("../../a", 1, 0)]), 422, "archive_unsafe"),
        ("macros.docx", zip(&[CONTENT_TYPES, DOCUMENT_XML, ("word/vbaProject.bin", 1, 0)]), 422, "archive_unsafe"),
        ("something-behind.docx", behind, 422, "file_damaged"),
        ("something-before.docx", before, 422, "file_kind_differs"),
        ("cut.docx", cut, 422, "file_damaged"),
        ("too-large.pdf", long_pdf(20 * MIB + 1), 413, "file_too_large"),
    ];
    for (name, bytes, status, code) in table {
        let answer = head.upload(&place.path, &[Part::file(name, bytes)]).send();
        assert_eq!(answer.status(), status, "{name}: {}", answer.text());
        let found = if status == 422 { &answer["errors"][0]["code"] } else { &answer["code"] };
        assert_eq!(found, code, "{name}: {}", answer.text());
    }
    let long = "a".repeat(20_000);
    let a_file = || Part::file("a.pdf", pdf("1"));
    let parts: Vec<(Vec<Part>, u16, &str, &str)> = vec![
        (vec![a_file(), a_file()], 400, "/file", "duplicate_key"),
        (vec![a_file(), Part::text("number", "1"), Part::text("number", "2")], 400, "/number", "duplicate_key"),
        (vec![a_file(), Part::text("sender", "1")], 400, "", "unknown_field"),
        (vec![a_file(), Part::text("date", "01/08/2025")], 400, "/date", "wrong_type"),
        (vec![a_file(), Part::text("issuer", "UBND\u{202E}")], 400, "/issuer", "forbidden_character"),
        (vec![a_file(), Part::text("issuer", "UBND\0")], 400, "/issuer", "forbidden_character"),
        (vec![a_file(), Part::text("number", &"1".repeat(101))], 422, "/number", "length_out_of_range"),
        (vec![a_file(), Part::text("link", "https://a.vn")], 422, "/file", "file_or_link"),
        (vec![Part::text("number", "1")], 422, "/file", "file_or_link"),
        (vec![Part::text("link", "javascript:alert(1)")], 422, "/link", "link_malformed"),
        (vec![Part::text("link", "https://a@b.vn")], 422, "/link", "link_malformed"),
    ];
    for (parts, status, pointer, code) in parts {
        head.upload(&place.path, &parts).send().is(status).finding(pointer, code);
    }
    head.upload(&place.path, &[Part::text("excerpt", &long)]).problem(413, "body_too_large");
    let whole = multipart(&[a_file()], "b");
    head.upload_raw(&place.path, whole[..whole.len() - 8].to_vec(), "b").problem(400, "multipart_malformed");
    head.upload_raw(&place.path, whole.clone(), "other").problem(400, "multipart_malformed");
    head.upload_raw(&place.path, whole.clone(), "b")
        .header("Content-Encoding", "gzip")
        .problem(415, "multipart_needed");
    let path = format!("{}/evidence", place.path);
    head.post(&path, json!({})).problem(415, "multipart_needed");
    head.request(reqwest::Method::POST, &path).body("multipart/form-data", whole).problem(400, "multipart_malformed");
    head.request(reqwest::Method::POST, &path).problem(415, "multipart_needed");
    assert_eq!(app.count("SELECT 1 FROM evidence") + app.count("SELECT 1 FROM evidence_chunks"), 0);
}

#[test]
fn twenty_mebibytes_are_not_too_many() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let bytes = long_pdf(20 * MIB);
    let made = app.head("thon-1").upload(&place.path, &[Part::file("a.pdf", bytes.clone())]).created();
    let file = app.head("thon-1").get(&format!("/evidence/{}/file", id(&made))).ok();
    assert!(file.bytes() == bytes, "other bytes");
}

#[test]
fn who_may_not_draft_hands_nothing_in_and_others_units_are_not_there() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let parts = || [Part::file("a.pdf", pdf("1"))];
    let made = app.head("thon-1").upload(&place.path, &parts()).created();
    for reader in [app.auditor(), app.chair(), app.council_member(), app.admin()] {
        reader.upload(&place.path, &parts()).problem(403, "forbidden");
        reader.get(&format!("/evidence/{}", id(&made))).problem(404, "not_found");
    }
    app.agency().upload(&place.path, &parts()).created();
    for stranger in [app.head("thon-2"), app.reporter("phong-vhxh"), app.elsewhere.agency()] {
        stranger.upload(&place.path, &parts()).problem(404, "not_found");
        stranger.get(&format!("/evidence/{}", id(&made))).problem(404, "not_found");
        stranger.get(&format!("/evidence/{}/file", id(&made))).problem(404, "not_found");
    }
    app.anon().upload(&place.path, &parts()).problem(401, "unauthenticated");
    app.head("thon-1").upload("/movements/cchc-2025-h2/submissions/1999-01/thon-1", &parts()).problem(404, "not_found");
}

#[test]
fn it_comes_in_while_the_report_may_be_edited() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-08", "thon-1");
    let hand_in = || app.head("thon-1").upload(&place.path, &[Part::file("a.pdf", pdf("1"))]).send();
    hand_in().is(201);
    place.draft(&movement.report("thon-1")).is(201);
    place.submit();
    hand_in().problem(409, "submission_state");
    place.send_back();
    hand_in().is(201);
    movement.close_period("2025-08");
    hand_in().is(201);
    place.submit();
    place.approve();
    hand_in().problem(409, "period_state");
    let never = app.head("thon-2").upload(&movement.at("2025-08", "thon-2").path, &[Part::file("a.pdf", pdf("1"))]);
    never.problem(409, "period_state");
}

#[test]
fn nobody_changes_or_deletes_it_not_even_behind_the_service() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let made = app.head("thon-1").upload(&place.path, &[Part::file("a.pdf", pdf("1"))]).created();
    for method in [reqwest::Method::PUT, reqwest::Method::PATCH, reqwest::Method::DELETE] {
        let request = app.head("thon-1").request(method, &format!("/evidence/{}", id(&made)));
        request.send().problem(405, "method_not_allowed");
    }
    for statement in
        ["UPDATE evidence SET number = '13'", "DELETE FROM evidence_chunks", "TRUNCATE evidence, evidence_chunks"]
    {
        assert!(app.try_sql(statement).unwrap_err().contains("kept as it was handed in"), "{statement}");
    }
}

#[test]
fn what_breaks_off_in_the_middle_leaves_nothing() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    app.sql("ALTER TABLE evidence_chunks ADD CONSTRAINT evidence_chunks_broken_check CHECK (number < 2) NOT VALID");
    let parts = [Part::file("a.pdf", long_pdf(MIB))];
    assert_eq!(app.head("thon-1").upload(&place.path, &parts).send_unchecked().status(), 500);
    assert_eq!(app.count("SELECT 1 FROM evidence") + app.count("SELECT 1 FROM evidence_chunks"), 0);
    assert_eq!(app.records("r.action = 'create_evidence'"), 0);
    // A sender that hangs up: the service goes on for others.
    app.head("thon-1");
    let login = json!({"username": "head.thon-1.10210", "password": PASSWORD});
    let token = app.anon().post("/auth/login", login).ok()["access_token"].as_str().unwrap().to_owned();
    let mut line = TcpStream::connect(app.service().issuer.url().trim_start_matches("http://")).unwrap();
    let kind = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9999999";
    let head = format!("Host: a\r\nAuthorization: Bearer {token}\r\n{kind}");
    write!(line, "POST /api/v1{}/evidence HTTP/1.1\r\n{head}\r\n\r\n", place.path).unwrap();
    let body = multipart(&[Part::file("a.pdf", long_pdf(MIB))], "b");
    line.write_all(&body[..body.len() - 100]).unwrap();
    drop(line);
    app.head("thon-1").upload(&place.path, &[Part::file("a.pdf", pdf("1"))]).created();
    assert_eq!(app.count("SELECT 1 FROM evidence"), 1);
}

#[test]
fn the_same_key_hands_in_once_whatever_the_boundary() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let head = app.head("thon-1");
    let send = |words: &str, boundary: &str| {
        let body = multipart(&[Part::file("a.pdf", pdf(words))], boundary);
        head.upload_raw(&place.path, body, boundary).key("k-1").send()
    };
    let first = send("1", "b");
    let again = send("1", "c").is(201);
    assert_eq!(first["id"], again["id"]);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    send("2", "b").problem(422, "idempotency_key_reused");
    assert_eq!(app.count("SELECT 1 FROM evidence"), 1);
}

#[test]
fn many_at_once_are_all_kept_whole() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    let head = app.head("thon-1");
    let ids: Vec<String> = std::thread::scope(|threads| {
        let send = |size: usize| id(&head.upload(&place.path, &[Part::file("a.pdf", long_pdf(size))]).created());
        let sent: Vec<_> = (0..12).map(|n| threads.spawn(move || send(MIB + n))).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    for (n, id) in ids.iter().enumerate() {
        assert!(app.agency().get(&format!("/evidence/{id}/file")).ok().bytes() == long_pdf(MIB + n), "other bytes");
    }
}

#[test]
fn what_was_handed_in_for_a_report_is_found_again_whether_a_value_names_it_or_not() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-08", "thon-1");
    let list = format!("{}/evidence", place.path);
    let head = app.head("thon-1");
    assert_eq!(head.get(&list).ok()["items"], json!([]));
    let made: Vec<_> = (0..3)
        .map(|n| head.upload(&place.path, &[Part::file("van-ban.pdf", pdf(&n.to_string()))]).created()["id"].clone())
        .collect();
    let first = head.get(&format!("{list}?limit=2")).ok();
    let rest = head.get(&format!("{list}?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).ok();
    let listed = [&first, &rest].map(|page| page["items"].as_array().unwrap().clone()).concat();
    assert_eq!(listed.iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), made);
    app.head("thon-2").get(&list).problem(404, "not_found");
}

#[test]
fn a_pdf_whose_header_follows_a_mark_or_a_blank_line_is_taken() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-08", "thon-1");
    for before in ["", "\u{FEFF}", "\n", "\r\n", "\u{FEFF}\r\n  "] {
        let bytes = [before.as_bytes(), &pdf("1")].concat();
        app.head("thon-1").upload(&place.path, &[Part::file("a.pdf", bytes)]).created();
    }
}

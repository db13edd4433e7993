//! The inputs, each with what is answered.

use serde_json::{Value, json};

use super::files;
use crate::submissions::import::{CSV, NDJSON};

pub const JSON: &str = "application/json";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub struct Case {
    pub name: &'static str,
    pub media: &'static str,
    pub body: Vec<u8>,
    pub status: u16,
    pub code: &'static str,
    /// Among what is wrong; nothing, where the problem says all.
    pub finding: &'static str,
}

pub fn cases() -> Vec<Case> {
    [broken_json(), rows(), places(), lines(), tables(), files::sheets()].into_iter().flatten().collect()
}

pub fn case(
    name: &'static str,
    media: &'static str,
    body: impl Into<Vec<u8>>,
    (status, code, finding): (u16, &'static str, &'static str),
) -> Case {
    Case { name, media, body: body.into(), status, code, finding }
}

const MALFORMED: (u16, &str, &str) = (400, "malformed_json", "json_syntax");

fn rejected(finding: &'static str) -> (u16, &'static str, &'static str) {
    (422, "import_rejected", finding)
}

pub fn unreadable(finding: &'static str) -> (u16, &'static str, &'static str) {
    (422, "file_unreadable", finding)
}

/// A row that is fine, but for what is put over it.
fn row(members: Value) -> Value {
    let mut row = json!({"period": "2025-08", "unit": "phong-kinh-te", "indicator": "CCHC-06", "state": "reported",
        "numerator": 1, "denominator": 2});
    row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    row.as_object_mut().unwrap().retain(|_, member| !member.is_null());
    row
}

fn broken_json() -> Vec<Case> {
    let with = |text: &str| json!([row(json!({"explanation": "@"}))]).to_string().replace('@', text);
    let number = |text: &str| json!([row(json!({"numerator": 77}))]).to_string().replace("77", text);
    vec![
        case("nothing", JSON, "", MALFORMED),
        case("truncated", JSON, "[{\"period\": \"2025-08\"", MALFORMED),
        case("trailing", JSON, "[] []", MALFORMED),
        case("an object, no list", JSON, "{\"rows\": []}", MALFORMED),
        case("a hundred thousand brackets", JSON, "[".repeat(100_000), MALFORMED),
        case("NaN", JSON, number("NaN"), MALFORMED),
        case("Infinity", JSON, number("Infinity"), MALFORMED),
        case("1e400", JSON, number("1e400"), MALFORMED),
        case("a lone surrogate", JSON, with("\\ud800"), MALFORMED),
        case("no UTF-8", JSON, b"[\"\xff\xfe\"]".to_vec(), MALFORMED),
        case("a comment", JSON, "[] // xong", MALFORMED),
        case("NUL", JSON, with("\\u0000"), (400, "malformed_json", "forbidden_character")),
        case("bidi", JSON, with("\u{202E}"), (400, "malformed_json", "forbidden_character")),
        case("a control character", JSON, with("\\u0007"), (400, "malformed_json", "forbidden_character")),
        case("a key twice", JSON, "[{\"unit\": \"a\", \"unit\": \"b\"}]", (400, "malformed_json", "duplicate_key")),
        case("33 MiB", JSON, vec![b' '; 33 * 1024 * 1024], (413, "body_too_large", "")),
        case("a form", "application/x-www-form-urlencoded", "a=b", (415, "import_media_type", "")),
        case("XML", "application/xml", "<a/>", (415, "import_media_type", "")),
        case("an old spreadsheet", "application/vnd.ms-excel", "\u{1}", (415, "import_media_type", "")),
    ]
}

/// Rows that are no values of the indicator.
fn rows() -> Vec<Case> {
    let one = |name, members: Value, finding| case(name, JSON, json!([row(members)]).to_string(), rejected(finding));
    vec![
        case("a number for a row", JSON, "[7]", rejected("wrong_type")),
        case("an empty row", JSON, "[{}]", rejected("missing_field")),
        one("unknown member", json!({"numerater": 1}), "unknown_field"),
        one("text for a number", json!({"numerator": "một"}), "wrong_type"),
        one("a fraction for a count", json!({"numerator": 1.5}), "wrong_type"),
        one("2^63", json!({"numerator": 9_223_372_036_854_775_808_u64}), "number_out_of_range"),
        one("10^30", json!({"numerator": 1e30}), "number_out_of_range"),
        one("-10^30", json!({"numerator": -1e30}), "number_out_of_range"),
        one(
            "2^53",
            json!({"numerator": 9_007_199_254_740_992_i64, "denominator": 9_007_199_254_740_993_i64}),
            "number_out_of_range",
        ),
        one("negative", json!({"numerator": -1}), "number_out_of_range"),
        one("numerator over denominator", json!({"numerator": 3}), "numerator_above"),
        one("zero denominator", json!({"numerator": 0, "denominator": 0}), "denominator_zero"),
        one("no denominator", json!({"denominator": null}), "value_member_missing"),
        one("a count for a ratio", json!({"count": 3}), "value_member_unexpected"),
        one("figures where nothing arose", json!({"state": "none_arose"}), "value_member_unexpected"),
        one("an unknown state", json!({"state": "maybe"}), "wrong_type"),
        one(
            "an estimate of nothing",
            json!({"state": "none_arose", "numerator": null, "denominator": null, "estimated": true}),
            "value_not_estimable",
        ),
        one("secret", json!({"secret": true}), "unknown_field"),
        one("evidence", json!({"evidence": []}), "unknown_field"),
        one("too many words", json!({"explanation": "a".repeat(4_001)}), "length_out_of_range"),
        one("a decimal of 9 places", json!({"value": "1.123456789"}), "wrong_type"),
        one("a decimal as a number", json!({"value": 98.7}), "wrong_type"),
        one("an unknown field", json!({"field": "khong-co"}), "value_field_unknown"),
        one("no field where there are some", json!({"indicator": "CCHC-05"}), "value_field_needed"),
        one(
            "all fields at once beside one",
            json!({"indicator": "CCHC-05", "state": "none_arose", "numerator": null, "denominator": null}),
            "value_answered_whole",
        ),
        one("an unknown indicator", json!({"indicator": "CCHC-99"}), "value_indicator_unknown"),
        one("what the service counts", json!({"indicator": "CCHC-23"}), "value_counted_by_itself"),
        one("what the unit does not owe", json!({"indicator": "CCHC-01"}), "value_not_owed"),
        case("the same row twice", JSON, json!([row(json!({})), row(json!({}))]).to_string(), rejected("row_twice")),
        case(
            "one value said two ways",
            JSON,
            json!([row(json!({})), row(json!({"numerator": 2}))]).to_string(),
            rejected("row_twice"),
        ),
    ]
}

fn places() -> Vec<Case> {
    let one = |name, members: Value, finding| case(name, JSON, json!([row(members)]).to_string(), rejected(finding));
    vec![
        one("an unknown period", json!({"period": "2031-01"}), "row_not_found"),
        one("a period of another kind", json!({"period": "2025-Q3"}), "row_not_found"),
        one("another unit", json!({"unit": "van-phong"}), "row_not_found"),
        one("an unknown unit", json!({"unit": "khong-co"}), "row_not_found"),
        one("SQL", json!({"unit": "x'; DROP TABLE units; --"}), "row_not_found"),
        one("a closed period", json!({"period": "2025-09"}), "period_state"),
        one("an approved submission of another", json!({"unit": "thon-1", "period": "2025-07"}), "row_not_found"),
    ]
}

fn lines() -> Vec<Case> {
    vec![
        case("a broken line", NDJSON, "{\"period\": \n", rejected("json_syntax")),
        case("a list a line", NDJSON, "[1]\n", rejected("wrong_type")),
        case("1e400 in a line", NDJSON, "{\"numerator\": 1e400}\n", rejected("json_syntax")),
        case("too many lines", NDJSON, "{}\n".repeat(100_001), unreadable("rows_too_many")),
    ]
}

/// The headings, and a line with something in its thousandth cell.
fn very_wide(heading: &str) -> String {
    format!("{heading}2025-10;thon-1;CCHC-18;Có số liệu;1;1{}x\n", ";".repeat(1_000))
}

fn tables() -> Vec<Case> {
    let heading = "Kỳ báo cáo;Mã đơn vị;Mã chỉ tiêu;Trạng thái;Tử số;Mẫu số;Giá trị;Giải trình\n";
    let one = |name, line: &str, finding| case(name, CSV, format!("{heading}{line}\n"), rejected(finding));
    vec![
        case("no headings", CSV, "1;2;3\n", unreadable("columns_missing")),
        case("very many columns", CSV, very_wide(heading), unreadable("columns_too_many")),
        case("an empty table", CSV, "", unreadable("columns_missing")),
        case("a strange column", CSV, heading.replace("Tử số", "Tử sổ cũ"), unreadable("column_unknown")),
        case("a column twice", CSV, heading.replace("Mẫu số", "tu so"), unreadable("column_twice")),
        case("half of UTF-16", CSV, b"\xff\xfek\0b".to_vec(), unreadable("text_not_utf8")),
        case("UTF-16 without headings", CSV, b"\xff\xfek\0".to_vec(), unreadable("columns_missing")),
        case(
            "a mark within a cell",
            CSV,
            format!("{heading}2025-08;phong-kinh-te;CCHC-06;;1;2;;\"Xong\" rồi\n"),
            unreadable("quote_misplaced"),
        ),
        case(
            "lines within a cell",
            CSV,
            format!("{heading}2025-08;phong-kinh-te;CCHC-06;;1;2;;\"Chờ\n2025-08;phong-kinh-te;CCHC-03;;1;2;;\"Xong\n"),
            unreadable("quote_misplaced"),
        ),
        case("windows-1258", CSV, b"K\xfd b\xe1o c\xe1o".to_vec(), unreadable("text_not_utf8")),
        case(
            "an open quote",
            CSV,
            format!("{heading}2025-08;phong-kinh-te;CCHC-06;;1;2;;\"mở\n"),
            unreadable("quote_open"),
        ),
        one("cells beside", "2025-08;phong-kinh-te;CCHC-06;;1;2;;x;y", "cells_beside"),
        one("no unit", "2025-08;;CCHC-06;;1;2;;", "cell_missing"),
        one("a thousand or a decimal", "2025-08;phong-kinh-te;CCHC-06;;1,234;2000;;", "cell_ambiguous"),
        one("a decimal or a thousand", "2025-08;phong-kinh-te;CCHC-02;;;;91.250;", "cell_ambiguous"),
        one("groups of two", "2025-08;phong-kinh-te;CCHC-06;;12.34.567;2000;;", "cell_not_number"),
        one("a comma decimal for a count", "2025-08;phong-kinh-te;CCHC-06;;1,5;2;;", "cell_not_whole"),
        one("a unit of measure", "2025-08;phong-kinh-te;CCHC-06;;12 hồ sơ;20;;", "cell_not_number"),
        one("digits of another script", "2025-08;phong-kinh-te;CCHC-06;;١٢;20;;", "cell_not_number"),
        one("a formula", "2025-08;phong-kinh-te;CCHC-06;;=1+1;20;;", "cell_not_number"),
        one("beyond 2^63", "2025-08;phong-kinh-te;CCHC-06;;99999999999999999999;20;;", "cell_too_large"),
        one("a strange state", "2025-08;phong-kinh-te;CCHC-06;có lẽ;1;2;;", "cell_not_state"),
        one("a day of two readings", "01/08/2025;phong-kinh-te;CCHC-06;;1;2;;", "cell_ambiguous"),
        one("a day within a month", "2025-08-15;phong-kinh-te;CCHC-06;;1;2;;", "cell_date_no_period"),
        one("NUL in a cell", "2025-08;phong-kinh-te;CCHC-06;;1;2;;a\0b", "forbidden_character"),
        one("bidi in a code", "2025-08;phong-\u{202E}kinh-te;CCHC-06;;1;2;;", "forbidden_character"),
        one(
            "nine thousand letters",
            &format!("2025-08;phong-kinh-te;CCHC-06;;1;2;;{}", "a".repeat(9_000)),
            "cell_too_long",
        ),
        one("a dash for a figure", "2025-08;phong-kinh-te;CCHC-06;;-;2;;", "cell_says_nothing"),
        one("nothing but an explanation", "2025-08;phong-kinh-te;CCHC-06;;;;;vì sao", "cell_missing"),
    ]
}

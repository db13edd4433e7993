//! The members of a value are the same wherever it goes: request, draft, row, import, form, answer.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use thidua::submissions::{CellContent, FormWords, ImportRow, Line, Value, import::COLUMNS};
use utoipa::PartialSchema;

use crate::support::TestApp;

/// Where a row of a table belongs.
const PLACE: [&str; 2] = ["period", "unit"];

fn members_of<T: PartialSchema>() -> BTreeSet<String> {
    let schema = serde_json::to_value(T::schema()).expect("a schema is JSON");
    let properties = schema["properties"].as_object().expect("an object has properties");
    properties.keys().cloned().collect()
}

fn without(names: impl IntoIterator<Item = String>, left_off: &[&str]) -> BTreeSet<String> {
    names.into_iter().filter(|name| !left_off.contains(&name.as_str())).collect()
}

/// A value that says something in every member.
fn whole() -> Json {
    json!({
        "indicator": "CCHC-05", "field": "tnmt", "state": "reported", "numerator": 9, "denominator": 10, "count": 3,
        "level": "3", "value": "98.72", "rank": 2, "population": 126, "estimated": true, "explanation": "Còn chờ",
        "evidence": ["0198f1c6-0000-7000-8000-000000000001"]
    })
}

#[test]
fn a_value_has_a_column_for_each_member() {
    let app = TestApp::start();
    let columns = app.texts(
        "SELECT column_name::text AS value FROM information_schema.columns WHERE table_name = 'revision_values'",
    );
    assert_eq!(without(columns, &["locality_id", "submission_id", "revision", "decimals"]), members_of::<Value>());
}

#[test]
fn a_row_of_an_import_says_every_member_but_the_evidence() {
    let rows = without(members_of::<ImportRow>(), &PLACE);
    assert_eq!(rows, without(members_of::<Value>(), &["evidence"]));
    let columns = COLUMNS.iter().map(|(_, name, ..)| (*name).to_owned());
    assert_eq!(without(columns, &PLACE), rows);
}

#[test]
fn what_a_row_says_is_the_value() {
    let mut said = whole();
    assert_eq!(
        without(said.as_object().unwrap().keys().cloned(), &[]),
        members_of::<Value>(),
        "each member says something"
    );
    said.as_object_mut().unwrap().remove("evidence");
    let mut row = said.clone();
    (row["period"], row["unit"]) = (json!("2025-09"), json!("phong-kinh-te"));
    let row: ImportRow = serde_json::from_value(row).unwrap();
    assert_eq!(serde_json::to_value(row.value()).unwrap(), said);
}

#[test]
fn a_form_shows_every_column() {
    let value: Value = serde_json::from_value(whole()).unwrap();
    let line = Line {
        period: "2025-09".into(),
        unit: "phong-kinh-te".into(),
        unit_name: "Phòng Kinh tế".into(),
        indicator: value.indicator.clone(),
        indicator_name: "Hồ sơ".into(),
        field: value.field.clone(),
        about: FormWords::default(),
        value: Some(value),
    };
    for (column, name, ..) in COLUMNS {
        assert_ne!(line.cell(column), CellContent::Blank, "{name}");
    }
}

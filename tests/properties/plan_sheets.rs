//! A plan as a workbook: it comes back as it was, whatever it holds.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use thidua::{
    movements::plan::{
        Plan,
        sheet::{Column, Holds, SHEETS, Shape, document, pages, read, read_cell, template, workbook, written, xlsx},
    },
    tables::{self, cells::Cell},
};

const HONG_VAN: &str = include_str!("../../plans/hong-van-2025-h2.json");
const EXAMPLE: &str = include_str!("../../plans/example-calendar.json");
const HIEN_MAU: &str = include_str!("../../plans/hien-mau-hau-giang.json");
const IMIHIGO: &str = include_str!("../../plans/imihigo-ngoma.json");
/// A plan with all that the second format has more.
const SECOND: &str = include_str!("plan_sheets/second.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Through the file, as spreadsheet programs keep it.
fn there_and_back(document: &Value) -> Value {
    let file = xlsx(&pages(document)).unwrap();
    let reading = read(&tables::pages(&file).unwrap()).unwrap();
    // A document may leave out the value of a target.
    assert!(reading.findings.iter().all(|finding| finding.code == "target_blank"), "{:?}", reading.findings);
    reading.document
}

#[rstest]
fn a_plan_comes_back_from_its_workbook_as_it_was(#[values(HONG_VAN, EXAMPLE, HIEN_MAU, IMIHIGO, SECOND)] text: &str) {
    assert_eq!(there_and_back(&json(text)), json(text));
}

#[rstest]
fn a_stored_plan_means_the_same_after_its_workbook(#[values(HONG_VAN, EXAMPLE, HIEN_MAU, IMIHIGO)] text: &str) {
    let plan: Plan = serde_json::from_str(text).unwrap();
    let read = document(&workbook(&plan).unwrap(), |_| Vec::new());
    assert!(read.findings.is_empty());
    assert_eq!(serde_json::from_value::<Plan>(read.plan.unwrap()).unwrap(), plan);
}

/// Lists that hold nothing.
const EMPTY: &[&str] = &["/document/bases", "/fields", "/person_kinds", "/reporting/extra_periods"];

/// What the sheets cannot say in their columns is little.
#[rstest]
#[case(HONG_VAN, &["/groups/thon-xom/criteria", "/reporting/extra_periods"])]
#[case(EXAMPLE, &["/groups/ho/criteria/guong-mau/window"])]
#[case(HIEN_MAU, EMPTY)]
#[case(IMIHIGO, EMPTY)]
fn columns_hold_nearly_everything(#[case] text: &str, #[case] rest: &[&str]) {
    let pages = pages(&json(text));
    let last = pages.iter().find(|page| page.name == "Khác").unwrap();
    let places: Vec<String> = last.lines[1..].iter().map(|(_, cells)| cells[0].quoted()).collect();
    assert_eq!(places, rest);
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9]{1,3}".prop_map(String::from),
        1 => Just("1".to_owned()),
        1 => "[0-9]{1,4}([.,][0-9]{1,9})?",
        2 => "\\PC{0,12}",
        1 => any::<String>(),
        1 => Just("(trống)".to_owned()),
        1 => Just("_x0041_".to_owned()),
        1 => Just(" '=1+1\r\n\t".to_owned()),
        1 => Just("e\u{301}; x: 1".to_owned()),
        1 => Just("ô".repeat(9_000)),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        words().prop_map(Value::from),
        words().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(prop_oneof![words(), Just("code".to_owned())], inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Every place of a document.
fn places(at: &str, value: &Value, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(&format!("{at}/{index}"), item, found));
        }
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            places(&format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), member, found);
        }),
        _ => {}
    }
}

#[derive(Debug, Clone)]
enum Change {
    Set(Value),
    Add(String, Value),
    Remove,
    Repeat,
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, Change)>> {
    let change = prop_oneof![
        values().prop_map(Change::Set),
        (words(), values()).prop_map(|(name, value)| Change::Add(name, value)),
        Just(Change::Remove),
        Just(Change::Repeat),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), change), 1..12)
}

fn changed(document: &mut Value, (index, change): &(prop::sample::Index, Change)) {
    let mut all = Vec::new();
    places("", document, &mut all);
    let at = index.get(&all);
    let (above, last) = at.rsplit_once('/').unwrap_or(("", ""));
    match change {
        Change::Set(value) if !at.is_empty() => *document.pointer_mut(at).unwrap() = value.clone(),
        Change::Add(name, value) => match document.pointer_mut(at).unwrap() {
            Value::Object(members) => drop(members.insert(name.clone(), value.clone())),
            Value::Array(items) => items.push(value.clone()),
            _ => {}
        },
        Change::Remove if !at.is_empty() => match document.pointer_mut(above).unwrap() {
            Value::Object(members) => drop(members.remove(&last.replace("~1", "/").replace("~0", "~"))),
            Value::Array(items) => drop(items.remove(last.parse().unwrap())),
            _ => {}
        },
        Change::Repeat => {
            if let Some(Value::Array(items)) = document.pointer_mut(above) {
                let item = items[last.parse::<usize>().unwrap()].clone();
                items.push(item);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_document_comes_back_from_its_workbook_as_it_was(changes in changes(), second in any::<bool>()) {
        let mut document = json(if second { SECOND } else { EXAMPLE });
        changes.iter().for_each(|change| changed(&mut document, change));
        prop_assert!(there_and_back(&document) == document);
    }

    #[test]
    fn a_value_is_written_only_as_it_reads_back(value in values(), at in any::<prop::sample::Index>()) {
        let holds: Vec<Holds> = columns().map(|column| column.holds).collect();
        let holds = *at.get(&holds);
        if let Some(cell) = written(holds, &value) {
            prop_assert_eq!(read_cell(holds, &cell).unwrap(), Some(value));
        }
    }

    #[test]
    fn no_file_makes_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>()) {
        let mut file = template().unwrap();
        let from = at.index(file.len());
        file.splice(from..(from + bytes.len()).min(file.len()), bytes);
        let read = document(&file, |_| Vec::new());
        prop_assert!(read.plan.is_some() || !read.findings.is_empty());
    }
}

fn columns() -> impl Iterator<Item = &'static Column> {
    let parent = |shape: &'static Shape| if let Shape::Within { parent, .. } = shape { Some(parent) } else { None };
    SHEETS.iter().flat_map(move |sheet| parent(&sheet.shape).into_iter().chain(sheet.columns))
}

#[test]
fn the_example_of_every_column_is_read() {
    for column in columns().filter(|column| !column.example.is_empty()) {
        let read = read_cell(column.holds, &Cell::of_text(column.example));
        assert!(matches!(read, Ok(Some(_))), "{}: {read:?}", column.title);
    }
}

#[test]
fn no_heading_of_a_sheet_means_two_columns() {
    for sheet in SHEETS {
        let names =
            |column: &'static Column| [column.title, column.path].into_iter().chain(column.others.iter().copied());
        let mut all: Vec<String> = sheet.columns.iter().flat_map(names).map(thidua::text::folded).collect();
        all.retain(|name| !name.is_empty());
        let count = all.len();
        all.sort();
        all.dedup();
        assert!(count - all.len() <= sheet.columns.len(), "{}", sheet.name);
        let titles: std::collections::BTreeSet<String> =
            sheet.columns.iter().map(|column| thidua::text::folded(column.title)).collect();
        assert_eq!(titles.len(), sheet.columns.len(), "{}", sheet.name);
    }
}

#[rstest]
#[case(Holds::Decimal, "97,5", Ok(Some(json!("97.5"))))]
#[case(Holds::Decimal, "1.234", Err("cell_ambiguous"))]
#[case(Holds::Figure, "95 %", Ok(Some(json!("95"))))]
#[case(Holds::Figure, "Đã hoàn thành", Ok(Some(json!("done"))))]
#[case(Holds::Figure, "(trống)", Ok(Some(Value::Null)))]
#[case(Holds::Figure, "5 hồ sơ", Err("cell_not_number"))]
#[case(Holds::Word("direction"), "càng cao càng tốt", Ok(Some(json!("up"))))]
#[case(Holds::Word("comparator"), "≥", Ok(Some(json!(">="))))]
#[case(Holds::Word("comparator"), ">", Ok(Some(json!(">"))))]
#[case(Holds::Word("over_time"), "Cộng", Err("cell_unknown_word"))]
#[case(Holds::WordOrCodes("every"), "Quý", Ok(Some(json!("quarter"))))]
#[case(Holds::WordOrCodes("every"), "2026-Q2; 2026-Q4", Ok(Some(json!(["2026-Q2", "2026-Q4"]))))]
#[case(Holds::Day, "30/9/2025", Ok(Some(json!("2025-09-30"))))]
#[case(Holds::Moment, "15/12/2025", Ok(Some(json!("2025-12-14T17:00:00Z"))))]
#[case(Holds::Moment, "15/12/2025 17h30", Ok(Some(json!("2025-12-15T10:30:00Z"))))]
#[case(Holds::Moment, "giữa tháng 12", Err("cell_not_moment"))]
#[case(Holds::Decimals, "CT-01: 2; CT-02: 1,5", Ok(Some(json!({"CT-01": "2", "CT-02": "1.5"}))))]
#[case(Holds::Decimals, "CT-01: 2; CT-01: 3", Err("cell_not_pairs"))]
#[case(Holds::Knots, "0→0; 97,5 -> 20; >98→40", Ok(Some(json!([
    {"from": "0", "points": "0"}, {"from": "97.5", "points": "20"}, {"above": "98", "points": "40"}
]))))]
#[case(Holds::Knots, "từ 0 đến 40", Err("cell_not_knots"))]
fn a_cell_means_what_people_write(
    #[case] holds: Holds,
    #[case] said: &str,
    #[case] meant: Result<Option<Value>, &str>,
) {
    assert_eq!(read_cell(holds, &Cell::of_text(said)).map_err(|(code, _)| code), meant);
}

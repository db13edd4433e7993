//! Values side by side: which table a line of headings tells, which period a title names, and which indicator a heading.

use rstest::rstest;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use thidua::{
    movements::plan::Plan,
    submissions::{
        ImportRow,
        import::{PlanNames, periods_in},
    },
    tables::{csv, xlsx},
};

#[rstest]
#[case("BÁO CÁO THÁNG 9 NĂM 2025", &["2025-09"])]
#[case("Tháng 9/2025", &["2025-09"])]
#[case("Kỳ báo cáo: tháng 09/2025 (lần 1)", &["2025-09"])]
#[case("TỔNG HỢP QUÝ III/2025", &["2025-Q3"])]
#[case("Số liệu quý 3 năm 2025", &["2025-Q3"])]
#[case("Kết quả 6 tháng đầu năm 2025", &["2025-H1"])]
#[case("Report of month 9/2025", &["2025-09"])]
#[case("Tháng 8/2025 và tháng 9/2025", &["2025-08", "2025-09"])]
#[case("Hồng Vân, ngày 30 tháng 9 năm 2025", &[])]
#[case("UBND XÃ HỒNG VÂN", &[])]
#[case("Tháng này", &[])]
#[case("Kế hoạch số 12/KH-UBND", &[])]
#[case("Quý vị đại biểu", &[])]
fn a_title_names_periods_and_a_day_is_none(#[case] title: &str, #[case] expected: &[&str]) {
    assert_eq!(periods_in(title), expected, "{title}");
}

fn plan() -> Plan {
    serde_json::from_str(include_str!("../../../plans/hong-van-2025-h2.json")).unwrap()
}

#[test]
fn a_heading_names_an_indicator_however_it_is_written() {
    let plan = plan();
    let names = PlanNames::of(&plan.indicators, &plan.fields);
    for indicator in &plan.indicators {
        let (code, name) = (&indicator.code, &indicator.name.vi);
        let headings = [
            code.clone(),
            code.to_lowercase().replace('-', " "),
            name.clone(),
            name.to_uppercase(),
            format!("{code} {name}"),
            format!("{code}: {name}"),
            format!("{code}\n{name}"),
            format!("3. {name}"),
            format!("3) {code}"),
            format!("{code} (%)"),
            format!("{name}\n(đơn vị tính: %)"),
        ];
        for heading in headings {
            assert_eq!(names.heading(&heading), Ok(Some(code.clone())), "{heading}");
        }
    }
    for heading in ["CCHC-99", "Số hộ nghèo", "", "12", "(%)"] {
        assert_eq!(names.heading(heading), Ok(None), "{heading}");
    }
}

#[test]
fn a_unit_of_measure_makes_no_difference_where_one_side_has_it() {
    let mut plan = plan();
    plan.indicators.truncate(3);
    for (indicator, name) in plan.indicators.iter_mut().zip(["Đường hoa (m)", "Hộ nghèo (thành thị)", "Cây xanh"])
    {
        (indicator.name.vi, indicator.name.en) = (name.into(), None);
    }
    let code = |at: usize| Some(plan.indicators[at].code.clone());
    let names = PlanNames::of(&plan.indicators, &plan.fields);
    for (said, expected) in [
        ("Đường hoa", code(0)),
        ("2. Đường hoa", code(0)),
        ("Đường hoa (m)", code(0)),
        ("Cây xanh (cây)", code(2)),
        ("Hộ nghèo", code(1)),
        // Another thing in brackets may be another thing.
        ("Hộ nghèo (nông thôn)", None),
    ] {
        assert_eq!(names.heading(said), Ok(expected.clone()), "{said}");
        let in_line = names.indicator(said.trim_start_matches("2. ").to_owned());
        assert_eq!(in_line.ok().filter(|code| code.starts_with("CCHC")), expected, "{said}");
    }
}

#[test]
fn a_heading_that_fits_two_indicators_is_refused_with_both() {
    let mut plan = plan();
    plan.indicators[1].name = plan.indicators[0].name.clone();
    let names = PlanNames::of(&plan.indicators, &plan.fields);
    let refused = names.heading(&plan.indicators[0].name.vi).unwrap_err();
    assert_eq!((refused.code, refused.args["codes"].as_str()), ("name_fits_several", "CCHC-01, CCHC-02"));
}

/// What each row says it is about, and its figures, as JSON would.
fn said(table: &str) -> Vec<String> {
    let reading = csv::read::<ImportRow>(table.as_bytes()).unwrap_or_else(|found| panic!("{table}: {found:?}"));
    let row = |(_, row): &(usize, ImportRow)| {
        let row = serde_json::to_value(row).unwrap();
        let members = ["period", "unit", "indicator", "field", "numerator", "denominator", "count"];
        let text = |member| match &row[member] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        members.map(text).join("|")
    };
    reading.rows.iter().map(row).collect()
}

#[rstest]
#[case::two_lines("Kỳ,Đơn vị,A,,B,\n,,Tử số,Mẫu số,Tử số,Mẫu số\n2025-09,thon,1,2,3,4\n", &["2025-09|thon|A||1|2|", "2025-09|thon|B||3|4|"])]
#[case::a_blank_value("Kỳ,Đơn vị,A,,B,\n,,Tử số,Mẫu số,Tử số,Mẫu số\n2025-09,thon,,,3,4\n", &["2025-09|thon|B||3|4|"])]
#[case::an_empty_line("Kỳ,Đơn vị,A,,B,\n,,Tử số,Mẫu số,Tử số,Mẫu số\n2025-09,thon,,,,\n", &[])]
#[case::fields("Kỳ,Đơn vị,A,,\n,,x,,y\n,,Số lượng,Giải trình,Số lượng\n2025-09,thon,1,lời,2\n", &["2025-09|thon|A|x|||1", "2025-09|thon|A|y|||2"])]
#[case::groups("Tháng 9/2025\nĐơn vị,I,,,\n,A,,B,\n,x,y,x,y\n,Số lượng,Số lượng,Số lượng,Số lượng\nthon,1,2,3,4\n", &["2025-09|thon|A|x|||1", "2025-09|thon|A|y|||2", "2025-09|thon|B|x|||3", "2025-09|thon|B|y|||4"])]
#[case::indicators_in_lines("Kỳ,Chỉ tiêu,thon,,dao,\n,,Tử số,Mẫu số,Tử số,Mẫu số\n2025-09,A,1,2,3,4\n", &["2025-09|thon|A||1|2|", "2025-09|dao|A||3|4|"])]
#[case::codes_before_names("Kỳ,Tên đơn vị,Mã đơn vị,A,\n,,,Tử số,Mẫu số\n2025-09,Tên,thon,1,2\n", &["2025-09|thon|A||1|2|"])]
#[case::totals_are_no_rows("Tháng 9/2025\nĐơn vị,A,\n,Tử số,Mẫu số\nthon,1,2\nTổng cộng,1,2\n", &["2025-09|thon|A||1|2|"])]
#[case::a_total_with_figures_below_the_units("Tháng 9/2025\nSTT,Đơn vị,A,\n,,Tử số,Mẫu số\n1,thon,1,2\nTổng cộng,1,2,\n", &["2025-09|thon|A||1|2|"])]
#[case::headings_once_more("Kỳ,Đơn vị,Chỉ tiêu,Số lượng\n2025-09,thon,A,1\n", &["2025-09|thon|A||||1"])]
fn each_cell_is_a_row(#[case] table: &str, #[case] expected: &[&str]) {
    assert_eq!(said(table), expected, "{table}");
}

#[rstest]
#[case("Đơn vị,Tử số,Mẫu số\nthon,1,2\n", "columns_missing")]
#[case("Kỳ,Đơn vị\n2025-09,thon\n", "columns_missing")]
#[case("Kỳ,Đơn vị,A,\n,,Tử số,Tử số\n2025-09,thon,1,2\n", "column_twice")]
#[case("Kỳ,Đơn vị,Giải trình,A,\n,,,Tử số,Mẫu số\n2025-09,thon,lời,1,2\n", "column_unplaced")]
fn headings_that_tell_no_table_are_refused(#[case] table: &str, #[case] code: &str) {
    let findings = csv::read::<ImportRow>(table.as_bytes()).unwrap_err();
    assert_eq!(findings[0].code, code, "{table}");
}

type Sheet = &'static [&'static [&'static str]];

const LIST: Sheet = &[&["Đơn vị", "Người liên hệ"], &["thon-1", "Trần Văn Đức"]];
const FIGURES: Sheet =
    &[&["Kỳ", "Đơn vị", "A", "A"], &["Kỳ", "Đơn vị", "Tử số", "Mẫu số"], &["2025-09", "thon-1", "1", "2"]];
const ROWS: Sheet = &[&["Kỳ", "Đơn vị", "Chỉ tiêu", "Số lượng"], &["2025-09", "thon-1", "A", "3"]];

/// Which of several sheets is read: the one that says most that it is meant, and none where several say the same.
#[rstest]
// One for each figure; they are one value once their headings are understood.
#[case(&[LIST, FIGURES], Some(2))]
#[case(&[FIGURES, LIST], Some(2))]
#[case(&[LIST, ROWS], Some(1))]
#[case(&[FIGURES, ROWS], Some(1))]
#[case(&[FIGURES, FIGURES], None)]
#[case(&[ROWS, LIST, ROWS], None)]
fn a_list_of_units_beside_the_figures_is_not_taken_for_them(#[case] sheets: &[Sheet], #[case] rows: Option<usize>) {
    let mut book = Workbook::new();
    for lines in sheets {
        let sheet = book.add_worksheet();
        for (row, line) in lines.iter().enumerate() {
            sheet.write_row(row as u32, 0, line.iter().copied()).unwrap();
        }
    }
    let read = xlsx::read::<ImportRow>(&book.save_to_buffer().unwrap());
    assert_eq!(read.map(|reading| reading.rows.len()).ok(), rows);
}

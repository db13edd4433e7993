//! Which lines of a table are rows, and what their headings and key cells say.

use rstest::rstest;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use thidua::{
    submissions::{ImportRow, ValueState, import::Names},
    tables::{
        Reading, Table,
        cells::{Cell, count, day, decimal},
        csv, xlsx,
    },
    units::import::UnitRow,
};

fn table(lines: &str) -> Reading<ImportRow> {
    csv::read(lines.as_bytes()).unwrap_or_else(|findings| panic!("{lines}: {findings:?}"))
}

fn codes<R>(reading: &Reading<R>) -> Vec<(usize, &'static str)> {
    reading.notices.clone()
}

/// Headings as they are written, for every way of writing them.
fn written(heading: &str) -> Vec<String> {
    let plain = thidua::text::unaccented(heading);
    vec![
        heading.to_owned(),
        heading.to_uppercase(),
        heading.replace(' ', "_"),
        heading.replace(['_', ' '], "-"),
        heading.replace('_', " "),
        heading.replace('Đ', "Ð").replace('đ', "ð"),
        format!("  {heading}  "),
        format!("{heading} (hồ sơ)"),
        format!("{heading}\n[%]"),
        plain.clone(),
        plain.replace([' ', '_'], ""),
    ]
}

fn every_heading_is_read<R: Table>() {
    for (column, name, title, others) in R::COLUMNS {
        for heading in [name, title].into_iter().chain(*others).flat_map(|heading| written(heading)) {
            let rest = R::COLUMNS.iter().filter(|(other, ..)| other != column).map(|(_, name, ..)| (*name).to_owned());
            let head: Vec<String> = rest.chain([heading.clone()]).collect();
            let mut line = ::csv::WriterBuilder::new().from_writer(Vec::new());
            line.write_record(&head).unwrap();
            let reading = csv::read::<R>(&line.into_inner().unwrap());
            let columns = reading.unwrap_or_else(|findings| panic!("{heading}: {findings:?}")).spots.columns;
            assert_eq!(columns.get(name), Some(&(head.len() - 1)), "{heading}");
        }
    }
}

#[test]
fn every_heading_is_read_however_it_is_written() {
    every_heading_is_read::<ImportRow>();
    every_heading_is_read::<UnitRow>();
}

#[test]
fn what_means_another_thing_is_no_heading() {
    for (head, code) in [
        ("period,unit,indicator,Trạng thái (mới),state", "column_twice"),
        ("period,unit,indicator,Số lượng khác", "column_unknown"),
        ("period,indicator,count", "columns_missing"),
    ] {
        let findings = csv::read::<ImportRow>(head.as_bytes()).unwrap_err();
        assert_eq!(findings[0].code, code, "{head}");
    }
    // A unit of measure beside a unit.
    let reading = table("period,unit,indicator,Đơn vị tính,count\n2025-09,thon-1,CCHC-23,hồ sơ,3\n");
    assert_eq!(
        (reading.rows[0].1.unit.as_str(), reading.rows[0].1.count.map(|count| count.units())),
        ("thon-1", Some(3))
    );
    // Names stand for codes where these have no column, and beside them they say nothing.
    let named = table("Kỳ,Tên đơn vị,Tên chỉ tiêu,Số lượng\n2025-09,Thôn 1,Số sáng kiến,3\n");
    assert_eq!((&*named.rows[0].1.unit, &*named.rows[0].1.indicator), ("Thôn 1", "Số sáng kiến"));
    let beside = table("Kỳ,Tên đơn vị,Mã đơn vị,Mã chỉ tiêu,Số lượng\n2025-09,Thôn 1,thon-1,CCHC-23,3\n");
    assert_eq!(beside.rows[0].1.unit, "thon-1");
}

const HEAD: &str = "STT;Kỳ báo cáo;Mã đơn vị;Mã chỉ tiêu;Trạng thái;Tử số;Mẫu số;Giải trình\n";

#[rstest]
#[case(";;Tổng cộng;;;12;20;", "row_of_total")]
#[case("Tổng;;;;;12;20;", "row_of_total")]
#[case("Cộng;;;;;12;20;", "row_of_total")]
#[case(";2025-09;TỔNG CỘNG;CCHC-05;;12;20;", "row_of_total")]
#[case(";2025-09;thon-1;Tổng;;12;20;", "row_of_total")]
#[case("Tổng số: 9 đơn vị;;;;;;;", "row_of_total")]
#[case(";;;;;;;Hồng Vân, ngày 30 tháng 9 năm 2025", "row_of_signature")]
#[case(";;;;;;;Ngày … tháng … năm 2025", "row_of_signature")]
#[case(";Người lập biểu;;;;Thủ trưởng đơn vị;;", "row_of_signature")]
#[case(";;;;;;;NGƯỜI LẬP;KT. CHỦ TỊCH", "row_of_signature")]
#[case("(1);(2);(3);(4);(5);(6);(7)=(5)/(6);(8)", "row_of_column_numbers")]
#[case("1;2;3;4;5;6;7;8", "row_of_column_numbers")]
#[case("A;B;1;2;3;4;5;6", "row_of_column_numbers")]
#[case("Cộng toàn xã;;;;;12;20;", "row_of_total")]
#[case(";;Tổng cộng toàn xã;;;12;20;", "row_of_total")]
#[case(";;;;;;Ngày 05/9/2026;", "row_of_signature")]
#[case("7;;;;;;;Chưa rõ nguồn", "row_without_place")]
fn a_line_that_is_no_row_is_passed_over_and_told(#[case] line: &str, #[case] code: &'static str) {
    let reading = table(&format!("{HEAD}{line}\n1;2025-09;thon-1;CCHC-06;;1;2;\n"));
    assert_eq!(codes(&reading), [(2, code)], "{line}");
    assert_eq!((reading.rows.len(), reading.refused.len()), (1, 0), "{line}");
}

#[rstest]
#[case(";2025-09;thon-1;CCHC-06;;1;2;Tổng hợp từ sổ")]
#[case(";2025-09;tong-dai;CCHC-06;;1;2;")]
#[case(";2025-09;thon-1;CCHC-06;;1;2;Người lập biểu nghỉ ốm từ ngày 1 tháng 9 năm 2025")]
#[case(";2025-09;;CCHC-06;;1;2;Người lập biểu nghỉ ốm")]
#[case(";2025-09;;CCHC-06;;;;Người lập biểu nghỉ ốm")]
#[case(";;thon-1;CCHC-06;;1;2;")]
#[case(";#N/A;#N/A;CCHC-06;;1;2;")]
fn a_line_with_anything_of_a_row_is_one(#[case] line: &str) {
    let reading = table(&format!("{HEAD}{line}\n"));
    assert_eq!((reading.rows.len(), codes(&reading).len()), (1, 0), "{line}");
}

#[test]
fn figures_without_a_place_are_refused_by_their_blank_cells() {
    let reading = table(&format!("{HEAD}1;2025-09;thon-1;CCHC-06;;1;2;\n;2025-09;;;;7;8;\n;;;;;7;8;\n"));
    let missing = |at: usize| {
        let findings = &reading.rows[at].1.unread;
        findings.iter().map(|found| (found.code, &*found.args["cell"])).collect::<Vec<_>>()
    };
    assert_eq!((reading.rows.len(), codes(&reading).len()), (3, 0));
    assert_eq!(missing(1), [("cell_missing", "C3"), ("cell_missing", "D3")]);
    assert_eq!(missing(2), [("cell_missing", "B4"), ("cell_missing", "C4"), ("cell_missing", "D4")]);
}

#[test]
fn a_word_for_a_state_stands_for_the_figures_of_its_line() {
    let said = |figures: &str| {
        let row = table(&format!("{HEAD};2025-09;thon-1;CCHC-06;{figures};\n")).rows.remove(0).1;
        (row.state, row.unread.first().map(|finding| finding.code))
    };
    assert_eq!(said(";Không phát sinh;"), (ValueState::NoneArose, None));
    assert_eq!(said(";không áp dụng;Không áp dụng"), (ValueState::NotApplicable, None));
    assert_eq!(said(";;Chưa có số liệu"), (ValueState::Absent, None));
    // Beside a figure, another word or a state of its own it may mean two things.
    assert_eq!(said(";Không phát sinh;3").1, Some("cell_not_number"));
    assert_eq!(said(";Không phát sinh;Không áp dụng").1, Some("cell_not_number"));
    assert_eq!(said("Có số liệu;Không phát sinh;").1, Some("cell_not_number"));
    assert_eq!(said(";Không phát sinh trong kỳ;").1, Some("cell_not_number"));
    assert_eq!(said(";-;").1, Some("cell_says_nothing"));
}

#[test]
fn names_below_a_signature_are_passed_over_and_figures_are_not() {
    let reading = table(&format!(
        "{HEAD}1;2025-09;thon-1;CCHC-06;;1;2;\n;;;;;;;Ngày 1 tháng 10 năm 2025\n;;Người lập biểu;;;;;\n;;(Ký, ghi rõ họ tên);;;;;\n;;Nguyễn Văn A;;;;;\n;2025-09;;CCHC-07;;3;4;\n"
    ));
    assert_eq!(reading.rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 7]);
    assert_eq!(codes(&reading).len(), 4);
}

#[test]
fn a_name_is_read_in_any_case_and_one_that_fits_two_is_refused_with_both() {
    let mut names = Names::default();
    for (code, called) in [("thon-1", "Thôn 1"), ("thon-2", "Thôn Đông"), ("thon-3", "Thôn Đồng"), ("thon-4", "thon-1")]
    {
        names.add(code, [called, "Đơn vị của xã"].into_iter().take(if code == "thon-4" { 2 } else { 1 }));
    }
    for (said, code) in [
        ("thon-1", "thon-1"),
        ("Thôn 4", "thon-4"),
        ("THON_4", "thon-4"),
        ("Thôn Đông", "thon-2"),
        ("đơn vị của xã", "thon-4"),
        ("Ðơn vị của xã", "thon-4"),
        ("thôn 5", "thôn 5"),
        ("", ""),
        ("-", "-"),
    ] {
        assert_eq!(names.code("unit", said.into()).unwrap(), code, "{said}");
    }
    for (said, codes) in [("thon dong", "thon-2, thon-3"), ("Thôn 1", "thon-1, thon-4")] {
        let finding = names.code("unit", said.into()).unwrap_err();
        assert_eq!((finding.code, &*finding.pointer, &*finding.args["codes"]), ("name_fits_several", "/unit", codes));
    }
}

fn sheet(fill: impl Fn(&mut Worksheet)) -> Reading<ImportRow> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Số liệu & sổ").unwrap();
    sheet.write_row(0, 0, ["Kỳ báo cáo", "Mã đơn vị", "Mã chỉ tiêu", "Tử số", "Mẫu số"]).unwrap();
    fill(sheet);
    xlsx::read(&book.save_to_buffer().unwrap()).unwrap()
}

fn fill(sheet: &mut Worksheet, row: u32, keys: [&str; 3]) {
    for (at, key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
        sheet.write(row, at as u16, *key).unwrap();
    }
    sheet.write(row, 3, row).unwrap().write(row, 4, 100).unwrap();
}

#[test]
fn prepared_rows_whose_keys_failed_are_no_rows() {
    let reading = sheet(|sheet| {
        fill(sheet, 1, ["2025-09", "thon-1", "CCHC-06"]);
        let failed = rust_xlsxwriter::Formula::new("=VLOOKUP(A1,B1,1,0)").set_result("#N/A");
        for row in 2..552 {
            (0..5).for_each(|column| drop(sheet.write(row, column, &failed).map(|_| ())));
        }
    });
    assert_eq!((reading.rows.len(), reading.refused.len(), reading.notices.len()), (1, 0, 0));
}

#[test]
fn key_cells_that_are_merged_down_count_for_each_row_and_figures_do_not() {
    let reading = sheet(|sheet| {
        let plain = Format::new();
        sheet.merge_range(1, 0, 4, 0, "2025-09", &plain).unwrap();
        sheet.merge_range(1, 1, 2, 1, "thon-1", &plain).unwrap();
        sheet.merge_range(3, 1, 4, 1, "thon-2", &plain).unwrap();
        (1..5).for_each(|row| fill(sheet, row, ["", "", if row % 2 == 1 { "CCHC-06" } else { "CCHC-07" }]));
        sheet.merge_range(6, 3, 7, 3, "5", &plain).unwrap();
        sheet.write_row(6, 0, ["2025-09", "thon-3", "CCHC-06"]).unwrap();
        sheet.write_row(7, 0, ["2025-09", "thon-4", "CCHC-06"]).unwrap();
        sheet.write(7, 4, 10).unwrap();
        // Nothing is merged over these: a blank cell stays one.
        fill(sheet, 8, ["2025-09", "", "CCHC-06"]);
    });
    let place =
        |(_, row): &(usize, ImportRow)| (row.period.clone(), row.unit.clone(), row.numerator.map(|n| n.units()));
    let said: Vec<_> = reading.rows.iter().map(place).collect();
    let of = |unit: &str, numerator| ("2025-09".to_owned(), unit.to_owned(), numerator);
    let expected = [
        of("thon-1", Some(1)),
        of("thon-1", Some(2)),
        of("thon-2", Some(3)),
        of("thon-2", Some(4)),
        of("thon-3", Some(5)),
        of("thon-4", None),
        of("", Some(8)),
    ];
    assert_eq!(said, expected);
    let blank = &reading.rows[6].1.unread;
    assert_eq!((blank[0].code, &*blank[0].args["cell"]), ("cell_missing", "B9"));
}

#[test]
fn rows_that_a_filter_hides_are_read_and_counted() {
    let reading = sheet(|sheet| {
        (1..6).for_each(|row| fill(sheet, row, ["2025-09", "thon-1", &format!("CCHC-0{row}")]));
        sheet.autofilter(0, 0, 5, 4).unwrap();
        for row in [2, 4, 9] {
            sheet.set_row_hidden(row).unwrap();
        }
    });
    assert_eq!((reading.rows.len(), codes(&reading)), (5, vec![(3, "row_hidden"), (5, "row_hidden")]));
}

#[test]
fn a_finding_names_the_cell_and_what_it_holds() {
    let reading = table("period,unit,indicator,numerator,denominator\n2025-09,thon-1,CCHC-06,12 hồ sơ,-\n");
    let told: Vec<_> = reading.rows[0]
        .1
        .unread
        .iter()
        .map(|found| (found.code, &*found.args["cell"], &*found.args["content"]))
        .collect();
    assert_eq!(told, [("cell_not_number", "D2", "12 hồ sơ"), ("cell_says_nothing", "E2", "-")]);
    let long = table(&format!("period,unit,indicator,numerator\n2025-09,thon-1,CCHC-06,{}\n", "ă".repeat(100)));
    assert_eq!(long.rows[0].1.unread[0].args["content"].chars().count(), 41);
}

#[test]
fn codes_of_units_are_read_in_any_case() {
    let reading = csv::read::<UnitRow>(
        "Mã đơn vị;Tên đơn vị;Loại đơn vị;Cấp trên;Từ ngày\nTHON-9;Thôn 9;Village;Van-Phong;1/9/2025\n".as_bytes(),
    );
    let reading = reading.unwrap();
    let row = &reading.rows[0].1;
    assert_eq!(
        (&*row.code, &*row.name, row.parent.as_ref().unwrap().as_deref()),
        ("thon-9", "Thôn 9", Some("van-phong"))
    );
}

#[test]
fn words_for_nothing_are_no_figure() {
    for said in ["-", "–", "- ", "—", "--", "Không có", "KHÔNG", "không", "/"] {
        assert_eq!(count(&Cell::of_text(said)), Err("cell_says_nothing"), "{said}");
        assert_eq!(decimal(&Cell::of_text(said)), Err("cell_says_nothing"), "{said}");
    }
    assert_eq!(count(&Cell::of_text("-5")), Ok(Some(-5)));
}

#[rstest]
#[case("01/07/2025", Some("2025-07-01"))]
#[case("1/7/2025", Some("2025-07-01"))]
#[case("01-07-2025", Some("2025-07-01"))]
#[case("01.07.2025", Some("2025-07-01"))]
#[case(" 15/08/2025 ", Some("2025-08-15"))]
#[case("'01/07/2025", None)]
#[case("2025-07-01", Some("2025-07-01"))]
#[case("2025/7/1", Some("2025-07-01"))]
#[case("01/07/2025 00:00:00", Some("2025-07-01"))]
#[case("2025-07-01T00:00:00", Some("2025-07-01"))]
#[case("ngày 1 tháng 7 năm 2025", Some("2025-07-01"))]
#[case("29/02/2024", Some("2024-02-29"))]
#[case("29/02/2025", None)]
#[case("08/15/2025", None)]
#[case("01/07/25", None)]
#[case("25-07-01", None)]
#[case("1/7", None)]
#[case("01/07-2025", None)]
#[case("001/07/2025", None)]
#[case("01/07/20255", None)]
#[case("1/7/1025", None)]
#[case("hôm nay", None)]
#[case("01/07/2025 08:30", None)]
fn a_day_is_read_as_it_is_written_in_vietnam(#[case] said: &str, #[case] expected: Option<&str>) {
    let read = day(&Cell::of_text(said));
    assert_eq!(
        read.map(|day| day.map(|day| day.to_string())),
        expected.map(|day| Some(day.to_owned())).ok_or("cell_not_date")
    );
}

#[test]
fn a_date_of_which_the_month_is_shown_is_that_month() {
    let of = |year, month, day| ExcelDateTime::from_ymd(year, month, day).unwrap();
    let reading = sheet(|sheet| {
        for (row, day, format) in [
            (1, of(2025, 9, 1), "mmm-yy"),
            (2, of(2025, 9, 15), "mmm-yy"),
            (3, of(2025, 9, 30), "\"Tháng \"mm/yyyy"),
            (4, of(2025, 9, 1), "dd/mm/yyyy"),
            (5, of(2025, 9, 15), "dd/mm/yyyy"),
            (6, of(2025, 9, 15), "d-mmm"),
        ] {
            fill(sheet, row, ["", "thon-1", "CCHC-06"]);
            sheet.write_with_format(row, 0, &day, &Format::new().set_num_format(format)).unwrap();
        }
    });
    let code = |row: &ImportRow| row.unread.first().map_or(row.period.clone(), |found| found.code.to_owned());
    let said: Vec<String> = reading.rows.iter().map(|(_, row)| code(row)).collect();
    let none = "cell_date_no_period";
    assert_eq!(said, ["2025-09", "2025-09", "2025-09", "2025-09", none, none]);
}

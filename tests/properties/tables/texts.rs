//! Texts that are exported and sent back are the same, and no spreadsheet takes them for formulas.

use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use thidua::{
    submissions::ImportRow,
    tables::{cells::guarded, csv, xlsx},
};

const HEAD: [&str; 5] = ["period", "unit", "indicator", "state", "explanation"];
const ROW: [&str; 4] = ["2025-09", "thon-1", "CCHC-05", "absent"];

fn through_csv(said: &str) -> Option<String> {
    let mut writer = ::csv::WriterBuilder::new().from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(HEAD).unwrap();
    writer.write_record(ROW.into_iter().chain([guarded(said).as_str()])).unwrap();
    let reading = csv::read::<ImportRow>(&writer.into_inner().unwrap()).unwrap();
    reading.rows.into_iter().next().unwrap().1.explanation
}

fn through_xlsx(said: &str) -> Option<String> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEAD).unwrap();
    sheet.write_row(1, 0, ROW).unwrap();
    sheet.write(1, 4, guarded(said)).unwrap();
    let reading = xlsx::read::<ImportRow>(&book.save_to_buffer().unwrap()).unwrap();
    reading.rows.into_iter().next().unwrap().1.explanation
}

fn check(said: &str) {
    assert!(!guarded(said).starts_with(['=', '+', '-', '@', '\t', '\r']), "{said:?}");
    assert_eq!(through_csv(said).as_deref(), Some(said), "a table of {said:?}");
    assert_eq!(through_xlsx(said).as_deref(), Some(said), "a sheet of {said:?}");
}

#[test]
fn texts_that_look_like_something_else_come_back_as_they_are() {
    for said in [
        "'-5 hồ sơ",
        "''-5",
        "'",
        "''",
        "-5",
        "=1+1",
        "+84 24",
        "@ubnd",
        "'=1",
        "'abc",
        "a'b",
        " x ",
        "\u{A0}x\u{A0}",
        " ",
        "  ",
        "",
        "'' ",
        "' ",
        "\tx",
        "\rx",
        "x\r\ny\n",
        "x\ty",
        "\n",
        "a\"b",
        "\"",
        "a;b,c",
        "_x000D_",
        "x_x0041_y",
        "&amp; <b>",
        " -5",
        "' -5",
        "TRUE",
        "00123",
        "1,5",
        "#N/A",
        "Không",
        "-",
        "–",
        "(trống)",
        "sep=;",
    ] {
        check(said);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_comes_back_as_it_is(said in "['=+@\\-\t\r\n \u{A0}a1\";,đ_x0&<]{0,12}|\\PC{0,20}") {
        let said = thidua::text::composed(&said);
        prop_assume!(!said.chars().any(thidua::text::is_forbidden));
        check(&said);
    }
}

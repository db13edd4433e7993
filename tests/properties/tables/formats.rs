//! Number formats: what a spreadsheet shows of a number is what is read.

use rust_xlsxwriter::{Format, Workbook};
use thidua::{
    submissions::ImportRow,
    tables::{
        Reading,
        cells::{Cell, count, decimal, text},
        number_format::{NumberFormat, Shown},
        xlsx,
    },
};

/// A sheet of values, one a row, each with its number format.
fn sheet(values: &[(f64, &str)], heading: &str) -> Reading<ImportRow> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["period", "unit", "indicator", "explanation", heading]).unwrap();
    for (at, (value, format)) in values.iter().enumerate() {
        let row = at as u32 + 1;
        sheet.write_row(row, 0, ["2025-09", "thon-1", "CCHC-02", "lời"]).unwrap();
        sheet.write_with_format(row, 4, *value, &Format::new().set_num_format(*format)).unwrap();
    }
    xlsx::read(&book.save_to_buffer().unwrap()).unwrap()
}

fn digits(text: &str) -> Shown {
    Shown::Digits(text.into())
}

#[test]
fn a_number_for_a_text_has_the_digits_that_it_shows_or_is_refused() {
    for (number, shown) in [(7.0, "7"), (0.5, "0.5"), (9_007_199_254_740_991.0, "9007199254740991")] {
        assert_eq!(text(&Cell::Number(number)), Ok(Some(shown.to_owned())));
    }
    for number in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 12_345_678_901_234_567_890.0, -1e300] {
        assert_eq!(text(&Cell::Number(number)), Err("cell_too_large"), "{number}");
        assert_eq!(text(&Cell::Code(number, "0012".to_owned())), Err("cell_too_large"), "{number}");
    }
}

#[test]
fn a_format_shows_what_the_section_of_the_value_makes_of_it() {
    use Shown::{Day, Month, Number, Percent, Time};
    let cases = [
        ("General", 91.25, Number),
        ("0.00", 91.25, Number),
        ("0%", 0.5, Percent(1)),
        ("0.00%", 0.5, Percent(1)),
        ("%0", 0.5, Percent(1)),
        ("0%%", 0.5, Percent(2)),
        ("0.00\"%\"", 91.25, Number),
        ("0.00\\%", 91.25, Number),
        ("0.00_%", 91.25, Number),
        ("0.00*%", 91.25, Number),
        ("\"tỷ lệ %: \"0.00", 91.25, Number),
        ("\"%\"0.0%", 0.5, Percent(1)),
        ("[Red]0%", 0.5, Percent(1)),
        ("[$%-42A]0.00", 91.25, Number),
        ("0%;-0%;0", 0.5, Percent(1)),
        ("0%;-0%;0", -0.5, Percent(1)),
        ("0%;-0%;0", 0.0, Number),
        ("0.0;0%", 1.0, Number),
        ("0.0;0%", -1.0, Percent(1)),
        ("0.0;0%", 0.0, Number),
        ("[>1]0.00;0%", 2.0, Number),
        ("[>1]0.00;0%", 0.5, Percent(1)),
        ("[<=1]0%;0.00", 1.0, Percent(1)),
        ("[<=1]0%;0.00", 1.5, Number),
        ("[<=1]0%", 2.0, Number),
        ("[=1]\"đủ\";[=0]\"thiếu\";0%", 0.5, Percent(1)),
        ("[=1]\"đủ\";[=0]\"thiếu\";0%", 1.0, Number),
        ("[<>0]0%;0", 0.0, Number),
        ("[Red][<0.5]0.0;[Blue]0.0%", 0.7, Percent(1)),
        ("0.00;-0.00;0;@\"%\"", 91.25, Number),
        ("0;@\"%\"", -5.0, Number),
        ("@", 91.25, Number),
        ("#,##0", 1234.0, Number),
        ("0.00E+00", 1234.0, Number),
        ("# ?/?", 0.5, Number),
        ("#,##0 \"hồ sơ\"", 5.0, Number),
        ("0.0\" d/m/y\"", 5.5, Number),
        ("0.0\\d", 5.5, Number),
        ("dd/mm/yyyy", 45_901.0, Day),
        ("[$-42A]dd mmmm yyyy", 45_901.0, Day),
        ("d-mmm", 45_901.0, Day),
        ("mmm-yy", 45_901.0, Month),
        ("mm/yyyy", 45_901.0, Month),
        ("\"Tháng \"m/yyyy", 45_901.0, Month),
        ("h:mm", 0.5, Time),
        ("mm:ss", 0.5, Time),
        ("[h]:mm", 1.5, Time),
        ("h:mm AM/PM", 0.5, Time),
        ("dd/mm/yyyy h:mm", 45_901.5, Day),
        ("[<1]h:mm;dd/mm/yyyy", 45_901.0, Day),
        ("[<1]h:mm;dd/mm/yyyy", 0.5, Time),
        ("00000", 123.0, digits("00123")),
        ("00000", 123_456.0, digits("123456")),
        ("000-000", 1_234.0, digits("001-234")),
        ("\"HS-\"0000", 7.0, digits("HS-0007")),
        ("00000", 12.5, Number),
        ("0", 12.0, Number),
        ("", 12.0, Number),
        ("[", 12.0, Number),
        ("\"chưa đóng", 12.0, Number),
        ("\\", 12.0, Number),
    ];
    for (format, value, expected) in cases {
        assert_eq!(NumberFormat::read(format).shown(value), expected, "{format} of {value}");
    }
}

#[test]
fn a_decorated_percent_sign_changes_no_figure() {
    let values = [
        (91.25, "0.00\"%\"", "91.25"),
        (91.25, "0.00_%", "91.25"),
        (91.25, "0.00\\%", "91.25"),
        (0.9125, "0.00%", "91.25"),
        (0.9125, "[Red]0.0%;0", "91.25"),
        (24.000_000_000_000_004, "0", "24"),
        (0.1 + 0.2, "0.0", "0.3"),
        (0.07 * 100.0, "0.00", "7"),
    ];
    let read = sheet(&values.map(|(value, format, _)| (value, format)), "value");
    for ((_, row), (value, format, expected)) in read.rows.iter().zip(values) {
        assert_eq!(row.value, Some(expected.parse().unwrap()), "{value} as {format}: {:?}", row.unread);
    }
}

#[test]
fn a_number_is_read_to_the_fifteen_digits_that_are_shown() {
    for (number, whole) in [(24.000_000_000_000_004, Ok(Some(24))), (24.000_1, Err("cell_not_whole"))] {
        assert_eq!(count(&Cell::Number(number)), whole, "{number}");
    }
    for (number, expected) in
        [(0.1 + 0.2, "0.3"), (1.1 * 3.0, "3.3"), (99.999_999_99, "99.99999999"), (-2.000_000_000_000_000_4, "-2")]
    {
        assert_eq!(decimal(&Cell::Number(number)), Ok(Some(expected.parse().unwrap())), "{number}");
    }
    assert_eq!(decimal(&Cell::Number(1.0 / 3.0)), Err("cell_not_exact"));
}

#[test]
fn a_code_keeps_the_zeros_that_its_format_shows_and_a_count_does_not_need_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["period", "unit", "indicator", "count"]).unwrap();
    let zeros = |format: &str| Format::new().set_num_format(format);
    sheet.write(1, 0, "2025-09").unwrap().write(1, 2, "CCHC-23").unwrap();
    sheet.write_with_format(1, 1, 123, &zeros("00000")).unwrap();
    sheet.write_with_format(1, 3, 7, &zeros("000")).unwrap();
    sheet.write_with_format(2, 0, 9, &zeros("\"2025-\"00")).unwrap();
    sheet.write_with_format(2, 1, 123, &zeros("0")).unwrap();
    sheet.write(2, 2, "CCHC-23").unwrap().write(2, 3, 8).unwrap();
    let read = xlsx::read::<ImportRow>(&book.save_to_buffer().unwrap()).unwrap();
    let said: Vec<_> =
        read.rows.iter().map(|(_, row)| (&*row.period, &*row.unit, row.count.map(|count| count.units()))).collect();
    assert_eq!(said, [("2025-09", "00123", Some(7)), ("2025-09", "123", Some(8))]);
}

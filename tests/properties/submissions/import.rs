//! Imports: what a cell means, readers that no bytes bring down, and rows that merge once.

use proptest::{collection::vec, prelude::*};
use thidua::{
    submissions::{ImportRow, import::period},
    tables::{
        cells::{Cell, count, decimal, guarded, text},
        csv, json, xlsx,
    },
};

/// Digits in threes, set apart by a sign.
fn grouped(number: u64, sign: &str) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap());
    groups.collect::<Vec<_>>().join(sign)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_count_reads_the_same_however_it_is_written(number in 0..9_007_199_254_740_991u64, before in "[ \u{A0}]{0,2}") {
        let expected = Ok(Some(number as i64));
        let written = [number.to_string(), grouped(number, "."), grouped(number, " "), grouped(number, "\u{A0}")];
        for written in written {
            prop_assert_eq!(count(&Cell::of_text(&format!("{before}{written}{before}"))), expected);
        }
        prop_assert_eq!(count(&Cell::Number(number as f64)), Ok(Some(number as f64 as i64)));
        if number >= 1_000 {
            prop_assert_eq!(count(&Cell::of_text(&grouped(number, ","))), Err("cell_ambiguous"));
        }
    }

    #[test]
    fn a_decimal_reads_the_same_with_point_or_comma_or_is_refused(whole in 0..1_000_000u64, part in "[0-9]{1,8}") {
        let (point, comma) = (format!("{whole}.{part}"), format!("{whole},{part}"));
        let (a, b) = (decimal(&Cell::of_text(&point)), decimal(&Cell::of_text(&comma)));
        prop_assert_eq!(&a, &b);
        let thousand = part.len() == 3 && (1..1_000).contains(&whole);
        match a {
            Ok(read) => prop_assert!(!thousand && read == Some(point.parse().unwrap())),
            Err(code) => prop_assert!(thousand && code == "cell_ambiguous", "{} {}", point, code),
        }
        let mixed = format!("{},{part}", grouped(whole, "."));
        if whole >= 1_000 {
            prop_assert_eq!(decimal(&Cell::of_text(&mixed)), Ok(Some(point.parse().unwrap())));
        }
    }

    #[test]
    fn a_percent_cell_is_what_it_shows(hundredths in 0..1_000_000i64) {
        let shown = format!("{}.{:02}", hundredths / 100, hundredths % 100).parse().unwrap();
        let exact: f64 = format!("{}e-4", hundredths).parse().unwrap();
        prop_assert_eq!(decimal(&Cell::Percent(exact)), Ok(Some(shown)));
    }

    #[test]
    fn no_cell_brings_the_reader_down(said in "\\PC{0,40}|[-+=0-9.,%eE ]{0,12}", number in any::<f64>()) {
        for cell in [Cell::of_text(&said), Cell::Number(number), Cell::Percent(number)] {
            let _ = (count(&cell), decimal(&cell), period(&cell));
            let _ = text(&cell);
        }
    }

    #[test]
    fn what_is_exported_is_no_formula_and_reads_back(said in "[-+=@a-z0-9]{1,20}") {
        let written = guarded(&said);
        prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
        prop_assert_eq!(text(&Cell::of_text(&written)), Ok(Some(said)));
    }

    #[test]
    fn no_bytes_bring_a_reader_down(bytes in vec(any::<u8>(), 0..400), archive in any::<bool>()) {
        let bytes = if archive { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        let _ = (csv::read::<ImportRow>(&bytes), xlsx::read::<ImportRow>(&bytes));
        let _ = (json::read_list::<ImportRow>(&bytes).is_ok(), json::read_lines::<ImportRow>(&bytes).is_ok());
    }

    #[test]
    fn a_table_reads_the_same_whatever_stands_between_its_cells(figures in vec((0..1_000u32, 0..1_000u32), 0..20)) {
        let table = |sign: &str, mark: &str| {
            let head = ["Kỳ", "Đơn vị", "Chỉ tiêu", "Tử số", "Mẫu số"].join(sign);
            let line = |(n, d): &(u32, u32)| ["2025-08", "thon-1", "CCHC-06", &n.to_string(), &d.to_string()].join(sign);
            let lines = figures.iter().map(line).collect::<Vec<_>>().join("\r\n");
            csv::read::<ImportRow>(format!("{mark}{head}\r\n{lines}\r\n").as_bytes()).unwrap()
        };
        let plain = table(",", "");
        prop_assert_eq!(plain.rows.len(), figures.len());
        prop_assert_eq!(&table(";", "\u{FEFF}"), &plain);
        prop_assert_eq!(&table("\t", ""), &plain);
    }
}

#[test]
fn periods_as_people_write_them() {
    let read = |text: &str| period(&Cell::of_text(text));
    for month in [
        "2025-09",
        "9/2025",
        "09/2025",
        "Tháng 9/2025",
        "tháng 09 năm 2025",
        "T9/2025",
        "2025-09-01",
        "Tha\u{301}ng 9/2025",
        "2025/09",
        "2025/9",
        "2025-9",
        "09-2025",
        "09.2025",
        "Sep-25",
        "Sep 2025",
        "sept-25",
        "September 2025",
        "Thg9-25",
        "Thg 9-25",
        "Thg09-2025",
        "T9-25",
        "tháng 9-2025",
        "THÁNG 9/2025",
    ] {
        assert_eq!(read(month), Ok(Some("2025-09".to_owned())), "{month}");
    }
    for quarter in
        ["2025-Q3", "2025-q3", "Quý III/2025", "quý 3 năm 2025", "Quý 3/2025", "Q3/2025", "QIII-2025", "Q3-25"]
    {
        assert_eq!(read(quarter), Ok(Some("2025-Q3".to_owned())), "{quarter}");
    }
    for (said, code) in [
        ("6 tháng đầu năm 2025", "2025-H1"),
        ("6 tháng cuối năm 2025", "2025-H2"),
        ("2025-h2", "2025-H2"),
        ("Năm 2025", "2025"),
        ("Cả năm 2025", "2025"),
        ("2025", "2025"),
        ("01/01/2025", "2025-01"),
    ] {
        assert_eq!(read(said), Ok(Some(code.to_owned())), "{said}");
    }
    for said in ["9/25", "09-25", "25-Sep", "01/09/2025", "1/9/25", "10/9/2025"] {
        assert_eq!(read(said), Err("cell_ambiguous"), "{said}");
    }
    for said in ["15/09/2025", "2025-09-15", "09/09/2025"] {
        assert_eq!(read(said), Err("cell_date_no_period"), "{said}");
    }
    // What is no period that anybody writes is left to the movement, which has none of that code.
    for said in ["13/2025", "tháng 13/2025", "Q5/2025", "H3/2025", "tháng 9", "2025/2026", "Marvel 25", "đợt 1"] {
        assert_eq!(read(said), Ok(Some(said.to_owned())), "{said}");
    }
    assert_eq!(period(&Cell::Number(45_901.0)), Ok(Some("2025-09".to_owned())));
    assert_eq!(period(&Cell::Number(2025.0)), Ok(Some("2025".to_owned())));
    assert_eq!(read("01/09/2025"), Err("cell_ambiguous"));
    assert_eq!(period(&Cell::Number(45_902.0)), Err("cell_date_no_period"));
}

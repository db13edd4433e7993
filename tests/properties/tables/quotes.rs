//! Quotation marks, separators and encodings of CSV files.

use thidua::{
    finding::Finding,
    submissions::ImportRow,
    tables::{Reading, csv},
};

fn read(bytes: &[u8]) -> Result<Reading<ImportRow>, Vec<Finding>> {
    csv::read::<ImportRow>(bytes)
}

/// The code of a finding, the line where it is, and the line where its mark was opened.
type Told = (&'static str, String, String);

/// The explanations of lines that each end in one.
fn explanations(lines: &str) -> Result<Vec<Option<String>>, Vec<Told>> {
    let text = format!("period;unit;indicator;state;explanation\n{lines}");
    let told = |finding: &Finding| (finding.code, finding.args["line"].clone(), finding.args["opened"].clone());
    match read(text.as_bytes()) {
        Ok(reading) => Ok(reading.rows.into_iter().map(|(_, row)| row.explanation).collect()),
        Err(findings) => Err(findings.iter().map(told).collect()),
    }
}

const ROW: &str = "2025-09;thon-1;CCHC-05;absent;";

#[test]
fn a_quotation_mark_opens_at_the_beginning_of_a_cell_and_closes_at_its_end() {
    let taken: [(&str, &str); 9] = [
        ("\"Xong\"", "Xong"),
        ("\"a;b\"", "a;b"),
        ("\"hai\ndòng\"", "hai\ndòng"),
        ("\"hai\r\ndòng\"", "hai\r\ndòng"),
        ("\"nói \"\"xong\"\"\"", "nói \"xong\""),
        ("ống 2\" và 3\"", "ống 2\" và 3\""),
        ("ống 2\"", "ống 2\""),
        (" \"Xong\"", " \"Xong\""),
        ("\"\"\"\"", "\""),
    ];
    for (cell, expected) in taken {
        for end in ["", "\n", "\r\n", "\r"] {
            let said = explanations(&format!("{ROW}{cell}{end}"));
            assert_eq!(said, Ok(vec![Some(expected.to_owned())]), "{cell}{end:?}");
        }
    }
    type Refused = (&'static str, &'static [(&'static str, &'static str, &'static str)]);
    let refused: [Refused; 8] = [
        ("\"Chờ ý kiến cấp trên", &[("quote_open", "2", "2")]),
        ("\"Xong\" rồi", &[("quote_misplaced", "2", "2")]),
        ("\"Xong\" ", &[("quote_misplaced", "2", "2")]),
        ("\"2\" và 3\"", &[("quote_misplaced", "2", "2")]),
        ("\"", &[("quote_open", "2", "2")]),
        ("\"a\"\"", &[("quote_open", "2", "2")]),
        ("\"hai\ndòng\" rồi", &[("quote_misplaced", "3", "2")]),
        (
            "\"Xong\" rồi\n2025-09;thon-2;CCHC-05;absent;\"Xong\" rồi",
            &[("quote_misplaced", "2", "2"), ("quote_misplaced", "3", "3")],
        ),
    ];
    for (cell, expected) in refused {
        let expected = expected.iter().map(|(code, line, opened)| (*code, (*line).to_owned(), (*opened).to_owned()));
        assert_eq!(explanations(&format!("{ROW}{cell}")), Err(expected.collect()), "{cell}");
    }
}

#[test]
fn a_mark_left_open_hides_no_line() {
    let lines = format!("{ROW}\"Chờ ý kiến cấp trên\n{ROW}\n{ROW}a\n{ROW}\"Xong\n{ROW}b\n");
    assert_eq!(explanations(&lines), Err(vec![("quote_misplaced", "5".into(), "2".into())]));
    let lines = lines.replace("\"Xong", "Xong");
    assert_eq!(explanations(&lines), Err(vec![("quote_open", "2".into(), "2".into())]));
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    let head = "period,unit,indicator,state,explanation";
    let line = "2025-09,thon-1,CCHC-05,absent,";
    for (text, numbers) in [
        (format!("{head}\n{line}\n{line}"), [2, 3]),
        (format!("{head}\r\n{line}\r\n\r\n{line}\r\n"), [2, 4]),
        (format!("{head}\r{line}\r{line}\r"), [2, 3]),
        (format!("{head}\n{line}\"a\r\nb\nc\"\n{line}\n"), [2, 5]),
        (format!("sep=,\r\n{head}\r\n{line}\r\n{line}\r\n"), [3, 4]),
        (format!("Báo cáo \"tháng 9\"\n\n{head}\n{line}\n{line}\n"), [4, 5]),
    ] {
        let read: Vec<usize> = read(text.as_bytes()).unwrap().rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(read, numbers, "{text:?}");
    }
}

#[test]
fn a_file_is_read_in_the_encodings_and_with_the_separators_that_spreadsheets_save() {
    let text = |sign: &str| {
        let line = |cells: [&str; 6]| cells.join(sign);
        let head =
            line(["Kỳ báo cáo", "Mã đơn vị", "Mã chỉ tiêu", "Tử số (hồ sơ, đã trả)", "Mẫu số; tổng", "Giải trình"]);
        let head = head
            .replace("Mẫu số; tổng", "\"Mẫu số (đã; đang)\"")
            .replace("Tử số (hồ sơ, đã trả)", "\"Tử số (hồ sơ, đã trả)\"");
        format!("{head}\r\n{}\r\n", line(["2025-09", "thon-1", "CCHC-06", "1", "2", "Đủ"]))
    };
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(unit).collect() };
    let with = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let tabs = text("\t");
    let files = [
        ("commas", text(",").into_bytes()),
        ("semicolons and a mark", with(b"\xEF\xBB\xBF", text(";").as_bytes())),
        ("tabs", tabs.clone().into_bytes()),
        ("Unicode Text", with(b"\xFF\xFE", &utf16(&tabs, u16::to_le_bytes))),
        ("UTF-16, the other order", with(b"\xFE\xFF", &utf16(&text(";"), u16::to_be_bytes))),
        ("a named separator", format!("sep=;\r\n{}", text(";")).into_bytes()),
        ("a named separator, quoted", format!("\"sep=;\"\n{}", text(";")).into_bytes()),
        ("a named bar", format!("SEP=|\n{}", text("|")).into_bytes()),
    ];
    for (name, bytes) in files {
        let reading = read(&bytes).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        let row = &reading.rows[0].1;
        assert_eq!(
            (row.numerator.map(|n| n.units()), row.denominator.map(|d| d.units()), row.explanation.as_deref()),
            (Some(1), Some(2), Some("Đủ")),
            "{name}"
        );
    }
    for (name, bytes) in [
        ("half a character", with(b"\xFF\xFE", b"k\0b")),
        ("half a pair", with(b"\xFF\xFE", &[0x00, 0xD8])),
        ("UTF-16 without a mark", utf16("Kỳ;Đơn vị", u16::to_le_bytes)),
        ("windows-1258", b"K\xfd b\xe1o c\xe1o".to_vec()),
    ] {
        let codes: Vec<&str> = read(&bytes).unwrap_err().iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["text_not_utf8"], "{name}");
    }
}

//! What a filled paper says, read from its document.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use thidua::documents::{PaperKind, Values, default_template, docx};
use zip::ZipArchive;

use super::{filled, sample};

/// The texts of a document, paragraph by paragraph.
fn said(paper: PaperKind, values: &Values) -> Vec<String> {
    let bytes = docx(&filled(&default_template(paper), values)).expect("a document");
    let mut xml = String::new();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    archive.by_name("word/document.xml").expect("a document").read_to_string(&mut xml).expect("text");
    let paragraph = |part: &str| {
        let texts = part.split("<w:t xml:space=\"preserve\">").skip(1);
        texts.map(|text| text.split("</w:t>").next().unwrap_or_default()).collect::<String>()
    };
    xml.split("</w:p>").map(paragraph).filter(|text| !text.is_empty()).collect()
}

fn says(paper: PaperKind, values: &Values, text: &str) -> bool {
    said(paper, values).iter().any(|line| line.contains(text))
}

#[test]
fn days_and_numbers_are_written_by_the_rule() {
    let days = [
        ("2025-08-05", "ngày 05 tháng 8 năm 2025"),
        ("2026-02-28", "ngày 28 tháng 02 năm 2026"),
        ("2026-01-01", "ngày 01 tháng 01 năm 2026"),
        ("2025-10-10", "ngày 10 tháng 10 năm 2025"),
        ("2025-03-09", "ngày 09 tháng 3 năm 2025"),
    ];
    let mut values = sample(PaperKind::QuyetDinh);
    for (day, words) in days {
        values.days.insert("ngay".into(), day.parse().expect("a day"));
        assert!(says(PaperKind::QuyetDinh, &values, &format!("Hồng Vân, {words}")), "{words}");
    }
    for (number, written) in [("5", "Số: 05/QĐ-UBND"), ("05", "Số: 05/QĐ-UBND"), ("10", "Số: 10/QĐ-UBND")] {
        values.texts.insert("so".into(), number.into());
        assert!(says(PaperKind::QuyetDinh, &values, written), "{written}");
    }
}

#[test]
fn a_paper_without_number_and_day_leaves_room_for_them() {
    let mut values = sample(PaperKind::QuyetDinh);
    values.texts.remove("so");
    values.days.remove("ngay");
    assert!(says(PaperKind::QuyetDinh, &values, "Số:         /QĐ-UBND"));
    assert!(says(PaperKind::QuyetDinh, &values, "Hồng Vân, ngày … tháng … năm …"));
}

#[test]
fn what_stands_with_a_value_stands_only_with_it_and_articles_count_on() {
    let mut values = sample(PaperKind::QuyetDinh);
    assert!(says(PaperKind::QuyetDinh, &values, "Điều 4. Chánh Văn phòng"));
    values.texts.remove("tong_tien");
    values.texts.remove("to_trinh");
    assert!(!says(PaperKind::QuyetDinh, &values, "Tiền thưởng kèm theo"));
    assert!(says(PaperKind::QuyetDinh, &values, "Điều 3. Chánh Văn phòng"));
    assert!(says(PaperKind::QuyetDinh, &values, "Theo đề nghị của Trưởng phòng Văn hóa - Xã hội."));
}

#[test]
fn a_deputy_signs_for_the_chair() {
    let mut values = sample(PaperKind::QuyetDinh);
    values.texts.insert("ky_thay".into(), "KT. Chủ tịch".into());
    values.texts.insert("chuc_vu".into(), "Phó Chủ tịch".into());
    let said = said(PaperKind::QuyetDinh, &values);
    let at = said.iter().position(|line| line == "KT. CHỦ TỊCH").expect("the line of whom is signed for");
    assert_eq!(said[at + 1], "PHÓ CHỦ TỊCH");
}

#[test]
fn marks_of_xml_in_a_name_change_nothing_but_the_name() {
    let mut values = sample(PaperKind::QuyetDinh);
    let name = "Tổ <b>1</b> & \"Tổ 2\" {{xa}}\u{1}";
    values.lists.get_mut("danh_sach").expect("a list")[0].insert("ten".into(), name.into());
    let shown = "Tổ &lt;b&gt;1&lt;/b&gt; &amp; &quot;Tổ 2&quot; {{xa}}";
    assert!(said(PaperKind::QuyetDinh, &values).contains(&shown.to_owned()));
}

#[test]
fn one_certificate_is_made_for_each_and_only_they_with_a_link_have_a_code() {
    let mut values = sample(PaperKind::GiayKhen);
    let rows = values.lists.get_mut("nguoi_nhan").expect("a list");
    rows[0].remove("ma");
    rows[1].insert("ten".into(), "Bà Nguyễn Thị Hoa".into());
    let (all, without) = (rows.len(), BTreeMap::clone(&rows[0]));
    assert!(!without.contains_key("ma"));
    let said = said(PaperKind::GiayKhen, &values);
    assert_eq!(said.iter().filter(|line| *line == "GIẤY KHEN").count(), all);
    assert!(said.contains(&"Bà Nguyễn Thị Hoa".to_owned()));
    let bytes = docx(&filled(&default_template(PaperKind::GiayKhen), &values)).expect("a document");
    let archive = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    assert_eq!(archive.file_names().flatten().filter(|name| name.ends_with(".png")).count(), all - 1);
}

//! One fault is planted in a right paper, and exactly that is found.

use thidua::documents::{PaperKind, default_template, form};

use super::{changed, document, sample};

const DOCUMENT: &str = "word/document.xml";

/// Codes found in a document, each once; its figures are looked up too.
fn found(paper: PaperKind, bytes: &[u8]) -> Vec<&'static str> {
    let (template, values) = (default_template(paper), sample(paper));
    let mut codes: Vec<&str> = form::check(bytes, Some((&template, &values))).iter().map(|f| f.code).collect();
    codes.dedup();
    codes
}

/// What stands last before a text, changed.
fn before(xml: &str, text: &str, from: &str, to: &str) -> String {
    let at = xml.find(text).expect("the text stands there");
    let start = xml[..at].rfind(from).expect("it stands before the text");
    format!("{}{to}{}", &xml[..start], &xml[start + from.len()..])
}

fn planted(paper: PaperKind, part: &str, change: impl Fn(&str) -> String) -> Vec<&'static str> {
    found(paper, &changed(&document(paper), part, change))
}

fn in_decision(change: impl Fn(&str) -> String) -> Vec<&'static str> {
    planted(PaperKind::QuyetDinh, DOCUMENT, change)
}

#[test]
fn no_paper_that_is_shipped_leaves_the_form() {
    for paper in PaperKind::ALL {
        let none: Vec<&str> = vec![];
        assert_eq!(found(paper, &document(paper)), none, "{paper}");
    }
}

#[test]
fn a_file_of_another_kind_is_named_as_such() {
    assert_eq!(found(PaperKind::QuyetDinh, b"PK"), ["form_unreadable"]);
    let broken = changed(&document(PaperKind::QuyetDinh), DOCUMENT, |xml| xml.replace("</w:body>", ""));
    assert_eq!(found(PaperKind::QuyetDinh, &broken), ["form_unreadable"]);
}

#[test]
fn another_size_of_paper_is_found() {
    let letter = |xml: &str| xml.replace(r#"w:w="11906" w:h="16838""#, r#"w:w="12240" w:h="15840""#);
    assert_eq!(in_decision(letter), ["form_page"]);
}

#[test]
fn a_margin_too_narrow_is_found() {
    assert_eq!(in_decision(|xml| xml.replace(r#"w:top="1134""#, r#"w:top="850""#)), ["form_margins"]);
}

#[test]
fn another_face_is_found_in_every_slot() {
    for slot in ["ascii", "hAnsi", "eastAsia", "cs"] {
        let other = |xml: &str| xml.replace(&format!(r#"w:{slot}="Times New Roman""#), &format!(r#"w:{slot}="Arial""#));
        assert_eq!(planted(PaperKind::QuyetDinh, "word/styles.xml", other), ["form_font"], "{slot}");
    }
}

#[test]
fn a_colour_is_found() {
    let red = |xml: &str| before(xml, "Chánh Văn phòng", "<w:sz ", r#"<w:color w:val="FF0000"/><w:sz "#);
    assert_eq!(in_decision(red), ["form_colour"]);
}

#[test]
fn a_national_name_in_small_letters_is_found() {
    let small = |xml: &str| xml.replace("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Cộng hòa xã hội chủ nghĩa Việt Nam");
    assert_eq!(in_decision(small), ["form_nation"]);
}

#[test]
fn a_motto_that_is_not_bold_is_found() {
    let plain = |xml: &str| before(xml, "Độc lập - Tự do", "<w:b/><w:bCs/>", "");
    assert_eq!(in_decision(plain), ["form_motto"]);
}

#[test]
fn a_national_name_on_two_lines_is_found() {
    let narrow = |xml: &str| before(xml, "CỘNG HÒA", "<w:jc ", r#"<w:ind w:left="500" w:right="0"/><w:jc "#);
    assert_eq!(in_decision(narrow), ["form_one_line"]);
}

#[test]
fn a_rule_of_another_length_is_found() {
    let short =
        |xml: &str| before(xml, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HỒNG VÂN", r#"<w:ind w:left=""#, r#"<w:ind w:left="1"#);
    assert_eq!(in_decision(short), ["form_rule"]);
}

#[test]
fn an_issuer_in_small_letters_is_found() {
    assert_eq!(in_decision(|xml| xml.replacen("XÃ HỒNG VÂN", "xã Hồng Vân", 1)), ["form_issuer"]);
}

#[test]
fn a_number_below_ten_without_its_zero_is_found() {
    assert_eq!(in_decision(|xml| xml.replacen("Số: 05/", "Số: 5/", 1)), ["form_number"]);
}

#[test]
fn days_and_months_without_or_with_a_wrong_zero_are_found() {
    for wrong in ["ngày 5 tháng 01", "ngày 05 tháng 1", "ngày 05 tháng 001", "ngày 31 tháng 4"] {
        let found = in_decision(|xml| xml.replacen("ngày 05 tháng 01", wrong, 1));
        assert_eq!(found.first(), Some(&"form_day"), "{wrong}");
    }
}

#[test]
fn a_title_that_is_not_bold_is_found() {
    let plain = |xml: &str| before(xml, "QUYẾT ĐỊNH", "<w:b/><w:bCs/>", "");
    assert_eq!(in_decision(plain), ["form_title"]);
}

#[test]
fn an_authority_that_is_not_bold_is_found() {
    let plain = |xml: &str| before(xml, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ", "<w:b/><w:bCs/>", "");
    assert_eq!(in_decision(plain), ["form_authority"]);
}

#[test]
fn a_basis_that_ends_with_another_mark_is_found() {
    assert_eq!(in_decision(|xml| xml.replace("tháng 6 năm 2022;", "tháng 6 năm 2022.")), ["form_bases"]);
    assert_eq!(in_decision(|xml| xml.replace("tháng 12 năm 2025.", "tháng 12 năm 2025;")), ["form_bases"]);
    let upright = |xml: &str| before(xml, "Căn cứ Luật Thi đua", "<w:i/><w:iCs/>", "");
    assert_eq!(in_decision(upright), ["form_bases"]);
}

#[test]
fn an_article_that_is_not_bold_is_found() {
    let plain = |xml: &str| before(xml, "Điều 2.", "<w:b/><w:bCs/>", "");
    assert_eq!(in_decision(plain), ["form_article"]);
}

#[test]
fn running_text_too_small_or_not_filled_is_found() {
    let small = |xml: &str| before(xml, "Chánh Văn phòng", r#"<w:sz w:val="28"/>"#, r#"<w:sz w:val="24"/>"#);
    assert_eq!(in_decision(small), ["form_body"]);
    let ragged = |xml: &str| before(xml, "Chánh Văn phòng", r#"<w:jc w:val="both"/>"#, "");
    assert_eq!(in_decision(ragged), ["form_body"]);
    let flush = |xml: &str| before(xml, "Chánh Văn phòng", r#"w:firstLine="720""#, r#"w:firstLine="0""#);
    assert_eq!(in_decision(flush), ["form_body"]);
    let close = |xml: &str| before(xml, "có hiệu lực thi hành", r#"w:after="120""#, r#"w:after="60""#);
    assert_eq!(in_decision(close), ["form_body"]);
}

#[test]
fn a_text_without_its_end_is_found() {
    assert_eq!(in_decision(|xml| xml.replace("./.", ".")), ["form_end"]);
}

#[test]
fn an_academic_title_before_the_name_is_found() {
    assert_eq!(in_decision(|xml| xml.replace("Nguyễn Văn An", "TS. Nguyễn Văn An")), ["form_signature"]);
}

#[test]
fn a_signature_that_may_stand_alone_is_found() {
    let free = |xml: &str| before(xml, "Chánh Văn phòng", "<w:keepNext/><w:keepLines/>", "");
    assert_eq!(in_decision(free), ["form_signature_alone"]);
}

#[test]
fn recipients_without_the_archive_are_found() {
    assert_eq!(in_decision(|xml| xml.replace("- Lưu: VT, VHXH.", "- Lưu: VHXH.")), ["form_recipients"]);
    assert_eq!(in_decision(|xml| xml.replace("được khen thưởng;", "được khen thưởng")), ["form_recipients"]);
}

#[test]
fn an_upward_paper_to_nobody_is_found() {
    let to_nobody = |xml: &str| xml.replace("Kính gửi: ", "Gửi ");
    assert_eq!(planted(PaperKind::ToTrinh, DOCUMENT, to_nobody), ["form_addressee"]);
}

#[test]
fn page_numbers_elsewhere_or_on_the_first_page_are_found() {
    let aside = |xml: &str| xml.replace(r#"<w:jc w:val="center"/>"#, r#"<w:jc w:val="right"/>"#);
    assert_eq!(planted(PaperKind::QuyetDinh, "word/header1.xml", aside), ["form_page_number"]);
    assert_eq!(in_decision(|xml| xml.replace("<w:titlePg/>", "")), ["form_page_number"]);
}

#[test]
fn headings_that_do_not_repeat_are_found() {
    assert_eq!(in_decision(|xml| xml.replace("<w:tblHeader/>", "")), ["form_heading_rows"]);
}

#[test]
fn an_appendix_out_of_order_or_with_pages_counted_on_is_found() {
    let wrong = |xml: &str| xml.replace(">Phụ lục II<", ">Phụ lục III<");
    assert_eq!(planted(PaperKind::BaoCaoTongKet, DOCUMENT, wrong), ["form_appendix"]);
    let on = |xml: &str| xml.replace(r#"<w:pgNumType w:start="1"/>"#, "");
    assert_eq!(planted(PaperKind::BaoCaoTongKet, DOCUMENT, on), ["form_appendix"]);
}

#[test]
fn a_figure_of_nowhere_is_found() {
    assert_eq!(in_decision(|xml| xml.replace("90,98", "90,89")), ["form_figure"]);
    assert_eq!(in_decision(|xml| xml.replacen("3.510.000", "3.510.00", 1)), ["form_figure"]);
}

#[test]
fn a_certificate_in_another_colour_is_found() {
    let blue = |xml: &str| before(xml, "GIẤY KHEN", "C00000", "0000C0");
    assert_eq!(planted(PaperKind::GiayKhen, DOCUMENT, blue), ["form_certificate"]);
    let upright = |xml: &str| before(xml, "Quyết định số", "<w:i/><w:iCs/>", "");
    assert_eq!(planted(PaperKind::GiayKhen, DOCUMENT, upright), ["form_certificate"]);
}

#[test]
fn no_damaged_document_stops_the_checker() {
    for paper in [PaperKind::BaoCaoTongKet, PaperKind::GiayKhen] {
        let whole = document(paper);
        for at in 0..50 {
            let without = |xml: &str| {
                let chars: Vec<char> = xml.chars().collect();
                let from = chars.len() * at / 50;
                let length = 1 + at % 40;
                chars
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| !(from..from + length).contains(place))
                    .map(|(_, c)| c)
                    .collect()
            };
            found(paper, &changed(&whole, DOCUMENT, without));
        }
        let huge =
            |xml: &str| xml.replace(r#"w:w=""#, r#"w:w="99999"#).replace(r#"w:val="28""#, r#"w:val="4294967295""#);
        assert!(!found(paper, &changed(&whole, DOCUMENT, huge)).is_empty());
        let no_sections = |xml: &str| xml.replace("w:sectPr", "w:none");
        assert!(!found(paper, &changed(&whole, DOCUMENT, no_sections)).is_empty());
    }
}

const LINES: &str = include_str!("pages.xml");

/// Codes of pages whose lines stand as these say.
fn laid_out(change: impl Fn(&str) -> String) -> Vec<&'static str> {
    let codes = form::check_layout(&change(LINES), &document(PaperKind::QuyetDinh));
    codes.iter().map(|finding| finding.code).collect()
}

#[test]
fn faults_of_pages_are_found_in_the_places_of_their_lines() {
    let none: Vec<&str> = vec![];
    assert_eq!(laid_out(str::to_owned), none);
    let two_lines = |xml: &str| {
        xml.replace(
            "<word>NAM</word>",
            "</line><line xMin=\"320\" yMin=\"75\" xMax=\"360\" yMax=\"89\"><word>NAM</word>",
        )
    };
    assert_eq!(laid_out(two_lines), ["form_one_line"]);
    assert_eq!(laid_out(|xml| xml.replace("<word>2</word>", "<word>3</word>")), ["form_page_number"]);
    assert_eq!(laid_out(|xml| xml.replace(r#"xMin="85.1""#, r#"xMin="70.0""#)), ["form_outside"]);
    assert_eq!(laid_out(|xml| xml.replace("<word>Thành</word>", "<word>Khác</word>")), ["form_heading_rows"]);
    let gone = |xml: &str| {
        xml.replace("<word>Nơi</word><word>nhận:</word>", "").replace("<word>CHỦ</word><word>TỊCH</word>", "")
    };
    let gone = |xml: &str| {
        gone(xml)
            .replace(r#"<line xMin="85.2" yMin="400" xMax="140" yMax="412"></line>"#, "")
            .replace(r#"<line xMin="380" yMin="400" xMax="460" yMax="414"></line>"#, "")
    };
    assert_eq!(laid_out(gone), ["form_signature_alone"]);
    assert_eq!(laid_out(|_| "<doc>".to_owned()), ["form_unreadable"]);
}

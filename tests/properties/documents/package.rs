//! The parts of a document are as the schema wants them, and say what a program shows of the file.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use quick_xml::{Reader, events::Event};
use thidua::documents::PaperKind;
use zip::{DateTime, ZipArchive};

use super::document;

/// Members in the order of ECMA-376, part 1, 17: of paragraphs, runs, sections, tables, cells, styles.
const ORDERS: [(&str, &str); 6] = [
    ("pPr", "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind jc rPr sectPr"),
    ("rPr", "rStyle rFonts b bCs i iCs caps color spacing sz szCs highlight u vertAlign lang"),
    ("sectPr", "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid"),
    ("tblPr", "tblStyle tblpPr tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook"),
    ("tcPr", "tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection vAlign"),
    ("style", "name basedOn next link uiPriority qFormat pPr rPr tblPr"),
];

fn parts(paper: PaperKind) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(document(paper))).expect("a package");
    let count = archive.len();
    let read = |at: usize| {
        let mut part = archive.by_index(at).expect("a part");
        assert_eq!(part.last_modified(), Some(DateTime::default()), "the clock is in the file");
        let (name, mut bytes) = (part.name().expect("a name").to_string(), Vec::new());
        part.read_to_end(&mut bytes).expect("its bytes");
        (name, String::from_utf8_lossy(&bytes).into_owned())
    };
    (0..count).map(read).filter(|(name, _)| !name.ends_with(".png")).collect()
}

/// The members of each tag that has an order, with its name.
fn properties(text: &str) -> Vec<(String, Vec<String>)> {
    let (mut reader, mut open, mut found) = (Reader::from_str(text), vec![(String::new(), Vec::new())], Vec::new());
    loop {
        match reader.read_event().expect("tags") {
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                open.last_mut().expect("a tag").1.push(name.clone());
                open.push((name, Vec::new()));
            }
            Event::Empty(tag) => open.last_mut().expect("a tag").1.push(tag.local_name().as_ref().to_owned()),
            Event::End(_) => found.push(open.pop().expect("a tag")),
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn members_stand_in_the_order_of_the_schema() {
    for paper in PaperKind::ALL {
        for (part, text) in parts(paper) {
            for (name, members) in properties(&text) {
                let Some((_, order)) = ORDERS.iter().find(|(known, _)| *known == name) else { continue };
                let place = |member: &String| order.split(' ').position(|known| known == member);
                let places: Option<Vec<usize>> = members.iter().map(place).collect();
                assert!(places.is_some_and(|places| places.is_sorted()), "{paper} {part} {name}: {members:?}");
            }
        }
    }
}

#[test]
fn a_file_says_its_title_its_language_and_when_its_figures_were_made() {
    let parts = parts(PaperKind::QuyetDinh);
    let core = &parts["docProps/core.xml"];
    assert!(core.contains("<dc:title>QUYẾT ĐỊNH Về việc tặng Giấy khen"), "{core}");
    assert_eq!(core.matches(">2025-12-14T16:59:59Z<").count(), 2, "{core}");
    assert!(!core.contains("unknown"), "{core}");
    assert!(parts["word/styles.xml"].contains(r#"<w:lang w:val="vi-VN""#));
}

#[test]
fn each_picture_has_a_number_of_its_own_and_words_for_who_does_not_see_it() {
    let parts = parts(PaperKind::GiayKhen);
    let named = |at: usize| format!(r#"<wp:docPr id="{at}" name="QR {at}" descr="Mã kiểm tra" />"#);
    let pictures = parts["word/document.xml"].matches("<wp:docPr ").count();
    assert!(pictures > 1);
    assert!((1..=pictures).all(|at| parts["word/document.xml"].contains(&named(at))));
}

//! The same paper makes the same bytes, and other figures make others.

use std::thread;

use thidua::documents::{PaperKind, default_template, docx, xlsx};

use super::{document, filled, sample};

#[test]
fn the_same_paper_makes_the_same_bytes_on_every_thread() {
    let made = || {
        PaperKind::ALL.map(|paper| {
            let filled = filled(&default_template(paper), &sample(paper));
            (docx(&filled).expect("a document"), xlsx(&filled).expect("a workbook"))
        })
    };
    let first = made();
    let others: Vec<_> = (0..4).map(|_| thread::spawn(made)).collect();
    for other in others {
        assert!(other.join().expect("a thread") == first, "the bytes differ");
    }
}

#[test]
fn another_figure_makes_another_file() {
    let mut values = sample(PaperKind::QuyetDinh);
    values.lists.get_mut("danh_sach").expect("a list")[0].insert("diem".into(), "90,97".into());
    let other = docx(&filled(&default_template(PaperKind::QuyetDinh), &values)).expect("a document");
    assert!(other != document(PaperKind::QuyetDinh));
}

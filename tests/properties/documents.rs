//! Papers: wordings that are filled, documents of equal bytes, and a checker that finds every planted fault.

mod bytes;
mod faults;
mod lint;
mod package;
mod words;

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::Path,
};

use thidua::documents::{Filling, Paper, PaperKind, Template, Values, default_template, docx, fill};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The values of a paper that the repository shows as an example.
pub fn sample(paper: PaperKind) -> Values {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/papers/{paper}.json"));
    let filling: Filling = serde_json::from_slice(&fs::read(file).expect("an example")).expect("values");
    assert_eq!(filling.paper, paper);
    filling.values
}

pub fn filled(template: &Template, values: &Values) -> Paper {
    fill(template, values).expect("a paper")
}

pub fn document(paper: PaperKind) -> Vec<u8> {
    docx(&filled(&default_template(paper), &sample(paper))).expect("a document")
}

/// A document with one of its parts changed.
pub fn changed(bytes: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut was_changed = false;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("a part");
        let name = entry.name().expect("a name").to_string();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("its bytes");
        if name == part {
            let before = String::from_utf8(content).expect("text").replace(" />", "/>");
            let after = change(&before);
            was_changed = after != before;
            content = after.into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).expect("a part");
        out.write_all(&content).expect("its bytes");
    }
    assert!(was_changed, "{part} is as it was");
    out.finish().expect("a package").into_inner()
}

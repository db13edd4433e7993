//! The file of a paper. PURE.

use std::{io::Cursor, thread};

use docx_rs::{Docx, LineSpacing, LineSpacingType, RunFonts};
use zip::result::{ZipError, ZipResult};

use super::{
    certificate::certificates,
    finish::finished,
    letter::letter,
    page::{numbered, traced},
};
use crate::documents::paper::{Form, Paper};

const FACE: &str = "Times New Roman";

/// The file.
pub fn docx(paper: &Paper) -> ZipResult<Vec<u8>> {
    // Paragraphs are numbered by a counter of the thread, so each document has a thread of its own.
    let written = thread::scope(|scope| {
        let writer = thread::Builder::new().spawn_scoped(scope, || written(paper))?;
        writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    let title = match &paper.form {
        Form::Letter(letter) => format!("{} {}", letter.type_name, letter.summary.replace('\n', " ")),
        Form::Certificates(all) => all.first().map(|one| one.type_name.clone()).unwrap_or_default(),
    };
    finished(&written?, &title)
}

fn written(paper: &Paper) -> ZipResult<Vec<u8>> {
    let at = paper.created.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    // In the four slots that a program may read a letter's face from.
    let face = RunFonts::new().ascii(FACE).hi_ansi(FACE).east_asia(FACE).cs(FACE);
    let single = LineSpacing::new().before(0).after(0).line(240).line_rule(LineSpacingType::Auto);
    let new = Docx::new().created_at(&at).updated_at(&at).default_tab_stop(720);
    let set = new.default_fonts(face).default_size(28).default_line_spacing(single);
    let docx = match &paper.form {
        Form::Letter(form) => letter(traced(numbered(set), paper.trace.as_ref()), form),
        Form::Certificates(all) => certificates(traced(set, paper.trace.as_ref()), all),
    };
    let mut file = Cursor::new(Vec::new());
    docx.pack(&mut file).map_err(|error| ZipError::Io(std::io::Error::other(error)))?;
    Ok(file.into_inner())
}

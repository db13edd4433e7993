//! `thidua documents`: papers from wordings and values, and the checker of their form.

use std::{
    io::{IsTerminal, Write, stdout},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use serde::de::DeserializeOwned;
use thidua::{
    documents::{Filling, PaperKind, Template, default_template, default_text, docx, fill, form, lint, xlsx},
    finding::Finding,
    http,
};

use crate::{
    command_line::CheckDocumentArgs,
    output::{in_words, print, print_findings, read_file, tell_sheet_findings, words},
};

/// Exit 1 where the document leaves the form.
pub fn check_document(args: &CheckDocumentArgs) -> anyhow::Result<ExitCode> {
    let bytes = read_file(&args.file)?;
    let said = args.values.as_deref().map(|values| said(values, args.template.as_deref())).transpose()?;
    let mut findings = form::check(&bytes, said.as_ref().map(|(template, filling)| (template, &filling.values)));
    if let Some(lines) = &args.lines {
        findings.extend(form::check_layout(&String::from_utf8_lossy(&read_file(lines)?), &bytes));
    }
    print_findings(&findings);
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}

/// Exit 1 where wording or values are not whole.
pub fn write_document(values: &Path, template: Option<&Path>, is_list: bool) -> anyhow::Result<ExitCode> {
    if stdout().is_terminal() {
        anyhow::bail!(words("ghi ra tệp: thêm > van-ban.docx", "write it to a file: add > paper.docx"));
    }
    let (template, filling) = said(values, template)?;
    match fill(&template, &filling.values) {
        Ok(paper) => {
            let bytes = if is_list { xlsx(&paper)? } else { docx(&paper)? };
            stdout().write_all(&bytes)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => {
            let findings: Vec<(Option<String>, Finding)> = findings.into_iter().map(|found| (None, found)).collect();
            tell_sheet_findings(&findings);
            Ok(ExitCode::FAILURE)
        }
    }
}

pub fn print_template(paper: PaperKind) {
    print(default_text(paper));
}

/// Exit 1 where the wording has mistakes.
pub fn lint_template(file: &Path) -> anyhow::Result<ExitCode> {
    let findings = lint(&read::<Template>(file)?);
    print_findings(&findings);
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}

/// The wording and the values of a paper; without a file, the wording that is shipped.
fn said(values: &Path, template: Option<&Path>) -> anyhow::Result<(Template, Filling)> {
    let filling: Filling = read(values)?;
    let template = template.map_or_else(|| Ok(default_template(filling.paper)), read)?;
    if template.paper != filling.paper {
        anyhow::bail!(
            "{}: {} ≠ {}",
            words("mẫu và số liệu khác loại văn bản", "the wording is of another paper"),
            template.paper,
            filling.paper
        );
    }
    Ok((template, filling))
}

fn read<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    http::read(&read_file(file)?).map_err(|error| in_words(&error)).with_context(|| file.display().to_string())
}

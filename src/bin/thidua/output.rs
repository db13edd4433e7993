//! What the command line writes: answers to standard output, errors with everything that is wrong, in the language asked
//! for.

use std::{
    fs::File,
    io::{ErrorKind, Read, Write},
    path::Path,
    sync::OnceLock,
};

use thidua::{
    finding::Finding,
    http::{self, Locale},
};

use crate::command_line::Lang;

static LOCALE: OnceLock<Locale> = OnceLock::new();

/// Sets the language: the one asked for, else that of the environment (POSIX: `LC_ALL` before `LC_MESSAGES` before
/// `LANG`), which is English unless it is Vietnamese.
pub fn speak(asked: Option<Lang>) {
    let named = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    let vietnamese = match asked {
        Some(lang) => lang == Lang::Vi,
        None => named().find(|value| !value.is_empty()).is_some_and(|value| value.to_lowercase().starts_with("vi")),
    };
    LOCALE.get_or_init(|| if vietnamese { Locale::Vi } else { Locale::En });
}

pub fn locale() -> Locale {
    LOCALE.get().copied().unwrap_or(Locale::En)
}

/// The words of the language spoken.
pub fn words<'a>(vi: &'a str, en: &'a str) -> &'a str {
    match locale() {
        Locale::Vi => vi,
        Locale::En => en,
    }
}

/// The most that a file may hold: reading it as JSON takes many times as much memory.
const MOST: u64 = 32 << 20;

/// A file's content; why it cannot be read, in words where people can do something about it.
pub fn read_file(file: &Path) -> anyhow::Result<Vec<u8>> {
    let read = || {
        let mut content = Vec::new();
        File::open(file)?.take(MOST + 1).read_to_end(&mut content)?;
        if content.len() as u64 > MOST {
            let most = words("tệp lớn hơn 32 MiB", "the file has more than 32 MiB");
            return Err(std::io::Error::other(most));
        }
        Ok(content)
    };
    read().map_err(|error: std::io::Error| {
        let why = match error.kind() {
            ErrorKind::NotFound => words("không có tệp này", "there is no such file").to_owned(),
            ErrorKind::PermissionDenied => words("không có quyền đọc", "it may not be read").to_owned(),
            _ => error.to_string(),
        };
        anyhow::anyhow!("{} {}: {why}", words("không đọc được", "cannot read"), file.display())
    })
}

/// What messages say of requests, as a reader of the command line does it.
const HERE: [(&str, &str); 10] = [
    ("ghi trong errors theo tài liệu tại /docs/", "ghi dưới đây"),
    ("ghi trong errors", "ghi dưới đây"),
    ("every entry in errors; the schema is at /docs/", "what is listed below"),
    ("every entry in errors", "what is listed below"),
    ("mode=partial", "--mode partial"),
    ("hai tham số on_behalf_reason và on_behalf_source", "--on-behalf-reason và --on-behalf-source"),
    ("the parameters on_behalf_reason and on_behalf_source", "--on-behalf-reason and --on-behalf-source"),
    ("tham số kỳ (period)", "--period"),
    ("the parameter period", "--period"),
    ("Xem kiểu tại /docs/.", "Xem kiểu trong tài liệu của API."),
];

fn here(message: String) -> String {
    HERE.iter().fold(message, |message, (there, here)| message.replace(there, here))
}

/// An error's own message.
pub fn told(error: &http::Error) -> String {
    here(error.told_in(locale()))
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
pub fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).ok();
}

/// An error in one line, with everything that is wrong where: what stops first.
pub fn in_words(error: &http::Error) -> anyhow::Error {
    let message = told(error);
    let findings: Vec<String> = grouped(error.findings()).map(say).collect();
    match findings.is_empty() {
        true => anyhow::anyhow!("{message}"),
        false => anyhow::anyhow!("{}: {}", message.trim_end_matches('.'), findings.join("; ")),
    }
}

/// Errors, then warnings.
pub fn grouped(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    let of = |warning: bool| findings.iter().filter(move |finding| finding.warning == warning);
    of(false).chain(of(true))
}

/// Prints each finding in a line with its severity, errors first, and how many there are of each.
pub fn print_findings(findings: &[Finding]) {
    for finding in grouped(findings) {
        let severity = if finding.warning { words("cảnh báo", "warning") } else { words("lỗi", "error") };
        print(&format!("{severity} {}\n", say(finding)));
    }
    print(&counted(findings));
}

/// How many errors and warnings there are.
fn counted<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let (warnings, errors): (Vec<&Finding>, Vec<&Finding>) = findings.into_iter().partition(|finding| finding.warning);
    match locale() {
        Locale::Vi => format!("{} lỗi, {} cảnh báo\n", errors.len(), warnings.len()),
        Locale::En => format!("errors: {}, warnings: {}\n", errors.len(), warnings.len()),
    }
}

/// Tells on standard error what was found in a workbook, each with its cell.
pub fn tell_sheet_findings(findings: &[(Option<String>, Finding)]) {
    for warning in [false, true] {
        for (cell, finding) in findings.iter().filter(|(_, finding)| finding.warning == warning) {
            let severity = if warning { words("cảnh báo", "warning") } else { words("lỗi", "error") };
            let place = cell.as_deref().map(|cell| format!("{cell} ")).unwrap_or_default();
            eprintln!("{severity} {place}{}", say(finding).trim_start());
        }
    }
    eprint!("{}", counted(findings.iter().map(|(_, finding)| finding)));
}

pub fn say(finding: &Finding) -> String {
    let message = http::fill(http::entry(finding.code).message(locale()), &finding.args);
    format!("{} {}: {}", finding.pointer, finding.code, here(message))
}

//! `thidua import`: progress on standard error, the result on standard output.

use std::{
    io::{IsTerminal, stderr},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use thidua::{
    clock::Clock,
    http::{Error, Locale},
    submissions::import::{ImportCommand, ImportOrder, Progress, import_on_command},
    tables::Format,
};

use crate::{
    command_line::ImportArgs,
    database::open,
    output::{in_words, locale, print, read_file, say, told, words},
};

/// Interval of progress reports.
const TOLD_EVERY: Duration = Duration::from_millis(100);

pub async fn import(args: ImportArgs) -> anyhow::Result<ExitCode> {
    let format = format(&args.file)?;
    let bytes = read_file(&args.file)?;
    let ImportArgs { store, movement, locality, account, mode, submit, dry_run, period, .. } = args;
    let order = ImportOrder { movement, mode, submit, on_behalf: None, period };
    let order = match order.on_behalf(args.on_behalf_reason, args.on_behalf_source) {
        Ok(order) => order,
        Err(error) => return Ok(refused(&error)),
    };
    let db = open(&store).await?;
    let at = Clock::system().now();
    let command = ImportCommand { locality, account, format, bytes, order, dry_run, at, locale: locale() };
    let progress = Progress::default();
    let imported = tokio::select! {
        imported = import_on_command(&db, command, &progress) => imported,
        never = watch(&progress) => never,
    };
    match imported {
        Ok(answer) => Ok(report(&answer)),
        Err(error @ (Error::Busy(_) | Error::StorageFull(_) | Error::Internal(_))) => Err(in_words(&error)),
        Err(error) => Ok(refused(&error)),
    }
}

fn format(file: &Path) -> anyhow::Result<Format> {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let no = words(
        "không phải .json, .ndjson, .csv hay .xlsx; đổi tên hoặc chuyển định dạng",
        "is no .json, .ndjson, .csv or .xlsx; rename or convert it",
    );
    Format::of_extension(extension).with_context(|| format!("{} {no}", file.display()))
}

/// A bar on a terminal, a line elsewhere.
async fn watch(progress: &Progress) -> thidua::http::Result<Value> {
    let bar = stderr().is_terminal().then(bar).transpose().map_err(Error::internal)?;
    let mut read = false;
    loop {
        tokio::time::sleep(TOLD_EVERY).await;
        let (received, done) = progress.seen();
        match &bar {
            Some(bar) => {
                bar.set_length(received as u64);
                bar.set_position(done as u64);
            }
            None if received > 0 && !read => {
                eprintln!("{} {received} {}", words("đã đọc", "read"), row_word(received));
            }
            None => {}
        }
        read = received > 0;
    }
}

fn bar() -> Result<ProgressBar, indicatif::style::TemplateError> {
    let template = words("{bar:40} {pos}/{len} dòng, {elapsed}", "{bar:40} {pos}/{len} rows, {elapsed}");
    let style = ProgressStyle::with_template(template)?;
    Ok(ProgressBar::new(0).with_style(style))
}

/// The counts in a line, then each finding in one.
fn report(answer: &Value) -> ExitCode {
    let counts = [
        ("received", "nhận"),
        ("created", "tạo mới"),
        ("updated", "sửa"),
        ("unchanged", "không đổi"),
        ("rejected", "từ chối"),
        ("submitted", "nộp"),
    ];
    let counts = counts.map(|(count, vi)| format!("{} {}", words(vi, count), answer[count]));
    print(&format!("{}\n", counts.join(", ")));
    let list = |of: &Value| of.as_array().cloned().unwrap_or_default();
    let word = |of: &Value, name: &str| of[name].as_str().unwrap_or_default().to_owned();
    let line = |place: String, found: &Value| {
        print(&format!("{place} {} {}: {}\n", word(found, "pointer"), word(found, "code"), word(found, "message")));
    };
    let (findings, incomplete) = (list(&answer["findings"]), list(&answer["incomplete"]));
    findings.iter().for_each(|found| line(rows(found), found));
    list(&answer["notices"]).iter().for_each(|notice| line(rows(notice), notice));
    for gap in &incomplete {
        let place = format!("{}/{}", word(gap, "period"), word(gap, "unit"));
        list(&gap["findings"]).iter().for_each(|found| line(place.clone(), found));
    }
    if answer["findings_left_off"].as_u64() > Some(0) {
        print(&format!("{}\n", and_more(&answer["findings_left_off"])));
    }
    ExitCode::from(u8::from(!findings.is_empty() || !incomplete.is_empty()))
}

/// The rows that something is said of, the first ten by their numbers.
fn rows(said: &Value) -> String {
    let numbers: Vec<String> = said["rows"].as_array().into_iter().flatten().map(Value::to_string).collect();
    let more = said["count"].as_u64().unwrap_or_default().saturating_sub(numbers.len() as u64);
    if numbers.is_empty() {
        return words("cột", "columns").to_owned();
    }
    let more = if more > 0 { format!(" {}", and_more(&more.into())) } else { String::new() };
    format!("{} {}{more}", row_word(numbers.len()), numbers.join(", "))
}

fn row_word(count: usize) -> &'static str {
    words("dòng", if count == 1 { "row" } else { "rows" })
}

fn and_more(count: &Value) -> String {
    match locale() {
        Locale::Vi => format!("và {count} chỗ khác"),
        Locale::En => format!("and {count} more"),
    }
}

fn refused(error: &Error) -> ExitCode {
    eprintln!("thidua: {}", told(error));
    for finding in error.findings() {
        let rows = finding.args.get("rows").map(|rows| format!("{} {rows} ", row_word(2)));
        let row = || finding.args.get("row").map(|row| format!("{} {row} ", row_word(1)));
        print(&format!("{}{}\n", rows.or_else(row).unwrap_or_default(), say(finding)));
    }
    ExitCode::from(1)
}

//! What the command line writes: answers to standard output, errors in English with everything that is wrong.

use std::io::Write;

use thidua::{
    finding::Finding,
    http::{self, Locale},
};

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
pub fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).ok();
}

/// An error in one line, with everything that is wrong where.
pub fn in_words(error: &http::Error) -> anyhow::Error {
    let findings = error.findings().iter().map(say).collect::<Vec<_>>().join("; ");
    let colon = if findings.is_empty() { "" } else { ": " };
    anyhow::anyhow!("{}{colon}{findings}", error.in_english())
}

pub fn say(finding: &Finding) -> String {
    let message = http::fill(http::entry(finding.code).message(Locale::En), &finding.args);
    format!("{} {}: {message}", finding.pointer, finding.code)
}

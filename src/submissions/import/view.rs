//! What an import answers.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::evaluate::{Incomplete, Outcome};
use crate::{
    finding::{Finding, Param, params},
    http::{Locale, entry, fill},
    tables::TOLD_MOST,
};

/// What became of the rows of an import.
#[derive(Serialize, ToSchema)]
pub struct ImportAnswer {
    /// Rows that say anything.
    #[schema(example = 3)]
    received: usize,
    /// Values that the drafts did not have.
    #[schema(example = 1)]
    created: usize,
    #[schema(example = 1)]
    updated: usize,
    /// Values that stood there already.
    #[schema(example = 0)]
    unchanged: usize,
    #[schema(example = 1)]
    rejected: usize,
    /// Submissions handed in, where that was asked for.
    #[schema(example = 0)]
    submitted: usize,
    /// Submissions that were to be handed in and are not complete; their drafts are stored.
    incomplete: Vec<ImportIncomplete>,
    /// What is wrong with rows; the first thousand.
    findings: Vec<ImportFinding>,
    /// How many more findings there are.
    #[schema(example = 0)]
    findings_left_off: usize,
}

/// One thing wrong with one row.
#[derive(Serialize, ToSchema)]
pub struct ImportFinding {
    /// Number of the row: the line of a table, the row of a sheet, the place in a list, from 1.
    #[schema(example = 4)]
    row: usize,
    /// JSON Pointer (RFC 6901) into the row.
    #[schema(example = "/numerator")]
    pointer: String,
    #[schema(example = "numerator_above")]
    code: String,
    message: String,
    /// What the message quotes, for programs.
    #[schema(value_type = BTreeMap<String, Param>)]
    params: BTreeMap<&'static str, Param>,
}

/// A submission that could not be handed in.
#[derive(Serialize, ToSchema)]
pub struct ImportIncomplete {
    #[schema(example = "2025-09")]
    period: String,
    #[schema(example = "phong-kinh-te")]
    unit: String,
    findings: Vec<ImportGap>,
}

/// What stops it; the pointer leads into the submission.
#[derive(Serialize, ToSchema)]
pub struct ImportGap {
    #[schema(example = "/values")]
    pointer: String,
    #[schema(example = "value_missing")]
    code: String,
    message: String,
    /// What the message quotes, for programs.
    #[schema(value_type = BTreeMap<String, Param>)]
    params: BTreeMap<&'static str, Param>,
}

fn message(finding: &Finding, locale: Locale) -> String {
    fill(entry(finding.code).message(locale), &finding.args)
}

impl ImportAnswer {
    pub fn of(outcome: &Outcome, locale: Locale) -> Self {
        let all = outcome.refused.iter().flat_map(|(row, found)| found.iter().map(move |finding| (*row, finding)));
        let told = |(row, finding): (usize, &Finding)| ImportFinding {
            row,
            pointer: finding.pointer.clone(),
            code: finding.code.to_owned(),
            message: message(finding, locale),
            params: params(&finding.args),
        };
        Self {
            received: outcome.received,
            created: outcome.created,
            updated: outcome.updated,
            unchanged: outcome.unchanged,
            rejected: outcome.refused.len(),
            submitted: outcome.changes.iter().filter(|change| change.submitted).count(),
            incomplete: outcome.incomplete.iter().map(|gap| incomplete(gap, locale)).collect(),
            findings_left_off: all.clone().count().saturating_sub(TOLD_MOST),
            findings: all.take(TOLD_MOST).map(told).collect(),
        }
    }
}

fn incomplete(incomplete: &Incomplete, locale: Locale) -> ImportIncomplete {
    let gap = |finding: &Finding| ImportGap {
        pointer: finding.pointer.clone(),
        code: finding.code.to_owned(),
        message: message(finding, locale),
        params: params(&finding.args),
    };
    ImportIncomplete {
        period: incomplete.period.clone(),
        unit: incomplete.unit.clone(),
        findings: incomplete.findings.iter().map(gap).collect(),
    }
}

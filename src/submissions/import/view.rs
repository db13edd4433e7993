//! What an import answers.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::evaluate::{Incomplete, Outcome};
use crate::{
    finding::{Finding, Param, params},
    http::{Locale, message},
    submissions::lifecycle::Action,
    tables::{Group, Notice, TOLD_MOST, grouped, notices},
};

/// What became of the rows of an import.
#[derive(Serialize, ToSchema)]
pub struct ImportAnswer {
    /// Rows that say anything.
    received: usize,
    /// Values that the drafts did not have.
    created: usize,
    updated: usize,
    /// Values that stood there already.
    unchanged: usize,
    rejected: usize,
    /// Submissions handed in, where that was asked for.
    submitted: usize,
    /// Submissions that were to be handed in and are not complete, or of which rows are rejected; their drafts are stored.
    incomplete: Vec<ImportIncomplete>,
    /// What is wrong with rows, equal findings as one; the first thousand.
    findings: Vec<ImportFinding>,
    /// How many more findings there are.
    findings_left_off: usize,
    /// What is to be known of rows and is no fault: totals and signatures passed over, rows that the sheet hides.
    notices: Vec<Notice>,
}

/// One thing wrong with one row, or equally with several.
#[derive(Serialize, ToSchema)]
pub struct ImportFinding {
    /// Number of the (first) row: the line of a table, the row of a sheet, the place in a list, from 1.
    row: usize,
    /// How many rows it is wrong with.
    count: usize,
    /// The first ten of these rows.
    rows: Vec<usize>,
    /// Address of the cell, where the rows are of a table.
    #[schema(example = "E4")]
    cell: Option<String>,
    /// What the cell holds, shortened.
    #[schema(example = "12 hồ sơ")]
    content: Option<String>,
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

impl ImportAnswer {
    pub fn of(outcome: &Outcome, locale: Locale) -> Self {
        let all = grouped(&outcome.refused);
        let told = |Group { finding, count, rows }: Group| ImportFinding {
            row: rows.first().copied().unwrap_or_default(),
            count,
            rows,
            cell: finding.args.get("cell").cloned(),
            content: finding.args.get("content").cloned(),
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
            submitted: outcome.changes.iter().filter(|change| change.act == Some(Action::Submit)).count(),
            incomplete: outcome.incomplete.iter().map(|gap| incomplete(gap, locale)).collect(),
            findings_left_off: all.len().saturating_sub(TOLD_MOST),
            findings: all.into_iter().take(TOLD_MOST).map(told).collect(),
            notices: notices(&outcome.notices, ("columns_unread", &outcome.unread), locale),
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

//! A finding as clients see it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Locale, entry, fill};
use crate::finding::{Finding, Param, params};

/// One thing that is wrong, or worth a look.
#[derive(Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingView {
    /// JSON Pointer (RFC 6901) into the document.
    #[schema(example = "/awards/0/groups/1")]
    pub pointer: String,
    #[schema(example = "group_unknown")]
    pub code: String,
    /// An error stops, a warning tells.
    pub severity: Severity,
    pub message: String,
    /// What the message quotes, for programs.
    #[schema(value_type = BTreeMap<String, Param>)]
    pub params: BTreeMap<&'static str, Param>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

impl FindingView {
    pub fn of(finding: &Finding, locale: Locale) -> Self {
        Self {
            pointer: finding.pointer.clone(),
            code: finding.code.to_owned(),
            severity: if finding.warning { Severity::Warning } else { Severity::Error },
            message: message(finding, locale),
            params: params(&finding.args),
        }
    }
}

/// What a finding says, in a sentence or two.
pub fn message(finding: &Finding, locale: Locale) -> String {
    fill(entry(finding.code).message(locale), &finding.args)
}

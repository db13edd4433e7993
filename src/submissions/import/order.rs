//! An import as it is asked for, the same for a request, a job and the command line.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    finding::Finding,
    http::{Error, Result},
    submissions::content::OnBehalf,
};

/// The operation that does it.
pub const OPERATION: &str = "import_submissions";
/// Most bytes of an import.
pub const BODY_MOST: usize = 32 * 1024 * 1024;
const WORDS_MOST: usize = 4_000;

/// Whether rows that fit are stored where others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// All rows or none.
    #[default]
    Atomic,
    /// Those that fit.
    Partial,
}

/// What is asked for beside the rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Code of the movement.
    pub movement: String,
    pub mode: ImportMode,
    /// Hands in what is complete.
    pub submit: bool,
    pub on_behalf: Option<OnBehalf>,
    /// Code of the period of rows that do not say it.
    #[serde(default)]
    pub period: Option<String>,
}

impl Order {
    /// With the words of somebody who enters for others: why, and from what source.
    pub fn on_behalf(self, reason: Option<String>, source: Option<String>) -> Result<Self> {
        if reason.is_none() && source.is_none() {
            return Ok(self);
        }
        let on_behalf = OnBehalf { reason: reason.unwrap_or_default(), source: source.unwrap_or_default() };
        let length = |name: &str, words: &str| Finding::length(format!("/on_behalf_{name}"), words, 1, WORDS_MOST);
        let wrong = [length("reason", &on_behalf.reason), length("source", &on_behalf.source)];
        Error::check(wrong.into_iter().flatten().collect())?;
        Ok(Self { on_behalf: Some(on_behalf), ..self })
    }
}

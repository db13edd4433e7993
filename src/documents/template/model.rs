//! The wording of a paper as data: its lines with placeholders. PURE.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::documents::paper::{Column, PaperKind, Trace};

/// The wording of a paper, with `{{placeholders}}`. What is left out has no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplate)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub paper: PaperKind,
    /// Whether each page's foot says where the figures come from.
    #[serde(default = "yes")]
    pub trace: bool,
    /// The superior body, in capitals, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superior: Vec<String>,
    /// The issuer, in capitals, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuer: Vec<String>,
    /// Behind «Số: »: `{{so}}/QĐ-UBND`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place_and_date: String,
    pub type_name: String,
    /// Trích yếu.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// «Kính gửi».
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addressees: Vec<Line>,
    /// Who decides, in capitals.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// Legal bases and «Theo đề nghị của …», without the marks at their ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<Line>,
    /// `QUYẾT ĐỊNH:`
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resolves: String,
    /// Without the mark «./.» at its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Piece>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signed>,
    /// «Nơi nhận», without the marks at their ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<Line>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appendices: Vec<Annex>,
    /// Of a certificate only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateText>,
}

fn yes() -> bool {
    true
}

/// A line; or one for each row of a list; or one that stands only when a value is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplateLine)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The list whose rows repeat the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// The value without which the line is left out; behind «!», the one with which it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    pub text: String,
}

/// A piece of the body: exactly one of text, heading, article and table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplatePiece)]
#[serde(default, deny_unknown_fields)]
pub struct Piece {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// Numbered by its place: «Điều 1.».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<TableText>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplateTable)]
#[serde(deny_unknown_fields)]
pub struct TableText {
    /// The list whose rows are the table's.
    pub list: String,
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplateSignature)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// A list whose rows sign, one beside the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// In capitals; lines that are empty are left out.
    pub title: Vec<String>,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplateAppendix)]
#[serde(deny_unknown_fields)]
pub struct Annex {
    /// The value without which the appendix is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    pub title: String,
    /// `Kèm theo Quyết định số …`
    pub attached: String,
    #[serde(default)]
    pub landscape: bool,
    pub body: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplateCertificate)]
#[serde(deny_unknown_fields)]
pub struct CertificateText {
    /// The list whose rows each receive one.
    pub each: String,
    pub authority: Vec<String>,
    pub verb: String,
    pub recipient: String,
    pub achievement: String,
    pub references: Vec<Line>,
    /// The text of the QR code; none where it is left out or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What a paper says: texts and days by name, rows of lists, figures as they are written (`1.234,56`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    #[serde(default)]
    pub days: BTreeMap<String, NaiveDate>,
    #[serde(default)]
    pub lists: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// When the figures were made.
    pub created: DateTime<Utc>,
    #[serde(default)]
    pub trace: Option<Trace>,
}

/// The values of a paper with its kind, as a file says them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filling {
    pub paper: PaperKind,
    pub values: Values,
}

//! A workbook's file as a plan with everything that is wrong, each by its cell; and back.

use rust_xlsxwriter::XlsxError;
use serde_json::{Value, json};

use super::{missing, read::read, workbook::xlsx, write::pages};
use crate::{
    finding::Finding,
    http,
    movements::plan::{FORMATS, Plan},
    tables,
};

/// What a workbook says.
pub struct PlanSheets {
    /// None where nothing could be read.
    pub plan: Option<Value>,
    /// Each with its cell, where it is about one.
    pub findings: Vec<(Option<String>, Finding)>,
}

/// Reads a workbook, and checks the plan that it comes to.
pub fn document(bytes: &[u8], check: impl Fn(&Plan) -> Vec<Finding>) -> PlanSheets {
    let nothing = |code| PlanSheets { plan: None, findings: vec![(None, Finding::new("", code))] };
    let reading = match tables::pages(bytes) {
        Ok(pages) => read(&pages),
        Err(code) => return nothing(code),
    };
    let Some(reading) = reading else { return nothing("sheets_missing") };
    let checked = http::read_and_check(reading.document.to_string().as_bytes(), check);
    let mut rest = checked.unwrap_or_else(|error| error.findings().to_vec());
    // What a cell was to say is missing, which is no other fault.
    rest.retain(|finding| !reading.findings.iter().any(|refused| is_same(refused, finding)));
    let of_cell = |finding: Finding| (finding.args.get("cell").cloned(), finding);
    let rest: Vec<_> = rest.into_iter().map(|finding| missing::told(finding, &reading)).collect();
    let mut findings: Vec<(Option<String>, Finding)> = Vec::new();
    for told in reading.findings.into_iter().map(of_cell).chain(rest) {
        // What a whole sheet or column lacks is told once.
        if !findings.contains(&told) {
            findings.push(told);
        }
    }
    PlanSheets { plan: Some(reading.document), findings }
}

fn is_same(refused: &Finding, finding: &Finding) -> bool {
    let within = |place: &str, above: &str| {
        place.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let missing = finding.code == "missing_field" && within(&refused.pointer, &finding.pointer);
    !refused.pointer.is_empty() && (missing || within(&finding.pointer, &refused.pointer))
}

/// The workbook to be filled in.
pub fn template() -> Result<Vec<u8>, XlsxError> {
    xlsx(&pages(&json!({ "format": FORMATS[1] })))
}

/// A plan as a workbook: members that say nothing are left out, save that a target is open.
pub fn workbook(plan: &Plan) -> http::Result<Vec<u8>> {
    let mut document = serde_json::to_value(plan).map_err(http::Error::internal)?;
    spare(&mut document);
    xlsx(&pages(&document)).map_err(http::Error::internal)
}

fn spare(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, member| !member.is_null() || name == "value");
            members.values_mut().for_each(spare);
        }
        Value::Array(items) => items.iter_mut().for_each(spare),
        _ => {}
    }
}

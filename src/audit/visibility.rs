//! Which members of a record a caller reads: those of things that they may read at their own address, and those of a
//! report's draft once it is submitted. PURE.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

/// The last submission of each report, by its path below `/api/v1`, and of the report of each piece of evidence.
pub type Submitted = HashMap<String, DateTime<Utc>>;

/// What a record carries of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftContent {
    None,
    /// The subject is in a draft.
    Subject,
    /// Each change names a report: `/2025-09~1phong-kinh-te/…`.
    Changes,
}

impl DraftContent {
    pub fn of(action: &str) -> Self {
        match action {
            "draft_submission" | "create_evidence" => Self::Subject,
            "import_submissions" => Self::Changes,
            _ => Self::None,
        }
    }
}

/// The reports and the evidence that a record's members are of.
pub fn drafts<'a>(action: &str, subject: &'a str, pointers: impl Iterator<Item = &'a str>) -> Vec<String> {
    match DraftContent::of(action) {
        DraftContent::None => Vec::new(),
        DraftContent::Subject => vec![subject.to_owned()],
        DraftContent::Changes => {
            let mut named: Vec<String> = pointers.filter_map(|pointer| report(subject, pointer)).collect();
            named.dedup();
            named
        }
    }
}

/// Whether a change of a record is of something submitted since.
pub fn shows(action: &str, subject: &str, pointer: &str, at: DateTime<Utc>, submitted: &Submitted) -> bool {
    let since = |path: &str| submitted.get(path).is_some_and(|last| *last >= at);
    match DraftContent::of(action) {
        DraftContent::None => true,
        DraftContent::Subject => since(subject),
        DraftContent::Changes => report(subject, pointer).is_some_and(|path| since(&path)),
    }
}

/// The path of the report that a change of an import is of.
fn report(subject: &str, pointer: &str) -> Option<String> {
    let place = pointer.strip_prefix('/')?.split('/').next()?;
    Some(format!("{subject}/{}", place.replace("~1", "/").replace("~0", "~")))
}

//! Which members of a record a caller reads: those of things that they may read at their own address, and those of a
//! report's draft as far as it was handed in. PURE.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{finding::unescape, record::Change};

/// The acts on each report, by its path below `/api/v1`, and on the report of each piece of evidence.
pub type Acts = HashMap<String, ReportActs>;

/// What a record carries of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftContent {
    None,
    /// The subject is a report.
    Subject,
    /// The subject is a document of a report.
    Evidence,
    /// Each change names a report: `/2025-09~1phong-kinh-te/…`.
    Changes,
}

impl DraftContent {
    pub fn of(action: &str) -> Self {
        match action {
            "draft_submission" => Self::Subject,
            "create_evidence" => Self::Evidence,
            "import_submissions" => Self::Changes,
            _ => Self::None,
        }
    }
}

/// The reports and the evidence that a record's members are of.
pub fn drafts<'a>(action: &str, subject: &'a str, pointers: impl Iterator<Item = &'a str>) -> Vec<String> {
    match DraftContent::of(action) {
        DraftContent::None => Vec::new(),
        DraftContent::Subject | DraftContent::Evidence => vec![subject.to_owned()],
        DraftContent::Changes => {
            let mut named: Vec<String> = pointers.filter_map(place).map(|place| report(subject, place)).collect();
            named.dedup();
            named
        }
    }
}

/// The changes of a record that others than who drafts read. Of a report's draft only what was handed in: of the edit that
/// a hand-in followed, and what was before it only if that was handed in too.
pub fn shown(action: &str, subject: &str, at: DateTime<Utc>, changes: &[Change], acts: &Acts) -> Vec<Change> {
    let of = |path: &str| acts.get(path);
    match DraftContent::of(action) {
        DraftContent::None => changes.to_vec(),
        DraftContent::Evidence => match of(subject).and_then(|acts| acts.submitted_last()) {
            Some(last) if last >= at => changes.to_vec(),
            _ => Vec::new(),
        },
        DraftContent::Subject => {
            let edit = of(subject).zip(version(changes, "")).and_then(|(acts, version)| acts.handed_in(version));
            changes.iter().filter_map(|change| as_handed_in(change, edit?)).collect()
        }
        DraftContent::Changes => changes
            .iter()
            .filter_map(|change| {
                let place = place(&change.pointer)?;
                let acts = of(&report(subject, place))?;
                as_handed_in(change, acts.handed_in(version(changes, &format!("/{place}"))?)?)
            })
            .collect(),
    }
}

/// A change of an edit that was handed in.
fn as_handed_in(change: &Change, edit: HandedIn) -> Option<Change> {
    let from = if edit.from_too { change.from.clone() } else { Value::Null };
    Some(Change { from, ..change.clone() })
}

/// The version that an edit made of the report whose members lie below `top`.
fn version(changes: &[Change], top: &str) -> Option<i32> {
    let member = format!("{top}/version");
    let made = changes.iter().find_map(|change| match &change.pointer {
        pointer if *pointer == member => Some(&change.to),
        pointer if pointer == top => change.to.get("version"),
        _ => None,
    });
    made?.as_i64()?.try_into().ok()
}

/// An edit that a hand-in followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct HandedIn {
    /// What it changed was itself handed in, or was nothing.
    from_too: bool,
}

/// An act on a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    pub at: DateTime<Utc>,
    /// It handed the report in.
    pub submits: bool,
    /// It also changed what the report says, as an import does that hands in.
    pub edits: bool,
}

/// The acts on a report, by the version that each made; the versions between are edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportActs(BTreeMap<i32, Act>);

impl ReportActs {
    pub fn add(&mut self, version: i32, act: Act) {
        self.0.insert(version, act);
    }

    fn submits(&self) -> impl DoubleEndedIterator<Item = (i32, &Act)> {
        self.0.iter().filter(|(_, act)| act.submits).map(|(version, act)| (*version, act))
    }

    fn submitted_last(&self) -> Option<DateTime<Utc>> {
        self.submits().map(|(_, act)| act.at).max()
    }

    /// Whether no version between two, without both, is of an edit.
    fn unedited(&self, after: i32, before: i32) -> bool {
        (after + 1..before).all(|version| self.0.get(&version).is_some_and(|act| !act.edits))
    }

    /// Whether what the edit that made a version left was handed in: no other edit came between.
    fn handed_in(&self, version: i32) -> Option<HandedIn> {
        let (hand_in, act) = self.submits().find(|(submit, _)| *submit >= version)?;
        let before = self.submits().map(|(submit, _)| submit).rfind(|submit| *submit < version);
        let overwritten = hand_in > version && act.edits || !self.unedited(version, hand_in);
        let from_too = self.unedited(before.unwrap_or(0), version);
        (!overwritten).then_some(HandedIn { from_too })
    }
}

/// The place of the report that a change of an import is of, as the pointer spells it.
fn place(pointer: &str) -> Option<&str> {
    pointer.strip_prefix('/')?.split('/').next()
}

/// Its path.
fn report(subject: &str, place: &str) -> String {
    format!("{subject}/{}", unescape(place))
}

//! The chain over a locality's records, and what does not hold in one. Each link's hash covers its number, the hash
//! before it, the instant of its chaining and the record; the record covers its text by a digest. PURE.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    canonical::{Digest, as_hex, digest_of_ordered, hex},
    record::{REDACTION, Record, Text, as_instant},
};

/// What stands before the first link.
pub const START: Digest = [0; 32];
/// Faults told one by one; beyond, they are counted.
const TOLD: usize = 100;

/// One place in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub seq: i64,
    pub record: Uuid,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
    pub chained_at: DateTime<Utc>,
}

/// A link with what stands in the log for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub link: Link,
    pub record: Option<Record>,
    pub text: Option<Text>,
}

/// The hash of a link.
pub fn hash(seq: i64, previous: &[u8], chained_at: DateTime<Utc>, record: &Record) -> serde_json::Result<Digest> {
    digest_of_ordered(&Hashed { chained_at, previous, record, seq })
}

/// What a link's hash is taken of. A test holds that its members, and those of the record, stand in order.
#[derive(Serialize)]
pub struct Hashed<'a> {
    #[serde(serialize_with = "as_instant")]
    pub chained_at: DateTime<Utc>,
    #[serde(serialize_with = "as_hex")]
    pub previous: &'a [u8],
    pub record: &'a Record,
    pub seq: i64,
}

/// What does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The link or its record is not what was hashed.
    Edited,
    /// Numbers are missing before this one.
    Deleted,
    /// The link stands at a place that is not its own.
    Reordered,
    /// The link fits nowhere.
    Inserted,
    /// The chain ends before the head that was kept.
    Truncated,
    /// At its number stands another hash than in the head that was kept.
    Rewritten,
    /// A record is neither in the chain nor waiting for it: its link was taken away, or no writer of ours wrote it.
    Unchained,
    /// The record of a link, or of words, is gone.
    RecordMissing,
    /// The record's words are gone.
    TextMissing,
    /// The record's words are others, and no redaction made them so.
    TextEdited,
    /// The head that was kept is another locality's, or not signed by this service.
    HeadForeign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub seq: Option<i64>,
    pub record: Option<Uuid>,
    pub kind: FaultKind,
}

/// What was found of a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Links looked at.
    pub links: u64,
    /// Records whose words were replaced by a redaction that stands in the chain itself.
    pub redacted: u64,
    /// Records that are yet to be chained.
    pub unchained: i64,
    /// The last link.
    pub last: Option<(i64, Vec<u8>)>,
    /// The first of the faults.
    pub faults: Vec<Fault>,
    pub faults_total: u64,
}

impl Verdict {
    pub fn holds(&self) -> bool {
        self.faults_total == 0
    }

    pub fn fault(&mut self, seq: Option<i64>, record: Option<Uuid>, kind: FaultKind) {
        self.faults_total += 1;
        if self.faults.len() < TOLD {
            self.faults.push(Fault { seq, record, kind });
        }
    }
}

impl fmt::Display for Verdict {
    /// In lines: the sum, then each fault.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { links, redacted, unchained, faults_total, .. } = self;
        let holds = if self.holds() { "all holds" } else { "does NOT hold" };
        write!(
            f,
            "{holds}; {links} records chained, {unchained} yet to be, {redacted} redacted, {faults_total} faults"
        )?;
        for Fault { seq, record, kind } in &self.faults {
            let seq = seq.map(|seq| format!(" at {seq}")).unwrap_or_default();
            let record = record.map(|id| format!(", record {id}")).unwrap_or_default();
            write!(f, "\n  {kind:?}{seq}{record}")?;
        }
        Ok(())
    }
}

/// Looks at a chain link by link, in order of their numbers; memory grows with redactions only.
#[derive(Default)]
pub struct Verifier {
    verdict: Verdict,
    /// Number and hash of a head that was kept.
    kept: Option<(i64, Vec<u8>)>,
    /// Texts that are not what their records say, until a redaction explains them.
    unexplained: HashMap<Uuid, (i64, String)>,
}

impl Verifier {
    pub fn new(kept: Option<(i64, Vec<u8>)>) -> Self {
        Self { kept: kept.filter(|(seq, _)| *seq > 0), ..Self::default() }
    }

    pub fn look(&mut self, row: &Row) {
        let Row { link, record, text } = row;
        self.verdict.links += 1;
        self.check_place(link, record.as_ref());
        if let Some((seq, hash)) = &self.kept
            && *seq == link.seq
            && *hash != link.hash
        {
            self.verdict.fault(Some(link.seq), Some(link.record), FaultKind::Rewritten);
        }
        if let Some(record) = record {
            self.check_text(link.seq, record, text.as_ref());
        }
        self.verdict.last = Some((link.seq, link.hash.clone()));
    }

    fn check_place(&mut self, link: &Link, record: Option<&Record>) {
        let (before, previous) = self.verdict.last.clone().unwrap_or((0, START.to_vec()));
        let follows = link.previous == previous;
        let true_hash = record.map(|record| hash(link.seq, &link.previous, link.chained_at, record));
        let own = record.is_some_and(|record| record.id == link.record)
            && true_hash.is_some_and(|hash| hash.is_ok_and(|hash| hash[..] == link.hash[..]));
        let mut fault = |kind| self.verdict.fault(Some(link.seq), Some(link.record), kind);
        if link.seq <= before {
            fault(FaultKind::Inserted);
        } else if link.seq > before + 1 {
            fault(FaultKind::Deleted);
        }
        match (record, own, follows) {
            (None, ..) => fault(FaultKind::RecordMissing),
            (_, true, true) => {}
            (_, false, true) => fault(FaultKind::Edited),
            (_, false, false) => fault(FaultKind::Reordered),
            // After a gap the link cannot follow: the gap is told already.
            (_, true, false) if link.seq > before + 1 => {}
            (_, true, false) => fault(FaultKind::Inserted),
        }
    }

    fn check_text(&mut self, seq: i64, record: &Record, text: Option<&Text>) {
        let Some(text) = text else {
            return self.verdict.fault(Some(seq), Some(record.id), FaultKind::TextMissing);
        };
        let stands = text.digest().unwrap_or(START);
        if stands[..] != record.text[..] {
            self.unexplained.insert(record.id, (seq, hex(&stands)));
        } else if record.action == REDACTION {
            self.explain(&text.changes);
        }
    }

    /// Takes note of a redaction: the texts that it names are what it made of them.
    pub fn explain(&mut self, changes: &Value) {
        for change in changes.as_array().into_iter().flatten() {
            let id = change["pointer"].as_str().and_then(|pointer| pointer.strip_prefix('/')?.parse().ok());
            let Some(id) = id else { continue };
            if self.unexplained.get(&id).is_some_and(|(_, stands)| change["to"] == stands.as_str()) {
                self.unexplained.remove(&id);
                self.verdict.redacted += 1;
            }
        }
    }

    pub fn finish(mut self) -> Verdict {
        let end = self.verdict.last.as_ref().map_or(0, |(seq, _)| *seq);
        if let Some((seq, _)) = self.kept
            && seq > end
        {
            self.verdict.fault(Some(seq), None, FaultKind::Truncated);
        }
        let mut edited: Vec<(i64, Uuid)> = self.unexplained.into_iter().map(|(id, (seq, _))| (seq, id)).collect();
        edited.sort_unstable();
        for (seq, id) in edited {
            self.verdict.fault(Some(seq), Some(id), FaultKind::TextEdited);
        }
        self.verdict
    }
}

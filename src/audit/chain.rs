//! The hash chain over a locality's records, and its verification. Each link's hash covers its number, the previous
//! hash, the instant of its chaining and the record; the record covers its text by a digest. PURE.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    canonical::{Digest, as_hex, digest_of_ordered, hex},
    record::{REDACTION, Record, Text, as_instant},
};

/// The hash before the first link.
pub const START: Digest = [0; 32];
/// Faults listed one by one; further ones are only counted.
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

/// A link with its record and text in the log.
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

/// The hashed content of a link. A test checks that its members, and those of the record, are in order.
#[derive(Serialize)]
pub struct Hashed<'a> {
    #[serde(serialize_with = "as_instant")]
    pub chained_at: DateTime<Utc>,
    #[serde(serialize_with = "as_hex")]
    pub previous: &'a [u8],
    pub record: &'a Record,
    pub seq: i64,
}

/// Kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The link or its record differs from its hash.
    Edited,
    /// Numbers are missing before this one.
    Deleted,
    /// The link is out of place.
    Reordered,
    /// The link does not follow the previous hash.
    Inserted,
    /// The chain ends before the kept head.
    Truncated,
    /// The link at the kept head's number has another hash.
    Rewritten,
    /// A record is neither in the chain nor in the queue: its link was removed, or the service did not write it.
    Unchained,
    /// The record of a link, or of a text, is missing.
    RecordMissing,
    /// The record's text is missing.
    TextMissing,
    /// The record's text differs, and no redaction explains it.
    TextEdited,
    /// The kept head belongs to another locality, or this service did not sign it.
    HeadForeign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub seq: Option<i64>,
    pub record: Option<Uuid>,
    pub kind: FaultKind,
}

/// Result of a chain's verification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Number of verified links.
    pub links: u64,
    /// Records with text replaced by a redaction that is itself in the chain.
    pub redacted: u64,
    /// Records not yet chained.
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
    /// As lines: the sum, then each fault.
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
            if *kind == FaultKind::HeadForeign {
                f.write_str(": the head is of another locality, or signed by a key that is not among these; restore the keys with the database")?;
            }
        }
        Ok(())
    }
}

/// Verifies a chain link by link, in order of their numbers; memory grows with redactions only.
#[derive(Default)]
pub struct Verifier {
    verdict: Verdict,
    /// Number and hash of a kept head.
    kept: Option<(i64, Vec<u8>)>,
    /// Texts that differ from their records, until a redaction explains them.
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
            // After a gap the link cannot follow: the gap is reported already.
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

    /// Records a redaction: the texts that it names, with their new digests.
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

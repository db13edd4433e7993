//! A record of the audit log: what was done, by whom, when, and what it changed. The texts are apart in a [`Text`]
//! under a salted digest: they may be replaced when a person's retention ends, and the record stays as it was. PURE.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::canonical::{Digest, as_hex, as_optional_hex, canonical_value, digest_around};

/// The action of a record that replaces words of others; each of its changes names a record, and the digest of that
/// record's text from and to.
pub const REDACTION: &str = "redact_audit_texts";

/// A changed member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pointer": "/values/CCHC-05~1tnmt/numerator", "from": 98, "to": 100}))]
pub struct Change {
    /// JSON Pointer (RFC 6901) into the subject; empty for the whole.
    pub pointer: String,
    /// Value before; null if absent.
    pub from: Value,
    /// Value after; null if removed.
    pub to: Value,
}

/// The text of a record. Its members are in the order of their names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Text {
    /// The username at the time.
    pub actor: String,
    pub changes: Value,
    pub reason: Option<String>,
    /// A random salt, so that texts cannot be recovered by trying digests.
    pub salt: String,
}

impl Text {
    pub fn digest(&self) -> serde_json::Result<Digest> {
        digest_around(&self.changes, self)
    }
}

/// The chained part of a record. Its members are in the order of their names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    pub account: Uuid,
    pub action: String,
    #[serde(serialize_with = "as_optional_hex")]
    pub after: Option<Vec<u8>>,
    #[serde(serialize_with = "as_instant")]
    pub at: DateTime<Utc>,
    #[serde(serialize_with = "as_optional_hex")]
    pub before: Option<Vec<u8>>,
    pub id: Uuid,
    pub locality: Uuid,
    pub names: Vec<Option<String>>,
    pub request: Option<Uuid>,
    pub roles: Vec<Option<String>>,
    pub subject: String,
    #[serde(serialize_with = "as_hex")]
    pub text: Vec<u8>,
}

/// As exactly as the database keeps it.
pub fn as_instant<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// The salted digest of an entity before or after.
pub fn salted(salt: &str, thing: &Value) -> serde_json::Result<Digest> {
    #[derive(Serialize)]
    struct Salted<'a> {
        salt: &'a str,
        thing: &'a Value,
    }
    digest_around(thing, &Salted { salt, thing })
}

/// The content of a record: the salted digests of the entity before and after, and the changes.
#[derive(Debug)]
pub struct RecordedText {
    pub salt: String,
    pub before: Option<Vec<u8>>,
    pub after: Option<Vec<u8>>,
    /// A list of [`Change`]s, or the rest of one that was sent in pieces.
    pub changes: String,
    /// Of the [`Text`].
    pub text: Digest,
}

/// Bytes of one piece of what changed, about.
const PIECE: usize = 4 * 1024 * 1024;

/// An entity of many parts, recorded part by part in the order of their names, so that it is never completely in
/// memory. Its digests are those of the whole.
#[derive(Debug)]
pub struct Parts {
    salt: String,
    before: Whole,
    after: Whole,
    text: Sha256,
    any: bool,
    /// The changes that are not sent yet.
    unsent: String,
}

/// The running digest of an entity while its parts are recorded.
#[derive(Debug)]
struct Whole {
    digest: Sha256,
    any: bool,
}

impl Parts {
    /// Members of a canonical object are in the order of their names; a salt is hexadecimal digits.
    pub fn new(salt: String, actor: &str) -> Self {
        let whole = || Whole { digest: sha256(&format!("{{\"salt\":\"{salt}\",\"thing\":{{")), any: false };
        let text = sha256(&format!("{{\"actor\":{},\"changes\":", Value::from(actor)));
        let mut parts = Self { before: whole(), after: whole(), text, any: false, unsent: String::new(), salt };
        parts.say("[");
        parts
    }

    /// Records a part, and returns a piece of the changes to send once enough has accumulated.
    pub fn tell(
        &mut self,
        name: &str,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> serde_json::Result<Option<String>> {
        self.before.add(name, before)?;
        self.after.add(name, after)?;
        let mut changes = Vec::new();
        let nothing = Value::Null;
        below(&mut String::new(), name, |at| {
            compare(at, before.unwrap_or(&nothing), after.unwrap_or(&nothing), &mut changes);
        });
        for Change { pointer, from, to } in &changes {
            let (from, to) = (canonical_value(from)?, canonical_value(to)?);
            let comma = if self.any { "," } else { "" };
            let pointer = Value::from(pointer.as_str());
            self.say(&format!("{comma}{{\"from\":{from},\"pointer\":{pointer},\"to\":{to}}}"));
            self.any = true;
        }
        Ok((self.unsent.len() >= PIECE).then(|| std::mem::take(&mut self.unsent)))
    }

    fn say(&mut self, words: &str) {
        self.text.update(words);
        self.unsent.push_str(words);
    }

    pub fn end(mut self, reason: Option<&str>) -> RecordedText {
        self.say("]");
        let Self { salt, before, after, text, unsent: changes, .. } = self;
        let text = text.chain_update(format!(",\"reason\":{},\"salt\":\"{salt}\"}}", Value::from(reason)));
        RecordedText {
            salt,
            before: Some(before.end()),
            after: Some(after.end()),
            changes,
            text: text.finalize().into(),
        }
    }
}

impl Whole {
    fn add(&mut self, name: &str, part: Option<&Value>) -> serde_json::Result<()> {
        if let Some(part) = part {
            let comma = if self.any { "," } else { "" };
            self.digest.update(format!("{comma}{}:{}", Value::from(name), canonical_value(part)?));
            self.any = true;
        }
        Ok(())
    }

    fn end(self) -> Vec<u8> {
        self.digest.chain_update("}}").finalize().to_vec()
    }
}

fn sha256(begun: &str) -> Sha256 {
    Sha256::new().chain_update(begun)
}

/// The changes of an entity, member by member. Lists of equal length are compared by position, others as wholes.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare(&mut String::new(), before, after, &mut found);
    found
}

fn compare(at: &mut String, from: &Value, to: &Value, found: &mut Vec<Change>) {
    match (from, to) {
        _ if from == to => {}
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let (from, to) = (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                below(at, name, |at| compare(at, from, to, found));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (place, (from, to)) in a.iter().zip(b).enumerate() {
                below(at, &place.to_string(), |at| compare(at, from, to, found));
            }
        }
        _ => found.push(Change { pointer: at.clone(), from: from.clone(), to: to.clone() }),
    }
}

fn below(at: &mut String, step: &str, work: impl FnOnce(&mut String)) {
    let length = at.len();
    at.push('/');
    at.push_str(&crate::finding::escape(step));
    work(at);
    at.truncate(length);
}

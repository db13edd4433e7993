//! The audit scope of a write: the caller, and the entity before and after the act. The audit record is built from it;
//! a write without a record is an error.

use std::{cell::RefCell, collections::BTreeSet, ops::Deref};

use actix_web::{HttpMessage, HttpRequest, web::Data};
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing_actix_web::RequestId;
use uuid::Uuid;

use crate::{
    db::{
        AccountId, Conn, LocalityId,
        audit_log::{self, Entry},
        to_text,
    },
    http::{Authority, Caller, Error, Operations, Reply, Result, body::SentBody, path_of},
    record::Parts,
};

/// The prefix of the subjects of records.
const BASE: &str = "/api/v1/";

/// The caller of a write. An act records the entity [before](WriteScope::before) and [after](WriteScope::after), as
/// stored.
pub struct WriteScope {
    caller: Caller,
    entry: RefCell<Entry>,
    /// Many entities, in place of one before and after.
    parts: RefCell<Option<Parts>>,
    trial: bool,
}

impl Deref for WriteScope {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl WriteScope {
    /// For a caller without a request.
    pub(super) fn without_request(caller: Caller, operation: &str) -> Result<Self> {
        let entry = Entry { action: operation.into(), at: caller.now, ..Entry::default() };
        let entry = RefCell::new(told_by(&caller, entry)?);
        Ok(Self { caller, entry, parts: RefCell::default(), trial: false })
    }

    pub(super) fn of(caller: Caller, request: &HttpRequest) -> Result<Self> {
        let entry = RefCell::new(entry(&caller, request)?);
        Ok(Self { caller, entry, parts: RefCell::default(), trial: false })
    }

    /// Records the entity before the write; not called for a creation.
    pub fn before(&self, thing: &impl Serialize) -> Result<()> {
        self.entry.borrow_mut().before = Some(serde_json::to_value(thing).map_err(Error::internal)?);
        Ok(())
    }

    /// The same for a dry run.
    pub(super) fn tried_out(self, trial: bool) -> Self {
        Self { trial, ..self }
    }

    /// Whether all of it is rolled back: what is answered then must prove nothing.
    pub fn is_trial(&self) -> bool {
        self.trial
    }

    /// Records the entity after the write; not called for a removal.
    pub fn after(&self, thing: &impl Serialize) -> Result<()> {
        self.entry.borrow_mut().after = Some(serde_json::to_value(thing).map_err(Error::internal)?);
        Ok(())
    }

    /// Declares that the write changes any number of entities, each recorded by [`WriteScope::part`].
    pub fn collect_parts(&self) {
        *self.parts.borrow_mut() = Some(audit_log::parts(&self.entry.borrow().actor));
    }

    /// Records one of many entities by its name, before and after, in the order of their names.
    pub async fn part(
        &self,
        conn: &mut Conn,
        name: &str,
        before: Option<&impl Serialize>,
        after: &impl Serialize,
    ) -> Result<()> {
        let before = before.map(serde_json::to_value).transpose().map_err(Error::internal)?;
        let after = serde_json::to_value(after).map_err(Error::internal)?;
        let begin = || audit_log::parts(&self.entry.borrow().actor);
        let piece = self.parts.borrow_mut().get_or_insert_with(begin).tell(name, before.as_ref(), Some(&after));
        match piece.map_err(Error::internal)? {
            Some(piece) => audit_log::send(conn, &piece).await,
            None => Ok(()),
        }
    }

    /// Sets the subject's path below `/api/v1`, if neither the request nor the reply has it.
    pub fn set_subject(&self, subject: String) {
        self.entry.borrow_mut().subject = subject;
    }

    /// Adds other subjects that it changes, by their paths below `/api/v1`.
    pub fn also_names(&self, paths: impl IntoIterator<Item = String>) {
        self.entry.borrow_mut().names.extend(paths);
    }

    /// Sets the reason, if the body has none.
    pub fn because(&self, reason: &str) {
        self.entry.borrow_mut().reason = Some(reason.to_owned());
    }

    /// Writes the record, in the transaction of the work.
    pub(super) async fn record(&self, conn: &mut Conn, reply: &Reply) -> Result<()> {
        let (mut entry, parts) = (self.entry.take(), self.parts.take());
        if entry.before.is_none() && entry.after.is_none() && parts.is_none() {
            return Err(Error::internal(format!("{} records nothing of what it changes", entry.action)));
        }
        let made = reply.location.as_deref().and_then(|location| location.strip_prefix(BASE));
        if let Some(made) = made.filter(|made| made.contains('/')) {
            entry.subject = made.to_owned();
        }
        match parts {
            Some(parts) => audit_log::insert_parts(conn, &entry, parts).await,
            None => audit_log::insert(conn, &entry).await,
        }
    }
}

/// Records that a caller reads restricted data: `names` are the shown subjects. If this fails, nothing is shown.
pub async fn record_reading(
    conn: &mut Conn,
    request: &HttpRequest,
    caller: &Caller,
    action: &str,
    names: Vec<String>,
) -> Result<()> {
    let mut entry = entry(caller, request)?;
    entry.action = action.into();
    entry.names.extend(names);
    audit_log::insert(conn, &entry).await
}

/// A subject who logs in and is not a caller yet.
pub struct SignInSubject<'a> {
    pub account: AccountId,
    pub username: &'a str,
    /// None for the city's.
    pub locality: Option<LocalityId>,
    /// Its path below `/api/v1`.
    pub subject: String,
}

/// Records a login and the issued tokens. If this fails, no token is issued.
pub async fn record_entrance(
    conn: &mut Conn,
    request: &HttpRequest,
    who: SignInSubject<'_>,
    at: DateTime<Utc>,
    given: Value,
) -> Result<()> {
    let entry = Entry {
        locality: who.locality.unwrap_or(LocalityId::nil()),
        account: who.account,
        actor: who.username.to_owned(),
        subject: who.subject,
        after: Some(given),
        ..asked(request, at)?
    };
    audit_log::insert(conn, &entry).await
}

fn entry(caller: &Caller, request: &HttpRequest) -> Result<Entry> {
    told_by(caller, asked(request, caller.now)?)
}

/// The entry, completed with the caller's facts.
fn told_by(caller: &Caller, entry: Entry) -> Result<Entry> {
    Ok(Entry {
        locality: caller.locality.as_ref().map_or(LocalityId::nil(), |locality| locality.id),
        account: caller.account.id,
        actor: caller.account.username.clone(),
        roles: roles(caller)?,
        names: lenders(caller),
        ..entry
    })
}

/// The facts of the request.
fn asked(request: &HttpRequest, at: DateTime<Utc>) -> Result<Entry> {
    let operations = request.app_data::<Data<Operations>>();
    let asked = operations.map(|known| known.asked(path_of(request), request.method())).transpose()?.flatten();
    let (pattern, operation) = asked.ok_or_else(|| Error::internal("what is recorded is an operation"))?;
    Ok(Entry {
        action: operation.id.clone(),
        subject: subject(pattern, request.path()),
        reason: reason(request),
        request: request_id(request),
        at,
        ..Entry::default()
    })
}

pub(super) fn request_id(request: &HttpRequest) -> Option<Uuid> {
    request.extensions().get::<RequestId>().map(|id| (*id).into())
}

/// The caller's roles and scopes that permit the operation.
fn roles(caller: &Caller) -> Result<Vec<String>> {
    let answered = caller.grants.iter().filter(|grant| caller.access.answers(grant.held));
    let words = answered.map(|grant| match grant.held {
        Authority::Role(role) => to_text(role),
        Authority::Scope(scope) => to_text(scope),
    });
    Ok(words.collect::<Result<BTreeSet<String>>>()?.into_iter().collect())
}

/// The delegators, if the roles are delegated.
fn lenders(caller: &Caller) -> Vec<String> {
    let answered = caller.grants.iter().filter(|grant| caller.access.answers(grant.held));
    let lenders: BTreeSet<AccountId> = answered.filter_map(|grant| grant.acting_for).collect();
    lenders.into_iter().map(|lender| format!("accounts/{lender}")).collect()
}

/// The path up to its last resource: `movements/m/periods/2025-09` of `…/periods/2025-09/close`.
fn subject(pattern: &str, path: &str) -> String {
    let last = pattern.split('/').enumerate().filter(|(_, part)| part.starts_with('{')).map(|(at, _)| at).last();
    let whole = path.split('/').count();
    let parts: Vec<&str> = path.split('/').take(last.map_or(whole, |last| last + 1)).collect();
    let path = parts.join("/");
    // A thing has one name in the log, however an address spells it.
    percent_decode_str(path.strip_prefix(BASE).unwrap_or(&path)).decode_utf8_lossy().into_owned()
}

/// The reason, if the body has one.
fn reason(request: &HttpRequest) -> Option<String> {
    #[derive(Deserialize)]
    struct Why {
        reason: Option<Value>,
        on_behalf_reason: Option<Value>,
        on_behalf: Option<Value>,
    }
    let extensions = request.extensions();
    let SentBody(body) = extensions.get()?;
    let why: Why = serde_json::from_slice(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)).ok()?;
    let given = [why.reason, why.on_behalf_reason, why.on_behalf.map(|given| given["reason"].clone())];
    given.into_iter().flatten().find_map(|given| given.as_str().map(str::to_owned))
}

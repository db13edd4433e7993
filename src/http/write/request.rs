//! A write: the caller and, with an `Idempotency-Key`, the promise that a repeated request has one effect. Key,
//! fingerprint, reply and audit record are stored in the transaction of the work; failures are not stored, and a
//! replayed reply is not a write. With `?dry_run=true` the same work runs, is answered, and is rolled back.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    idempotency_store::{self as answers, Claim, Key},
    scope::{WriteScope, request_id},
};
use crate::{
    db::{Conn, Db, LocalityId},
    http::{
        Caller, Error, Reply, Result,
        body::{BodyDigest, query},
    },
};

/// Longest key a client may send.
pub const KEY_MOST: usize = 255;

/// Whether a write is a dry run.
#[derive(Deserialize)]
struct Trial {
    #[serde(default)]
    dry_run: bool,
}

pub struct WriteRequest {
    pub caller: Caller,
    request: HttpRequest,
}

/// The work of one handler behind a pointer, so that the surrounding code compiles once, not for each handler. The
/// empty list expresses that the work outlives its connection (`'w: 'c`), which no bound can express here.
type Work<'w> =
    Box<dyn for<'c> FnOnce(&'c mut Conn, &'c WriteScope, [&'c &'w (); 0]) -> LocalBoxFuture<'c, Result<Reply>> + 'w>;

fn boxed<'w>(work: impl AsyncFnOnce(&mut Conn, &WriteScope) -> Result<Reply> + 'w) -> Work<'w> {
    Box::new(move |conn, writing, _| Box::pin(work(conn, writing)))
}

impl WriteRequest {
    /// Runs `work` in one transaction, once per key; a dry run is rolled back.
    pub async fn run(self, db: &Db, work: impl AsyncFnOnce(&mut Conn, &WriteScope) -> Result<Reply>) -> Result<Reply> {
        self.run_boxed(db, boxed(work)).await
    }

    async fn run_boxed(self, db: &Db, work: Work<'_>) -> Result<Reply> {
        let trial = query::<Trial>(&self.request)?.dry_run;
        let writing = WriteScope::of(self.caller.clone(), &self.request)?.tried_out(trial);
        let work = async |conn: &mut Conn| {
            let reply = work(conn, &writing, []).await?;
            writing.record(conn, &reply).await?;
            Ok(reply)
        };
        let key = self.key()?;
        if trial {
            return db.try_out(work).await;
        }
        let Some(key) = key else { return db.tx(work).await };
        let fingerprint = self.fingerprint();
        db.tx(async |conn| match answers::claim(conn, &key, &fingerprint).await? {
            Claim::New => {
                let reply = work(conn).await?;
                answers::keep(conn, &key, &fingerprint, &reply, writing.now).await?;
                Ok(reply)
            }
            // Secrets are shown once, and a replay would show them again.
            Claim::Withheld => work(conn).await,
            // Who may no longer ask is not answered from store either.
            Claim::Answered(reply) => writing.permit_anywhere().map(|()| reply),
            Claim::OtherRequest => Err(Error::of("idempotency_key_reused")),
            Claim::Running => Err(Error::of("idempotency_in_progress").with("retry_after", 1)),
        })
        .await
    }

    /// The id of the request.
    pub fn request_id(&self) -> Option<Uuid> {
        request_id(&self.request)
    }

    fn key(&self) -> Result<Option<Key>> {
        // What is done to a sign-in is never answered from store.
        let asked = self.request.headers().get("Idempotency-Key");
        let Some(header) = asked.filter(|_| !self.request.path().starts_with("/api/v1/auth/")) else { return Ok(None) };
        let text = header.to_str().ok().map(|text| text.trim().trim_matches('"')).unwrap_or_default();
        if text.is_empty() || text.len() > KEY_MOST {
            return Err(Error::of("idempotency_key_invalid"));
        }
        let locality = self.caller.locality.as_ref().map_or(LocalityId::nil(), |locality| locality.id);
        Ok(Some(Key { locality, account: self.caller.account.id, text: text.to_owned() }))
    }

    /// Method, path with query, and body.
    fn fingerprint(&self) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(self.request.method().as_str());
        digest.update([0]);
        digest.update(self.request.uri().to_string());
        digest.update([0]);
        if let Some(BodyDigest(body)) = self.request.extensions().get() {
            digest.update(body);
        }
        digest.finalize().to_vec()
    }
}

/// Runs `work` in one transaction for a caller without a request, with a record like any write.
pub async fn write_for(
    db: &Db,
    caller: Caller,
    operation: &str,
    work: impl AsyncFnOnce(&mut Conn, &WriteScope) -> Result<Reply>,
) -> Result<Reply> {
    let writing = WriteScope::without_request(caller, operation)?;
    db.tx(async |conn| {
        let reply = work(conn, &writing).await?;
        writing.record(conn, &reply).await?;
        Ok(reply)
    })
    .await
}

impl FromRequest for WriteRequest {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(req, payload).into_inner();
        ready(caller.map(|caller| Self { caller, request: req.clone() }))
    }
}

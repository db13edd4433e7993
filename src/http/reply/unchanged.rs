//! Reads that are answered 304, or from memory, while nothing has changed (RFC 9110, section 13.1.2).
//!
//! Every write of a locality has a record in its audit log: the number of records only grows, on whatever instance a write
//! is committed, and is the clock of what the locality shows. What a read of [`READS`] answers follows from it, the
//! generation, the day in Việt Nam, the last due instant that has passed, and who asks what. All of these are read at each
//! request, before anything is computed: no answer is older than the state that it is held for.

use std::ops::Range;

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    web::Bytes,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{answer::Reply, etag, unchanged_store};
use crate::{
    canonical::digest_of_ordered,
    db::{Conn, Holdable, Of, Recall},
    http::{Caller, Error, Result},
};

/// On what of the caller an answer depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The scope of the roles that permit it, and of those that see what is undecided: figures.
    Reach,
    /// The account and all its roles: what names the acts that are open to the caller.
    Account,
}

/// The operations that are answered so. None of them is recorded as a reading, and none shows anything that changes
/// without a record: sign-ins, jobs, the audit log itself.
pub const READS: [(&str, Asker); 16] = [
    ("list_progress", Asker::Reach),
    ("get_progress", Asker::Reach),
    ("get_trend", Asker::Reach),
    ("get_summary", Asker::Account),
    ("list_submissions", Asker::Account),
    ("get_completeness", Asker::Account),
    ("get_inbox", Asker::Account),
    ("list_movements", Asker::Account),
    ("list_periods", Asker::Account),
    ("list_indicators", Asker::Account),
    ("list_units", Asker::Account),
    ("get_unit_tree", Asker::Account),
    ("list_activities", Asker::Account),
    ("list_concerns", Asker::Account),
    ("list_initiatives", Asker::Account),
    ("list_rankings", Asker::Account),
];

/// Larger answers are computed each time.
const MOST: usize = 1024 * 1024;

/// A read, and the state in which it is asked.
pub struct ReadInState {
    question: Uuid,
    /// Not of the past, which is seldom asked for twice.
    of_now: bool,
    tag: String,
    recall: Recall,
    now: DateTime<Utc>,
}

impl ReadInState {
    /// Of a read of [`READS`]; none if the caller may not make it. While an instance whose clock is ahead has written what
    /// is not yet to be seen, the state is of this instant alone. From now on the caller recalls what the state has: what
    /// was committed since they were read is in the answer as it is in the tag.
    pub async fn find(
        conn: &mut Conn,
        caller: &mut Caller,
        asker: Asker,
        req: &ServiceRequest,
    ) -> Result<Option<Self>> {
        let Some(recall) = caller.recall.clone().filter(|_| caller.permit_anywhere().is_ok()) else { return Ok(None) };
        let state = unchanged_store::state(conn, recall.locality, caller.now).await?;
        let recall = recall.in_generation(state.generation);
        caller.recall = Some(recall.clone());
        let asker = match asker {
            Asker::Reach => format!("{:?} {:?}", caller.reach(), caller.undecided()),
            Asker::Account => format!("{} {:?}", caller.account.id, caller.grants),
        };
        let asked = (recall.locality, req.path(), req.query_string(), caller.locale.tag(), asker);
        let question = short_digest(&asked)?;
        let passing = state.ahead.then_some(caller.now);
        let tag = short_digest(&(question, state.generation, state.records, caller.today(), state.due, passing))?;
        let of_now = !form_urlencoded::parse(req.query_string().as_bytes()).any(|(name, _)| name == "as_of");
        // Weak: an answer also says its instant.
        Ok(Some(Self { question, of_now, tag: format!("W/\"{}\"", tag.as_simple()), recall, now: caller.now }))
    }

    /// 304 where the client names the state, or the answer that is in memory.
    pub fn answered(&self, req: &HttpRequest) -> Option<HttpResponse> {
        let named = req.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        // Whether there is what `*` asks for is not known before it is computed.
        if named.is_some_and(|list| list.trim() != "*" && etag::names(list, &self.tag)) {
            let unchanged = Reply { etag: Some(self.tag.clone()), ..Reply::done() };
            return Some(unchanged.respond_to(req));
        }
        let given = self.recall.look::<Given>(Of::Id(self.question)).filter(|given| given.tag == self.tag)?;
        Some(given.reply(self.now).respond_to(req))
    }

    /// The answer with the tag of the state. One of the present is held in memory.
    pub fn keep(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        if response.status() != StatusCode::OK {
            return response;
        }
        let (request, response) = response.into_parts();
        let link = response.headers().get(header::LINK).and_then(|link| link.to_str().ok()).map(str::to_owned);
        let (head, body) = response.into_parts();
        let body = match body.try_into_bytes() {
            Ok(body) => body,
            Err(body) => return ServiceResponse::new(request, head.set_body(body)),
        };
        let given = Given { instant: instant_in(&body, self.now), tag: self.tag, link, body };
        let response = given.reply(self.now).respond_to(&request);
        if self.of_now && given.body.len() <= MOST {
            self.recall.keep(Of::Id(self.question), given);
        }
        ServiceResponse::new(request, response)
    }
}

/// An answer that was given.
struct Given {
    tag: String,
    link: Option<String>,
    body: Bytes,
    /// Where it says the instant of the request.
    instant: Option<Range<usize>>,
}

impl Given {
    /// The same for a request of now.
    fn reply(&self, now: DateTime<Utc>) -> Reply {
        let body = match &self.instant {
            Some(place) => [&self.body[..place.start], text(now).as_bytes(), &self.body[place.end..]].concat().into(),
            None => self.body.clone(),
        };
        let (etag, link) = (Some(self.tag.clone()), self.link.clone());
        Reply { status: StatusCode::OK.as_u16(), body, etag, link, ..Reply::done() }
    }
}

impl Holdable for Given {
    fn weight(&self) -> usize {
        self.body.len() + self.tag.len()
    }
}

/// An instant as JSON has it, without quotes.
fn text(instant: DateTime<Utc>) -> String {
    serde_json::to_value(instant).ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Where an answer says that it is as of the instant.
fn instant_in(body: &[u8], instant: DateTime<Utc>) -> Option<Range<usize>> {
    const NAME: &str = "\"as_of\":\"";
    let said = format!("{NAME}{}\"", text(instant));
    let start = body.windows(said.len()).position(|window| window == said.as_bytes())?;
    Some(start + NAME.len()..start + said.len() - 1)
}

fn short_digest(thing: &impl Serialize) -> Result<Uuid> {
    let digest = digest_of_ordered(thing).map_err(Error::internal)?;
    Uuid::from_slice(&digest[..16]).map_err(Error::internal)
}

//! The guard: finds the requested operation, refuses unknown query parameters, and turns the bearer token into a caller
//! before any handler runs. A path outside the document passes on to the fallback.

use std::collections::BTreeSet;

use actix_web::{
    HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header::AUTHORIZATION},
    middleware::Next,
    web::Data,
};
use chrono::{DateTime, Utc};

use super::{
    caller_store::{TokenSubject, find_caller},
    external_store,
};
use crate::{
    app::App,
    auth::{Basis, ExternalIdentity, ExternalIssuer},
    clock::day,
    db::{AccountId, Conn, LocalityId, Recall},
    finding::Finding,
    http::{
        Access, Caller, Error, Locale, Operation, Operations, ReadInState, RequestAccount, Result, Stuck, limits,
        path_of,
    },
};

/// Operations that are permitted before a required password change.
const FIRST: [&str; 3] = ["get_me", "change_password", "log_out"];

pub async fn guard(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    if req.method() == Method::HEAD {
        // HEAD is GET without the body, which the connection knows to leave out (RFC 9110, section 9.3.2).
        req.head_mut().method = Method::GET;
    }
    let (key, read) = match admit(&req).await {
        Ok(Some((key, read))) => (Some(key), read),
        Ok(None) => (None, None),
        Err(error) => return Ok(req.error_response(error)),
    };
    if let Some(answer) = read.as_ref().and_then(|read| read.answered(req.request())) {
        return Ok(req.into_response(answer));
    }
    let stuck = req.app_data::<Data<Stuck>>().cloned();
    let response = next.call(req).await?.map_into_boxed_body();
    if let Some((stuck, key)) = stuck.zip(key) {
        stuck.note(key, response.response().error().and_then(|error| error.as_error()));
    }
    Ok(match read {
        Some(read) => read.keep(response),
        None => response,
    })
}

/// What a request waits for in vain is known by.
type StuckKey = (String, Option<LocalityId>);

/// The requested operation and its locality, if it has a caller; and the state in which it is asked, if it is a read whose
/// answer stays the same.
async fn admit(req: &ServiceRequest) -> Result<Option<(StuckKey, Option<ReadInState>)>> {
    limits::by_address(req)?;
    let operations = req.app_data::<Data<Operations>>().cloned();
    if let Some(operations) = operations
        && let Some((pattern, operation)) = operations.asked(path_of(req.request()), req.method())?
        && pattern.starts_with("/api/")
    {
        if let Some(feature) = operation.feature {
            req.extensions_mut().insert(feature);
        }
        let named = named_locality(req);
        if operation.access != Access::Public {
            let mut caller = authenticate(req, operation, named.as_deref()).await?;
            limits::by_account(req, caller.account.id)?;
            let key = (operation.id.clone(), caller.locality.as_ref().map(|locality| locality.id));
            check_query(req, operation)?;
            req.app_data::<Data<Stuck>>().map_or(Ok(()), |stuck| stuck.pass(&key))?;
            let read = read_in_state(req, operation, &mut caller).await?;
            req.extensions_mut().insert(caller);
            return Ok(Some((key, read)));
        }
        check_query(req, operation)?;
    }
    Ok(None)
}

async fn read_in_state(
    req: &ServiceRequest,
    operation: &Operation,
    caller: &mut Caller,
) -> Result<Option<ReadInState>> {
    let Some((asker, app)) = operation.asker.zip(req.app_data::<Data<App>>()) else { return Ok(None) };
    app.db.read(async |conn| ReadInState::find(conn, caller, asker, req).await).await
}

async fn authenticate(req: &ServiceRequest, operation: &Operation, named: Option<&str>) -> Result<Caller> {
    let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("the app is not registered"))?;
    let refused = || Error::of("unauthenticated");
    let mut given = req.headers().get_all(AUTHORIZATION);
    let header = given.next().and_then(|value| value.to_str().ok()).ok_or_else(refused)?;
    if given.next().is_some() {
        return Err(refused());
    }
    let (scheme, token) = header.split_once(' ').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let now = app.clock.now();
    let shown = match app.issuer.verify(&app.db, token.trim(), now).await {
        Some((id, ground)) => PresentedToken::Own(id, ground),
        None => match app.external.verify(token.trim(), now).await {
            Ok((by, who)) => PresentedToken::External(by, who),
            Err(cause) => {
                tracing::info!(cause, "a token is refused");
                return Err(refused());
            }
        },
    };
    // What is no code names nothing, and may hold what Postgres does not take.
    let code = named.filter(|code| code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let look = async |conn: &mut Conn| find(conn, &shown, code, now).await?.ok_or_else(refused);
    let found = match shown {
        PresentedToken::Own(..) => app.db.read(look).await?,
        // Somebody new gets an account.
        PresentedToken::External(..) => app.db.tx(look).await?,
    };
    req.extensions_mut().insert(RequestAccount(found.account.id));
    let locality = match (found.locality, found.named) {
        (locality, None) if named.is_none() => locality,
        (None, Some(named)) => Some(named),
        (Some(own), Some(named)) if own.id == named.id => Some(own),
        // Somebody else's locality and one that is not there look the same.
        _ => return Err(Error::missing("locality")),
    };
    if found.must_change_password && !FIRST.contains(&operation.id.as_str()) {
        return Err(Error::of("password_change_needed"));
    }
    let recall = locality.as_ref().map(|locality| Recall::of(&app.memory, locality.id, found.generation));
    let (access, locale) = (operation.access, Locale::of(req.headers()));
    Ok(Caller { account: found.account, locality, recall, grants: found.grants, access, locale, now })
}

/// The subject of a token: of the service itself, or of an external issuer.
enum PresentedToken<'a> {
    Own(AccountId, Basis),
    External(&'a ExternalIssuer, ExternalIdentity),
}

async fn find(
    conn: &mut Conn,
    shown: &PresentedToken<'_>,
    named: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<TokenSubject>> {
    let (issuer, who) = match shown {
        PresentedToken::Own(id, ground) => return find_caller(conn, *id, ground, named, day(now)).await,
        PresentedToken::External(issuer, who) => (issuer, who),
    };
    let id = match external_store::account(conn, issuer, who, now).await? {
        Ok(id) => id,
        Err(cause) => {
            tracing::info!(issuer = issuer.issuer, cause, "a token is refused");
            return Ok(None);
        }
    };
    let Some(mut found) = find_caller(conn, id, &Basis::External, named, day(now)).await? else { return Ok(None) };
    found.grants.extend(external_store::grants(conn, who, found.locality.as_ref().map(|locality| locality.id)).await?);
    Ok(Some(found))
}

fn named_locality(req: &ServiceRequest) -> Option<String> {
    form_urlencoded::parse(req.query_string().as_bytes())
        .find(|(name, _)| name == "locality")
        .map(|(_, code)| code.into_owned())
}

fn check_query(req: &ServiceRequest, operation: &Operation) -> Result<()> {
    let given = form_urlencoded::parse(req.query_string().as_bytes());
    let mut seen = BTreeSet::new();
    let wrong = given.filter_map(|(name, value)| {
        let pointer = format!("/{name}");
        if !seen.insert(name.clone()) {
            return Some(Finding::new(pointer, "duplicate_key").with("name", name));
        }
        if !operation.query.iter().any(|known| *known == name) {
            return Some(Finding::unknown(pointer, &name, operation.query.iter().map(String::as_str)));
        }
        value.contains(char::is_control).then(|| Finding::new(pointer, "forbidden_character"))
    });
    let wrong: Vec<Finding> = wrong.collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Error::of("query_invalid").because(wrong)),
    }
}

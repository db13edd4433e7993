//! Rate limits: a quota of requests a minute for each address and each account, refilled evenly. Every response shows
//! the remaining quota (draft-ietf-httpapi-ratelimit-headers); an empty quota answers 429 with `Retry-After`. The
//! counts are this instance's own: behind a proxy, n instances allow up to n quotas.

use std::{
    cell::RefCell,
    hash::{BuildHasher, Hash, RandomState},
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    rc::Rc,
};

use actix_web::{
    HttpMessage, HttpRequest,
    dev::ServiceRequest,
    http::header::{FORWARDED, HeaderName},
    web::Data,
};
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
};
use ipnet::IpNet;

use super::address::{Hop, forwarded, network, origin, x_forwarded_for};
use crate::{
    config::{Edge, ProxyHeader},
    http::{Error, Result},
};

/// Seconds until a quota is full again.
const WINDOW: u32 = 60;

/// The limits of this instance.
pub struct Limits {
    /// The trusted proxies, their header, and its format.
    trusted: Vec<IpNet>,
    header: (HeaderName, Hop),
    address: Option<Limit>,
    account: Option<Limit>,
}

/// One kind of quota. Keys hash into slots, so that memory stays bounded: two keys in one slot share its quota, and
/// collisions are unpredictable.
struct Limit {
    name: &'static str,
    most: NonZeroU32,
    slots: RandomState,
    limiter: DefaultKeyedRateLimiter<u16, StateInformationMiddleware>,
    clock: DefaultClock,
}

/// The limits' result for one request, for the response's headers.
#[derive(Clone, Default)]
pub struct Told(Rc<RefCell<Vec<Share>>>);

/// The remaining quota of one kind.
struct Share {
    name: &'static str,
    most: u32,
    left: u32,
    /// Time until it is full again, or until one request is available.
    seconds: u32,
}

impl Limits {
    pub fn of(edge: &Edge) -> Self {
        Self {
            trusted: edge.trusted_proxies.clone(),
            header: match edge.proxy_header {
                ProxyHeader::XForwardedFor => (HeaderName::from_static("x-forwarded-for"), x_forwarded_for),
                ProxyHeader::Forwarded => (FORWARDED, forwarded),
            },
            address: Limit::of("address", edge.address_rate),
            account: Limit::of("account", edge.account_rate),
        }
    }
}

impl Limit {
    /// No limit for a rate of 0.
    fn of(name: &'static str, rate: u32) -> Option<Self> {
        let most = NonZeroU32::new(rate)?;
        let limiter = DefaultKeyedRateLimiter::keyed(Quota::per_minute(most)).with_middleware();
        Some(Self { name, most, slots: RandomState::new(), limiter, clock: DefaultClock::default() })
    }

    /// Takes one request out of the key's quota; returns the remaining quota, or the wait if it is empty.
    fn take(&self, key: impl Hash) -> (Share, Option<u32>) {
        let most = self.most.get();
        let share = |left: u32, seconds| Share { name: self.name, most, left, seconds };
        // The slot is the hash's low half.
        match self.limiter.check_key(&(self.slots.hash_one(key) as u16)) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                let seconds = u64::from(most.saturating_sub(left)) * u64::from(WINDOW);
                (share(left, seconds.div_ceil(u64::from(most)) as u32), None)
            }
            Err(until) => {
                let wait = until.wait_time_from(self.clock.now()).as_secs_f64().ceil().max(1.0) as u32;
                (share(0, wait), Some(wait))
            }
        }
    }
}

/// Takes one request out of the address's quota (429), before authentication.
pub fn by_address(req: &ServiceRequest) -> Result<()> {
    // Supervisors ask these, and must not be turned away.
    if req.path().starts_with("/health/") || req.path() == "/metrics" {
        return Ok(());
    }
    let limits = req.app_data::<Data<Limits>>();
    charge(req, limits.and_then(|limits| limits.address.as_ref()), network(client_address(req.request())))
}

/// Takes one request out of the quota of the authenticated account (429), by its id.
pub fn by_account(req: &ServiceRequest, id: impl Hash) -> Result<()> {
    let limits = req.app_data::<Data<Limits>>();
    charge(req, limits.and_then(|limits| limits.account.as_ref()), id)
}

fn charge(req: &ServiceRequest, limit: Option<&Limit>, key: impl Hash) -> Result<()> {
    let Some(limit) = limit else { return Ok(()) };
    let (share, wait) = limit.take(key);
    if let Some(told) = req.extensions().get::<Told>() {
        told.0.borrow_mut().push(share);
    }
    wait.map_or(Ok(()), |seconds| Err(Error::of("rate_limited").with("retry_after", seconds)))
}

/// The address of a request: the peer's, or behind trusted proxies the one that they report.
pub fn client_address(req: &HttpRequest) -> IpAddr {
    // Only a request that a test made by hand has no peer.
    let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let Some(limits) = req.app_data::<Data<Limits>>() else { return peer };
    let (name, hop) = &limits.header;
    // A hop that is not text is unreadable, not absent.
    let lines: Vec<&str> = req.headers().get_all(name).map(|line| line.to_str().unwrap_or("unknown")).collect();
    origin(peer, &lines.join(","), *hop, &limits.trusted)
}

impl Told {
    /// `RateLimit-Policy` and `RateLimit`, if a limit applies.
    pub fn headers(&self) -> Option<(String, String)> {
        let shares = self.0.borrow();
        let list = |one: fn(&Share) -> String| shares.iter().map(one).collect::<Vec<_>>().join(", ");
        (!shares.is_empty()).then(|| {
            (
                list(|share| format!("\"{}\";q={};w={WINDOW}", share.name, share.most)),
                list(|share| format!("\"{}\";r={};t={}", share.name, share.left, share.seconds)),
            )
        })
    }
}

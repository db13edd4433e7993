//! How the service meets the world: limits, proxies, origins, headers, patience, and what its logs do not tell.

mod headers;
mod limits;
mod origins;
mod patience;
mod secrets;

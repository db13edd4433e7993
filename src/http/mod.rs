//! The kit: what all endpoints share. It knows no feature.

mod access;
mod body;
mod edge;
mod reply;
mod write;

pub use crate::bounded::{Bounded, Reason};
pub use crate::problem::{Entry, Error, Locale, Problem, ProblemItem, Result, entries, entry, fill, split};
pub use access::{
    ALL, Access, Account, Actor, Authority, Caller, Capacity, Grant, Locality, MATRIX, Operation, Operations, Reach,
    Role, Scope, access, fallback,
};
pub use body::{
    BodyDigest, BodyTime, Form, Json, NoBody, OptionalJson, Path, Query, Spool, Upload, clean, from_value, nullable,
    present, read, read_each,
};
pub use edge::{
    Deadline, Limits, Permit, Permits, Secure, address, answer, client_address, cors, deadline, limits, network,
};
pub use reply::{Cursor, IfMatch, ListQuery, Page, PageQuery, Reply, etag};
pub use write::{
    SignInSubject, WriteRequest, WriteScope, forget_answers, idempotency_store, record_entrance, record_reading,
    write_for,
};

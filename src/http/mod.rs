//! The kit: what all endpoints share. It knows no feature.

mod access;
mod body;
mod edge;
mod reply;
mod write;

pub use crate::bounded::{Because, Bounded, Reason};
pub use crate::problem::{
    Entry, Error, FindingView, Locale, Problem, ProblemItem, Result, Severity, entries, entry, fill, media_type,
    message, split,
};
pub use access::{
    ALL, Access, Account, Actor, Authority, Caller, Capacity, Feature, Grant, Locality, MATRIX, Operation, Operations,
    Reach, Role, Scope, UNDECIDED, access, fallback, forbidden, forbidden_here, path_of,
};
pub use body::{
    BodyDigest, BodyTime, Form, Json, NoBody, OptionalJson, Path, PutJson, Query, Shape, Spool, Unread, Upload, clean,
    differences, from_value, nullable, present, read, read_and_check, read_each,
};
pub use edge::{
    Connections, Deadline, Leaving, Limits, Permit, Permits, RequestAccount, RequestLine, Secure, Stuck, address,
    answer, client_address, cors, deadline, leaving, limits, network,
};
pub use reply::{
    Asker, Cursor, IF_NONE_MATCH, IfMatch, ListQuery, Page, PageQuery, READS, ReadInState, Reply, accepted, etag, file,
};
pub use write::{
    KEY_MOST, SignInSubject, WriteRequest, WriteScope, forget_answers, idempotency_store, record_entrance,
    record_reading, write_for,
};

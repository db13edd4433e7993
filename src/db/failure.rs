//! Errors of Postgres as errors of the service: constraints by name, waits that are worth a retry.

use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use super::constraint;
use crate::problem::Error;

/// Maps violations of named constraints to client errors.
pub trait OnConstraint<T> {
    fn on_constraint(self, name: &str, error: impl FnOnce() -> Error) -> Result<T, Error>;
    fn on_constraints(self, names: &[&str], error: impl FnOnce() -> Error) -> Result<T, Error>;
}

impl<T> OnConstraint<T> for QueryResult<T> {
    fn on_constraint(self, name: &str, error: impl FnOnce() -> Error) -> Result<T, Error> {
        self.on_constraints(&[name], error)
    }

    fn on_constraints(self, names: &[&str], error: impl FnOnce() -> Error) -> Result<T, Error> {
        self.map_err(|cause| match &cause {
            DieselError::DatabaseError(_, info)
                if constraint::name(info.constraint_name(), info.message()).is_some_and(|n| names.contains(&n)) =>
            {
                error()
            }
            _ => cause.into(),
        })
    }
}

impl From<DieselError> for Error {
    fn from(cause: DieselError) -> Self {
        match &cause {
            DieselError::BrokenTransactionManager
            | DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ReadOnlyTransaction,
                _,
            ) => Error::busy(cause),
            DieselError::DatabaseError(_, info) => match info.message() {
                message if message.contains("due to lock timeout") => Error::Busy(LockedOut.into()),
                message if is_full(message) => Error::StorageFull(anyhow::anyhow!("{}", without_values(message))),
                message if says(message, &PASSING) => Error::busy(cause),
                message => Error::internal(without_values(message)),
            },
            _ => Error::internal(cause),
        }
    }
}

/// A lock was waited for too long.
#[derive(Debug, thiserror::Error)]
#[error("canceling statement due to lock timeout")]
pub struct LockedOut;

impl LockedOut {
    /// Whether this is why a request failed.
    pub fn is_why(error: &Error) -> bool {
        matches!(error, Error::Busy(cause) if cause.is::<Self>())
    }
}

/// A message of Postgres without its quoted values, which must not reach a log: names of tables and columns are quoted
/// too, but not after a colon.
fn without_values(message: &str) -> &str {
    message.split_once(": \"").map_or(message, |(what, _)| what)
}

/// Whether a server with this `lc_messages` writes messages that the service knows.
pub fn is_english(lc_messages: &str) -> bool {
    let language = lc_messages.split(['.', '@']).next().unwrap_or_default();
    matches!(language, "C" | "POSIX") || language.starts_with("en_")
}

// Diesel drops the SQLSTATE and has no kind for these, so that the text identifies them.

/// The disk is full (53100).
const FULL: [&str; 5] = [
    "No space left on device",
    "Disk quota exceeded",
    "wrote only",
    "temp_file_limit",
    // Of a new connection.
    "could not write init file",
];

/// Whether a message of Postgres says that its disk is full.
pub fn is_full(message: &str) -> bool {
    says(message, &FULL)
}

/// A cancelled wait, a server that stops, starts or has used up another resource (53xxx), and a connection that breaks.
const PASSING: [&str; 17] = [
    "canceling statement due to",
    "terminating connection",
    "the database system is",
    "deadlock detected",
    "connection closed",
    "error communicating with the server",
    "unexpected message from server",
    "timeout waiting for server",
    "error connecting to server",
    "error performing TLS handshake",
    "too many clients",
    "too many connections",
    "remaining connection slots",
    "out of memory",
    "out of shared memory",
    "Too many open files",
    "connection to the remote node",
];

fn says(message: &str, words: &[&str]) -> bool {
    words.iter().any(|words| message.contains(words))
}

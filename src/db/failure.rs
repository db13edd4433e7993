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
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::SerializationFailure,
                _,
            ) => Error::busy(cause),
            DieselError::DatabaseError(_, info) if is_passing(info.message()) => Error::busy(cause),
            DieselError::DatabaseError(_, info) => Error::internal(without_values(info.message())),
            _ => Error::internal(cause),
        }
    }
}

/// A message of Postgres without its quoted values, which must not reach a log: names of tables and columns are quoted
/// too, but not after a colon.
fn without_values(message: &str) -> &str {
    message.split_once(": \"").map_or(message, |(what, _)| what)
}

/// Whether a server with this `lc_messages` writes messages that [`is_passing`] recognises.
pub fn is_english(lc_messages: &str) -> bool {
    let language = lc_messages.split(['.', '@']).next().unwrap_or_default();
    matches!(language, "C" | "POSIX") || language.starts_with("en_")
}

/// Diesel drops the SQLSTATE and has no kind for these, so that the text identifies them: a cancelled wait, or a server
/// that stops or starts.
fn is_passing(message: &str) -> bool {
    const PASSING: [&str; 7] = [
        "canceling statement due to",
        "terminating connection",
        "the database system is",
        "deadlock detected",
        "connection closed",
        "too many clients",
        "connection to the remote node",
    ];
    PASSING.iter().any(|words| message.contains(words))
}

//! Access control: the matrix of operations, roles and scopes, and the caller of a request.

mod caller;
mod matrix;
mod operations;
mod refusal;

pub use caller::{Account, Actor, Caller, Capacity, Grant, Locality, Reach};
pub use matrix::{ALL, Access, Authority, MATRIX, Role, Scope, UNDECIDED, access};
pub use operations::{Feature, Operation, Operations, fallback, path_of};
pub use refusal::{forbidden, forbidden_here};

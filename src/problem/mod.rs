//! Errors as clients see them: one enum with a stable code, and one catalogue of texts in two languages.

mod catalogue;
mod error;
mod finding_view;
mod locale;
mod preference;

pub use catalogue::{Entry, entries, entry, fill, split};
pub use error::{Error, Problem, ProblemItem, Result};
pub use finding_view::{FindingView, Severity, message};
pub use locale::Locale;
pub use preference::media_type;

//! History: the acts on reports, which never change, and what was known at any instant.

mod as_of_store;
mod changed_store;
mod counted_store;
mod last_store;
mod replay;
mod sources_store;
mod store;

pub use as_of_store::{list_as_of, submission_as_of};
pub use changed_store::{ChangedReport, changed_reports};
pub use counted_store::{CountedReport, ReportQuery, Wanted, counted_reports};
pub use last_store::last_values;
pub use replay::{Event, Snapshot};
pub use sources_store::{Explanation, SourceReport, explanations, source_reports};
pub use store::{insert, list, list_many, of, submitters};

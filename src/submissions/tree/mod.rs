//! Changes of the organisation tree and of the plan, held to what units have handed in.

mod orphans;
mod rule;
mod store;

pub use orphans::{ReportedIndicator, affected, orphaned_reports};
pub use rule::{plan_rule, tree_rule};

//! Progress: approved values added up exactly and held against their targets.
//!
//! A caller gathers the slots of one indicator (owing unit × leaf, with what its report answered), and [`aggregate`]
//! counts them ([`tally`]) and judges the sums ([`judge`]) into a [`Figure`]; [`attainment`] is what a ranking makes
//! of one, [`sources`] says which answers are in it, [`change`] what it became, [`outlook`] how it may end. These are
//! pure: the instant, the tree and the plan come in as arguments, and nothing rounds but [`shown`]. `frame` has the span's
//! leaves and plans, `gather`, `behind` and `compare` fetch, `api` answers. `totals` are kept of all reports, and `city`
//! answers from them.

mod aggregate;
mod answer;
mod api;
mod attainment;
mod behind;
mod city;
mod compare;
mod comparison;
mod display;
mod figure;
mod found;
mod frame;
mod gather;
mod matrix;
mod outlook;
mod recognised;
mod shortfall;
mod slots;
mod sources;
mod sources_api;
mod standing;
mod tally;
mod targets;
mod totals;
mod trend_api;
mod undecided;
mod units;
mod verdict;
mod who;

use utoipa_actix_web::service_config::ServiceConfig;

pub use behind::{ProgressExplanation, explained};
pub use compare::compare;
pub use found::{Found, ProgressQuery, ProgressScope, find};
pub use gather::{Ask, Gathered, gather};

pub use aggregate::{Question, aggregate, judge};
pub use answer::{Given, Leaf, Report, Slot};
pub use attainment::{Attainment, attainment, attainment_of_second};
pub use city::ranks;
pub use comparison::{
    Change, Compared, Comparison, NotCompared, Tendency, change, difference_shown, differing, differs,
};
pub use display::shown;
pub use figure::{Coverage, Covers, FieldStanding, Figure, LevelCount, Missing, Stale, Standing, exact};
pub use frame::{AskedSpan, Frame};
pub use outlook::{Likely, Outlook, OutlookReason, OutlookRule, outlook};
pub use shortfall::{excess_of_count, excess_of_ratio, in_units, missing_of_count, missing_of_ratio};
pub use slots::{Scope, Stated, slots};
pub use sources::{Source, SourceState, sources};
pub use tally::{Counts, Place, Sum, Tally, tally};
pub use targets::{Aim, Held, Targets, Wanted};
pub use totals::{
    CheckTotals, FoldTotals, Part, Wrong, check_totals, mend_totals, parts, tally_of_parts, wrong_totals,
};
pub use verdict::{Verdict, is_over};

pub use crate::movements::target::{Bound, Goal};

/// `…/progress/trend` comes before `…/progress/{indicator}`, which would match it.
pub fn routes(config: &mut ServiceConfig) {
    let config = config.configure(trend_api::routes).configure(api::routes);
    config.configure(sources_api::routes).configure(city::routes);
}

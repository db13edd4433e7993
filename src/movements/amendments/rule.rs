//! What an amendment may break beyond the plan itself, by the rules of the features that count on plans.

use std::pin::Pin;

use chrono::{DateTime, Utc};

use crate::{
    db::Conn,
    finding::Finding,
    http::Result,
    movements::movement::{Movement, Period},
    units::History,
};

/// A launched movement before an amendment and after it, each with its periods, and the tree of both.
pub struct PlanChange<'a> {
    /// When it is issued.
    pub at: DateTime<Utc>,
    pub history: &'a History,
    pub before: (&'a Movement, &'a [Period]),
    pub after: (&'a Movement, &'a [Period]),
}

/// The rules of all features that count on plans. The server lists them, for those features lie above.
pub struct PlanRules(pub &'static [PlanRule]);

/// What an amendment breaks: what was broken before is no finding. A rule may publish whom the change concerns: nothing is
/// told of an amendment that is refused.
pub type PlanRule =
    for<'a> fn(&'a mut Conn, &'a PlanChange<'a>) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + 'a>>;

//! What an amendment may break beyond the plan itself, by the rules of the features that count on plans.

use std::pin::Pin;

use crate::{
    db::Conn,
    finding::Finding,
    http::Result,
    movements::movement::{Movement, Period},
    units::History,
};

/// A launched movement before an amendment and after it, each with its periods, and the tree of both.
pub struct PlanChange<'a> {
    pub history: &'a History,
    pub before: (&'a Movement, &'a [Period]),
    pub after: (&'a Movement, &'a [Period]),
}

/// The rules of all features that count on plans. The server lists them, for those features lie above.
pub struct PlanRules(pub &'static [PlanRule]);

/// What an amendment breaks: what was broken before is no finding.
pub type PlanRule =
    for<'a> fn(&'a mut Conn, &'a PlanChange<'a>) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + 'a>>;

//! An eligible candidate before it has a place. PURE.

use super::entry::Step;
use crate::rankings::{inputs::Candidate, score::Score};

/// An eligible candidate on its way into the order.
pub(super) struct Contender<'a> {
    pub candidate: &'a Candidate,
    pub score: Score,
    pub compared: Vec<Step>,
}

/// A rounded comparison without digits uses the 2 displayed decimals.
pub(super) fn digits(stated: Option<u32>) -> u32 {
    stated.unwrap_or(2)
}

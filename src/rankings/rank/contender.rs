//! An eligible candidate before it has a place. PURE.

use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

use super::entry::{ClassFigures, Step};
use crate::{
    exact::BigRational,
    movements::plan::CriterionKind,
    rankings::{conditions::ConditionFigures, inputs::Candidate, score::Score},
};

/// An eligible candidate on its way into the order.
pub(super) struct Contender<'a> {
    pub candidate: &'a Candidate,
    pub score: Score,
    /// As it is compared.
    pub total: BigRational,
    pub compared: Vec<Step>,
    pub class: Option<String>,
    /// The conditions of the classes that its total reaches, down to its own.
    pub classes: Vec<ClassFigures>,
    pub eligible: Option<ConditionFigures>,
}

/// A rounded comparison without digits uses the 2 displayed decimals.
pub(super) fn digits(stated: Option<u32>) -> u32 {
    stated.unwrap_or(2)
}

/// The kind of criteria that a step `kind:…` names.
pub(super) fn kind(name: &str) -> Option<CriterionKind> {
    CriterionKind::deserialize(StrDeserializer::<Error>::new(name)).ok()
}

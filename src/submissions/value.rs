//! One figure of a submission: an indicator (by field where it has fields) answered in one of four states that are
//! never mixed. The same shape is the request, the stored draft and the answer. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    exact::Decimal,
    quantity::{self, Quantity},
    whole,
};

/// How an indicator was answered.
///
/// - `reported`: Numbers were given.
/// - `none_arose`: Không phát sinh: nothing of the kind happened.
/// - `not_applicable`: Không áp dụng: the indicator does not concern the unit.
/// - `absent`: Chưa báo cáo, said openly, with an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueState {
    Reported,
    NoneArose,
    NotApplicable,
    Absent,
}

/// One figure of a submission. Which members a reported value needs follows from the indicator's kind:
/// ratio `numerator`, `denominator`; count `count`; level `level`; index `value`; rank `rank`, `population`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    pub indicator: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub state: ValueState,
    #[serde(default, deserialize_with = "quantity::handed_in", skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Quantity>,
    #[serde(default, deserialize_with = "quantity::handed_in", skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Quantity>,
    #[serde(default, deserialize_with = "quantity::handed_in", skip_serializing_if = "Option::is_none")]
    pub count: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    #[serde(default, deserialize_with = "whole::handed_in", skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 9007199254740991_i64)]
    pub rank: Option<i64>,
    #[serde(default, deserialize_with = "whole::handed_in", skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 9007199254740991_i64)]
    pub population: Option<i64>,
    /// Ước thực hiện: to be replaced by the official figure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Uuid>,
}

impl Value {
    /// An answer in a state, without anything else.
    pub fn stated(indicator: &str, state: ValueState) -> Self {
        Self {
            indicator: indicator.to_owned(),
            field: None,
            state,
            numerator: None,
            denominator: None,
            count: None,
            level: None,
            value: None,
            rank: None,
            population: None,
            estimated: false,
            explanation: None,
            evidence: Vec::new(),
        }
    }
}

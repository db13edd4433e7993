//! Bodies and views of localities.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{days, http::Bounded};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum LocalityKind {
    Xa,
    Phuong,
    DacKhu,
}

/// A new commune, ward or special zone.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLocality {
    /// Administrative code, 5 digits as text.
    #[validate(custom(function = five_digits))]
    #[schema(pattern = "^[0-9]{5}$", example = "10210")]
    pub code: String,
    #[validate(nested)]
    pub name: Bounded<200>,
    pub kind: LocalityKind,
    /// First day of the code's validity for this locality.
    #[serde(deserialize_with = "days::day")]
    #[schema(example = "2025-07-01")]
    pub valid_from: NaiveDate,
}

pub fn is_code(code: &str) -> bool {
    code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit())
}

fn five_digits(code: &str) -> Result<(), ValidationError> {
    is_code(code).then_some(()).ok_or_else(|| ValidationError::new("locality_code_malformed"))
}

/// A commune, ward or special zone.
#[derive(Serialize, ToSchema)]
pub struct LocalityView {
    #[schema(example = "10210")]
    pub code: String,
    #[schema(example = "Xã Hồng Vân")]
    pub name: String,
    #[schema(value_type = LocalityKind)]
    pub kind: String,
    #[schema(example = "2025-07-01")]
    pub valid_from: NaiveDate,
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
}

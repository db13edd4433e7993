//! Bodies and views of localities.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{days, finding::Finding, http::Bounded};

/// What launches movements: an administrative unit, or an agency, a school and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum LocalityKind {
    Xa,
    Phuong,
    DacKhu,
    Tinh,
    ThanhPho,
    So,
    CoQuan,
    Truong,
    Khac,
}

impl LocalityKind {
    /// How many digits the code of an administrative unit has (Quyết định 19/2025/QĐ-TTg).
    fn digits(self) -> Option<usize> {
        match self {
            Self::Xa | Self::Phuong | Self::DacKhu => Some(5),
            Self::Tinh | Self::ThanhPho => Some(2),
            Self::So | Self::CoQuan | Self::Truong | Self::Khac => None,
        }
    }
}

/// A new locality: a commune, ward or special zone, a province, an agency, a school.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLocality {
    /// Administrative code as text: 5 digits, of a province 2. Of others 2 to 63 lower-case letters, digits and hyphens, at
    /// least one of them a letter.
    #[schema(
        pattern = "^([0-9]{5}|[0-9]{2}|[0-9-]*[a-z][a-z0-9-]*)$",
        min_length = 2,
        max_length = 63,
        example = "10210"
    )]
    pub code: String,
    #[validate(nested)]
    pub name: Bounded<200>,
    pub kind: LocalityKind,
    /// First day of the code's validity for this locality.
    #[serde(deserialize_with = "days::day")]
    pub valid_from: NaiveDate,
}

impl NewLocality {
    /// What is wrong with the code, which has the form of its kind.
    pub fn misfit(&self) -> Option<Finding> {
        let code = self.code.as_bytes();
        let Some(digits) = self.kind.digits() else {
            let named = code.iter().any(u8::is_ascii_lowercase) && (2..=63).contains(&code.len());
            let plain = code.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-');
            return (!named || !plain).then(|| Finding::new("/code", "locality_code_no_name"));
        };
        let fits = code.len() == digits && code.iter().all(u8::is_ascii_digit);
        (!fits).then(|| Finding::new("/code", "locality_code_malformed").with("digits", digits))
    }
}

/// A locality.
#[derive(Serialize, ToSchema)]
pub struct LocalityView {
    #[schema(example = "10210")]
    pub code: String,
    #[schema(example = "Xã Hồng Vân")]
    pub name: String,
    #[schema(value_type = LocalityKind)]
    pub kind: String,
    pub valid_from: NaiveDate,
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
}

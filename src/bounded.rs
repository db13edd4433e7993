//! Texts that a body may hold: their length is written once, for the document and for the check. Reading one refuses
//! nothing, because a body is judged after 404, 403, 412 and 409, and then as a whole. PURE.

use std::{borrow::Cow, ops::Deref};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};
use validator::{Validate, ValidationError, ValidationErrors};

use crate::{finding::Finding, text::is_visible};

/// A text of 1 to `MOST` characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bounded<const MOST: usize>(String);

/// Why something is done.
pub type Reason = Bounded<2000>;

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Because {
    pub reason: Reason,
}

impl<const MOST: usize> Bounded<MOST> {
    /// What is wrong with its length, spaces around it not counted, or that nothing of it shows.
    pub fn check(&self, pointer: &str) -> Option<Finding> {
        Finding::length(pointer, &self.0, 1, MOST)
    }
}

/// For bodies whose members are checked by `validator`: `#[validate(nested)]`. The errors have no name of their own, so
/// that they point to the member that holds the text.
impl<const MOST: usize> Validate for Bounded<MOST> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        if !(1..=MOST).contains(&self.0.chars().count()) {
            let mut error = ValidationError::new("length_out_of_range");
            error.add_param("min".into(), &1);
            error.add_param("max".into(), &MOST);
            errors.add("", error);
        }
        // An empty text is the length's to refuse.
        if !self.0.is_empty() && !self.0.chars().any(is_visible) {
            errors.add("", ValidationError::new("text_blank"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl<const MOST: usize> Deref for Bounded<MOST> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> From<String> for Bounded<MOST> {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl<const MOST: usize> From<Bounded<MOST>> for String {
    fn from(text: Bounded<MOST>) -> Self {
        text.0
    }
}

impl<const MOST: usize> PartialSchema for Bounded<MOST> {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MOST));
        let about = format!("1 to {MOST} characters");
        text.description(Some(about)).examples(["Theo văn bản của Ủy ban nhân dân xã"]).into()
    }
}

impl<const MOST: usize> ToSchema for Bounded<MOST> {
    fn name() -> Cow<'static, str> {
        format!("TextUpTo{MOST}Characters").into()
    }
}

//! What is published of an award, and nothing else: name, position, unit, achievement. PURE.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most characters of an achievement that are published.
const ACHIEVEMENT_MOST: usize = 2_000;

/// The published fields of whoever is given an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AwardRecipient)]
pub struct Recipient {
    #[schema(example = "Nguyễn Văn An")]
    pub name: String,
    /// Of a person, where recorded.
    #[schema(required, example = "Công chức Tư pháp - Hộ tịch")]
    pub position: Option<String>,
    /// The unit of a person, or the one that a household lives in.
    #[schema(required, example = "Văn phòng HĐND và UBND")]
    pub unit: Option<String>,
    /// Without what identifies anybody beside their name: numbers of telephones and papers, addresses, days of birth.
    pub achievement: String,
}

/// A published field, as a correction names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AwardRecipientMember)]
pub enum Member {
    Name,
    Position,
    Unit,
    Achievement,
}

impl Recipient {
    /// The same with one field corrected.
    pub fn corrected(mut self, member: Member, text: &str) -> Self {
        match member {
            Member::Name => self.name = text.to_owned(),
            Member::Position => self.position = Some(text.to_owned()),
            Member::Unit => self.unit = Some(text.to_owned()),
            Member::Achievement => self.achievement = published(text),
        }
        self
    }
}

/// What a text may say in public: telephone and identity numbers, e-mail addresses and days of birth are left out of it.
pub fn published(text: &str) -> String {
    let without = |text: String, (pattern, kept): &(Regex, &str)| pattern.replace_all(&text, *kept).into_owned();
    PRIVATE.iter().fold(text.trim().to_owned(), without).chars().take(ACHIEVEMENT_MOST).collect()
}

/// Patterns, and what stands in their place. Numbers of identity papers have 9 or 12 digits, telephone numbers 10 or 11 from 0
/// or +84; amounts of money are grouped.
static PRIVATE: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let patterns = [
        (r"(?i)\bsinh\s*(ngày|năm)?\s*:?\s*\d{1,4}([/.\-]\d{1,4}){0,2}(\s*tháng\s*\d{1,2})?(\s*năm\s*\d{4})?", "…"),
        (r"(^|[^\d.,])(\+84|0)([ .\-]?\d){8,10}\b", "${1}…"),
        (r"\b\d{12}\b|\b\d{9}\b", "…"),
        (r"[\w.+\-]+@[\w\-]+(\.[\w\-]+)+", "…"),
    ];
    patterns.into_iter().filter_map(|(pattern, kept)| Some((Regex::new(pattern).ok()?, kept))).collect()
});

//! What is heard about a proposal: agencies that are asked, the posting, objections with their answers. PURE.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    db::{AccountId, NominationId, ObjectionId},
    finding::Finding,
};

const NAME_MOST: usize = 300;
const DOCUMENT_MOST: usize = 2_000;
/// Most working days of a posting.
pub const DAYS_MOST: u32 = 60;

/// What an agency answered.
///
/// - `no_answer_by`: None came by the day on which it was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsultationAnswer)]
pub enum Answer {
    NoObjection,
    Objection,
    NoAnswerBy,
}

/// An agency that is asked, as last recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consultation {
    pub agency: String,
    pub version: i32,
    #[serde(flatten)]
    pub said: Consulted,
}

/// What is recorded of an agency that is asked about a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewConsultation)]
pub struct Consulted {
    #[schema(min_length = 1, max_length = 300, example = "Công an xã")]
    pub name: String,
    #[serde(deserialize_with = "crate::days::day")]
    pub asked_on: NaiveDate,
    /// Left out until it answers, or until the day by which it should have.
    #[serde(default)]
    pub answer: Option<Answer>,
    /// The day of the answer; of `no_answer_by` the day by which it was due.
    #[serde(default, deserialize_with = "crate::days::optional_day")]
    pub answered_on: Option<NaiveDate>,
    /// Number and day of the letter.
    #[serde(default)]
    #[schema(max_length = 2000, example = "Công văn số 45/CAX ngày 18/12/2025")]
    pub document: Option<String>,
    /// What is done about an objection; without it nothing is decided.
    #[serde(default)]
    #[schema(max_length = 2000, example = "Đã xác minh: vụ việc không liên quan đến tập thể được đề nghị")]
    pub response: Option<String>,
}

impl Consulted {
    pub fn check(&self, today: NaiveDate) -> Vec<Finding> {
        let mut findings = Vec::from_iter(Finding::length("/name", &self.name, 1, NAME_MOST));
        for (at, text) in [("/document", &self.document), ("/response", &self.response)] {
            findings.extend(text.as_ref().and_then(|text| Finding::length(at, text, 1, DOCUMENT_MOST)));
        }
        findings.extend((self.asked_on > today).then(|| Finding::new("/asked_on", "day_future")));
        let needed = [
            (self.answer.is_some() && self.answered_on.is_none(), "answered_on_missing"),
            (self.answer.is_none() && self.answered_on.is_some(), "answered_on_needless"),
            (self.answered_on.is_some_and(|day| day < self.asked_on), "answered_before_asked"),
            (self.answered_on.is_some_and(|day| day > today), "day_future"),
        ];
        findings
            .extend(needed.into_iter().filter(|(wrong, _)| *wrong).map(|(_, code)| Finding::new("/answered_on", code)));
        let foreign = self.response.is_some() && self.answer != Some(Answer::Objection);
        findings.extend(foreign.then(|| Finding::new("/response", "response_needless")));
        findings
    }
}

/// The posting (đăng công khai lấy ý kiến); of 0 working days there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Posting {
    pub working_days: u32,
    pub posted_on: NaiveDate,
    /// The last day for objections.
    pub ends_on: NaiveDate,
}

impl Posting {
    pub fn is_over(&self, today: NaiveDate) -> bool {
        self.working_days == 0 || today > self.ends_on
    }
}

/// An objection to a proposal, or to one of its candidates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Objection {
    pub id: ObjectionId,
    pub nomination: Option<NominationId>,
    pub text: String,
    pub raised_by: AccountId,
    pub at: DateTime<Utc>,
    pub answer: Option<Answered>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    pub text: String,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hearing {
    pub consultations: Vec<Consultation>,
    pub posting: Option<Posting>,
    pub objections: Vec<Objection>,
}

//! The lifecycle of an activity and the checks of its content. PURE.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{finding::Finding, movements::plan::Span};

/// Maximum number of documents of one activity.
const EVIDENCE_MOST: usize = 50;

/// The document says int32.
const PARTICIPANTS_MOST: u32 = i32::MAX as u32;

/// State of an activity.
///
/// - `withdrawn`: The activity did not take place or was recorded twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ActivityState)]
pub enum State {
    Recorded,
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 2] = [Self::Recorded, Self::Withdrawn];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ActivityAction)]
pub enum Action {
    Record,
    Correct,
    Withdraw,
}

impl Action {
    pub const ALL: [Self; 3] = [Self::Record, Self::Correct, Self::Withdraw];
}

/// Kind of an activity. The plan defines no kinds; these are the ones that its sections II.3.4 and IV mention.
///
/// - `article`: Bài viết, tin trên báo, Cổng thông tin điện tử.
/// - `broadcast`: Phát thanh trên hệ thống truyền thanh.
/// - `meeting`: Hội nghị, cuộc họp, sinh hoạt.
/// - `training`: Tập huấn, bồi dưỡng.
/// - `contest`: Cuộc thi, đợt tìm hiểu.
/// - `poster`: Pa-nô, áp phích, tờ rơi.
/// - `social_media`: Mạng xã hội, tin nhắn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ActivityKind)]
pub enum Kind {
    Article,
    Broadcast,
    Meeting,
    Training,
    Contest,
    Poster,
    SocialMedia,
    Other,
}

/// Content of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub kind: Kind,
    pub title: String,
    pub held_on: NaiveDate,
    pub place: Option<String>,
    /// Number of participants or people reached.
    pub participants: Option<u32>,
    pub description: Option<String>,
    /// Evidence of the unit's reports.
    pub evidence: Vec<Uuid>,
}

/// The state after a transition; none where the current state forbids it.
pub fn next(state: State, action: Action) -> Option<State> {
    match (action, state) {
        (Action::Correct, State::Recorded) => Some(State::Recorded),
        (Action::Withdraw, State::Recorded) => Some(State::Withdrawn),
        _ => None,
    }
}

/// All findings of a content; `known` are the documents that it may name.
pub fn check(content: &Content, span: &Span, today: NaiveDate, known: &BTreeSet<Uuid>) -> Vec<Finding> {
    let mut findings = Vec::from_iter(Finding::length("/title", &content.title, 1, 300));
    let texts = [("/place", &content.place, 300), ("/description", &content.description, 10_000)];
    for (pointer, text, most) in texts {
        findings.extend(text.iter().filter_map(|text| Finding::length(pointer, text, 1, most)));
    }
    if content.held_on > today {
        findings.push(Finding::new("/held_on", "day_future"));
    } else if content.held_on < span.from || content.held_on > span.to {
        findings.push(Finding::new("/held_on", "day_outside_span").with("from", span.from).with("to", span.to));
    }
    if content.participants.is_some_and(|participants| participants > PARTICIPANTS_MOST) {
        findings
            .push(Finding::new("/participants", "number_out_of_range").with("min", 0).with("max", PARTICIPANTS_MOST));
    }
    if content.evidence.len() > EVIDENCE_MOST {
        findings.push(Finding::new("/evidence", "evidence_too_many").with("most", EVIDENCE_MOST));
    }
    let mut seen = BTreeSet::new();
    for (i, id) in content.evidence.iter().enumerate() {
        if !known.contains(id) || !seen.insert(id) {
            findings.push(Finding::new(format!("/evidence/{i}"), "activity_evidence_unknown"));
        }
    }
    findings
}

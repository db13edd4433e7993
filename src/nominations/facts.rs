//! Facts about a candidate: claimed in the dossier until it is verified, then what the agency confirmed. An absent fact is
//! not «no»: nobody knows it. PURE.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    days,
    exact::{Fraction, ratio},
    finding::Finding,
    http::nullable,
    movements::plan::{CandidateKind, Span},
};

const SOURCE_MOST: usize = 2_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NominationFacts)]
pub struct Facts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub women: Option<Women>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achievement_from: Option<AchievementFrom>,
}

/// How many of the candidate's members are women (NĐ 152/2025/NĐ-CP, Điều 4(6)); a person is one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Women {
    #[schema(example = 7)]
    pub women: u32,
    #[schema(minimum = 1, example = 10)]
    pub members: u32,
    /// The day on which they were counted.
    #[serde(deserialize_with = "days::day")]
    pub on: NaiveDate,
}

/// Discipline ended: achievements count from this day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AchievementFrom {
    #[serde(deserialize_with = "days::day")]
    pub day: NaiveDate,
    /// Source: the document that ended the discipline, or says when it ends.
    #[schema(min_length = 1, max_length = 2000, example = "Quyết định số 12/QĐ-UBND ngày 03/3/2025")]
    pub source: String,
}

/// What the agency confirms: a fact that is left out as it was claimed, null for what it cannot confirm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmedFacts {
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Women>)]
    pub women: Option<Option<Women>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<AchievementFrom>)]
    pub achievement_from: Option<Option<AchievementFrom>>,
}

impl Women {
    /// The exact share: of a person 1 or 0.
    pub fn share(&self) -> Fraction {
        Fraction(ratio(self.women, self.members))
    }
}

impl Facts {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The facts after the agency's confirmation.
    pub fn confirmed(self, by_agency: ConfirmedFacts) -> Self {
        Self {
            women: by_agency.women.unwrap_or(self.women),
            achievement_from: by_agency.achievement_from.unwrap_or(self.achievement_from),
        }
    }

    /// Whether part of the window is lost to discipline: achievements of its first days do not count.
    pub fn cut(&self, window: &Span) -> bool {
        self.achievement_from.as_ref().is_some_and(|from| from.day > window.from)
    }

    /// Everything wrong with them.
    pub fn check(&self, candidates: CandidateKind, today: NaiveDate) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(Women { women, members, on }) = &self.women {
            if candidates == CandidateKind::Person && *members != 1 {
                findings.push(Finding::new("/facts/women/members", "women_of_person"));
            } else if *members == 0 || women > members {
                let finding = Finding::new("/facts/women/women", "women_out_of_range").with("women", women);
                findings.push(finding.with("members", members));
            }
            if *on > today {
                findings.push(Finding::new("/facts/women/on", "day_future"));
            }
        }
        if let Some(from) = &self.achievement_from {
            findings.extend(Finding::length("/facts/achievement_from/source", &from.source, 1, SOURCE_MOST));
        }
        findings
    }
}

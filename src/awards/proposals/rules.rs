//! The three lists of a proposal, where they differ, and who may be given an award now. PURE.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    db::AccountId,
    finding::{Finding, escape},
    movements::plan::{BeyondQuota, Plan},
    nominations::{Nomination, State, window},
    rankings::Standing,
};

const REASON_MOST: usize = 2_000;

/// Whether one of these persons did something, or somebody for them. `persons` are a caller and all who have delegated a role
/// to them, `by` and `acting_for` who did it and for whom: nobody decides what they or those they act for have proposed.
pub fn is_by(persons: &[AccountId], by: AccountId, acting_for: &[AccountId]) -> bool {
    persons.iter().any(|person| *person == by || acting_for.contains(person))
}

/// Where the selection differs from the machine's list or from the council's.
///
/// - `above_ranking`: Selected, though the ranking has them behind the quota or beyond the limit of their unit.
/// - `passed_over`: Not selected, though within the quota, or before somebody of their group who is selected.
/// - `tied`: Tied at the line, where people choose.
/// - `not_passed`: Selected, though the council did not pass them.
/// - `passed_not_selected`: Passed by the council, and not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProposalDifference)]
pub enum Difference {
    AboveRanking,
    PassedOver,
    Tied,
    NotPassed,
    PassedNotSelected,
}

impl Difference {
    /// In Vietnamese and in English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::AboveRanking => ("được chọn dù xếp hạng ngoài số lượng", "selected, though ranked beyond the quota"),
            Self::PassedOver => {
                ("không được chọn dù xếp hạng cao hơn", "passed over, though ranked within the quota or higher")
            }
            Self::Tied => ("đồng hạng ở ranh giới số lượng", "tied at the line of the quota"),
            Self::NotPassed => ("được chọn dù hội đồng không thông qua", "selected, though not passed by the council"),
            Self::PassedNotSelected => {
                ("không được chọn dù hội đồng đã thông qua", "not selected, though passed by the council")
            }
        }
    }
}

/// Somebody who was ranked, in the three lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub code: String,
    pub name: String,
    pub group: String,
    /// Within its block.
    pub rank: u32,
    /// None: people split the quota among the groups.
    pub standing: Option<Standing>,
    /// Whether the council passed them; none where it did not vote on them.
    pub passed: Option<bool>,
    pub selected: bool,
    /// Has the award by an earlier decision, and so is in no list any more.
    pub awarded: bool,
}

/// Everybody who was ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    pub candidates: Vec<Listed>,
    /// Whether the plan has a council for the award.
    pub council: bool,
}

impl Lists {
    /// Where the lists differ on one candidate.
    pub fn differences(&self, one: &Listed) -> Vec<Difference> {
        if one.awarded {
            return Vec::new();
        }
        let ranking = match (one.standing, one.selected) {
            (Some(Standing::TiedAtCutoff), _) => Some(Difference::Tied),
            (Some(Standing::BelowQuota | Standing::OverUnitLimit), true) => Some(Difference::AboveRanking),
            (Some(Standing::WithinQuota), false) => Some(Difference::PassedOver),
            (Some(_), _) => None,
            (None, _) => self.by_people(one),
        };
        let council = match (one.passed, one.selected) {
            _ if !self.council => None,
            (Some(false) | None, true) => Some(Difference::NotPassed),
            (Some(true), false) => Some(Difference::PassedNotSelected),
            _ => None,
        };
        ranking.into_iter().chain(council).collect()
    }

    /// Where people split the quota among the groups, each group keeps its order.
    fn by_people(&self, one: &Listed) -> Option<Difference> {
        let others = || self.candidates.iter().filter(|other| !other.awarded && other.group == one.group);
        let tied = || others().any(|other| other.rank == one.rank && other.selected != one.selected);
        match one.selected {
            false if others().any(|other| other.selected && other.rank > one.rank) => Some(Difference::PassedOver),
            _ => tied().then_some(Difference::Tied),
        }
    }

    /// How many are selected, those who have the award already among them.
    pub fn count(&self) -> usize {
        self.candidates.iter().filter(|one| one.selected || one.awarded).count()
    }
}

/// How many an award should be given to: its quota, or all who may have it where they are fewer.
pub fn needed(lists: &Lists, quota: u32) -> usize {
    let may = lists.candidates.iter().filter(|one| one.awarded || one.standing != Some(Standing::OverUnitLimit));
    may.count().min(quota as usize)
}

/// What lacks a reason, and what a reason is given for that nobody asks about.
pub fn check_reasons(
    lists: &Lists,
    reasons: &BTreeMap<String, String>,
    (quota, beyond, quota_reason): (u32, BeyondQuota, Option<&str>),
) -> Vec<Finding> {
    let mut findings = check_texts(lists, reasons);
    for one in &lists.candidates {
        let differences = lists.differences(one);
        if differences.is_empty() || reasons.contains_key(&one.code) {
            continue;
        }
        let words = |pick: fn((&'static str, &'static str)) -> &'static str| {
            differences.iter().map(|one| pick(one.words())).collect::<Vec<_>>().join(", ")
        };
        let finding = Finding::new(format!("/reasons/{}", escape(&one.code)), "difference_unexplained");
        let finding = finding.with("candidate", &one.code).with("name", &one.name);
        findings.push(finding.with("difference_vi", words(|both| both.0)).with("difference_en", words(|both| both.1)));
    }
    let (count, needed) = (lists.count(), needed(lists, quota));
    let figures = |finding: Finding| finding.with("count", count).with("quota", quota);
    if count > quota as usize && beyond == BeyondQuota::Never {
        findings.push(figures(Finding::new("/selected", "quota_exceeded")));
    } else if count != needed && quota_reason.is_none() {
        findings.push(figures(Finding::new("/quota_reason", "quota_unexplained")));
    }
    findings.extend(quota_reason.and_then(|text| Finding::length("/quota_reason", text, 1, REASON_MOST)));
    findings
}

/// Reasons for somebody who was not ranked, and texts of a wrong length.
pub fn check_texts(lists: &Lists, reasons: &BTreeMap<String, String>) -> Vec<Finding> {
    let check = |(code, text): (&String, &String)| {
        let at = format!("/reasons/{}", escape(code));
        match lists.candidates.iter().any(|one| one.code == *code) {
            true => Finding::length(at, text, 1, REASON_MOST),
            false => Some(Finding::new(at, "candidate_not_ranked").with("candidate", code)),
        }
    };
    reasons.iter().filter_map(check).collect()
}

/// Codes that are to be chosen among those who were ranked: each once, and nobody who has the award.
pub fn check_chosen(member: &str, lists: &Lists, chosen: &[String]) -> Vec<Finding> {
    let check = |(i, code): (usize, &String)| {
        let finding = |of| Finding::new(format!("/{member}/{i}"), of).with("candidate", code);
        match lists.candidates.iter().find(|one| one.code == *code) {
            None => Some(finding("candidate_not_ranked")),
            Some(_) if chosen[..i].contains(code) => Some(finding("candidate_chosen_twice")),
            Some(one) => one.awarded.then(|| finding("candidate_awarded")),
        }
    };
    chosen.iter().enumerate().filter_map(check).collect()
}

/// More are accepted than a plan lets it that has no reason for more.
pub fn check_beyond(lists: &Lists, accepted: &[String], (quota, beyond): (u32, BeyondQuota)) -> Option<Finding> {
    let count = accepted.len() + lists.candidates.iter().filter(|one| one.awarded).count();
    let finding = || Finding::new("/accepted", "quota_exceeded").with("count", count).with("quota", quota);
    (beyond == BeyondQuota::Never && count > quota as usize).then(finding)
}

/// Whether the day for proposing has passed, and the reason given for it.
pub fn check_late(late: bool, reason: Option<&str>) -> Option<Finding> {
    match (late, reason) {
        (true, None) => Some(Finding::new("/late_reason", "late_reason_missing")),
        (false, Some(_)) => Some(Finding::new("/late_reason", "late_reason_needless")),
        (true, Some(text)) => Finding::length("/late_reason", text, 1, REASON_MOST),
        (false, None) => None,
    }
}

/// What forbids an award to a candidate now.
///
/// - `held`: Discipline, inspection, a complaint or a matter of corruption raised by the press is pending.
/// - `disciplined`: Discipline lasts to the end of the days that are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CandidateBar)]
pub enum Bar {
    NotVerified,
    Held,
    Disciplined,
}

impl Bar {
    pub fn code(self) -> &'static str {
        match self {
            Self::NotVerified => "candidate_not_verified",
            Self::Held => "candidate_held",
            Self::Disciplined => "candidate_disciplined",
        }
    }
}

/// The bar of a candidate as the dossier stands.
pub fn bar(nomination: &Nomination, plan: &Plan, today: NaiveDate) -> Option<Bar> {
    let judged_to = window(plan, &nomination.group).to.min(today);
    if nomination.state != State::Verified {
        Some(Bar::NotVerified)
    } else if nomination.hold.is_some() {
        Some(Bar::Held)
    } else {
        let from = nomination.facts.achievement_from.as_ref();
        from.is_some_and(|from| from.day > judged_to).then_some(Bar::Disciplined)
    }
}

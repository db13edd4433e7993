//! What may be done with a decision when, where it differs from its proposal, and what the registry's numbers say. PURE.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::finding::{Finding, escape};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DecisionState)]
pub enum State {
    Decided,
    Registered,
    Published,
}

/// Who signs: the chair, or a deputy for the chair (KT.), to whom the chair has delegated the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SignedAs)]
pub enum SignedAs {
    Chair,
    Deputy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AwardActKind)]
pub enum ActKind {
    Revocation,
    Correction,
}

/// Something that is done with a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Register,
    TakeFile,
    Certify,
    Publish,
    Revoke,
    Correct,
    Replace,
}

impl Act {
    pub const ALL: [Self; 7] =
        [Self::Register, Self::TakeFile, Self::Certify, Self::Publish, Self::Revoke, Self::Correct, Self::Replace];
}

/// What is there of a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    pub registered: bool,
    pub has_file: bool,
    /// Everybody who is awarded has a certificate.
    pub certified: bool,
    pub published: bool,
}

impl Facts {
    pub fn state(self) -> State {
        match self {
            Self { published: true, .. } => State::Published,
            Self { registered: true, .. } => State::Registered,
            _ => State::Decided,
        }
    }
}

/// Whether what is there lets an act happen; else the code of what is in its way. No step can be skipped or taken twice.
pub fn permits(facts: Facts, act: Act) -> Result<(), &'static str> {
    match act {
        Act::Register if facts.registered => Err("decision_registered"),
        Act::Register => Ok(()),
        _ if !facts.registered => Err("decision_not_registered"),
        // A paper that was not there at the publication may still come.
        Act::TakeFile if facts.published && facts.has_file => Err("decision_published"),
        Act::Certify if facts.certified => Err("certificates_issued"),
        Act::Publish if facts.published => Err("decision_published"),
        Act::Publish | Act::Correct | Act::Replace if !facts.certified => Err("certificates_missing"),
        _ => Ok(()),
    }
}

/// Whoever holds the chair's role by delegation signs for the chair, and nobody else does.
pub fn check_signed_as(signed_as: SignedAs, delegated: bool) -> Option<Finding> {
    let code = match (signed_as, delegated) {
        (SignedAs::Chair, true) => "signed_for_chair",
        (SignedAs::Deputy, false) => "signed_by_chair",
        _ => return None,
    };
    Some(Finding::new("/signed_as", code))
}

/// Who is accepted of those who were proposed, and whoever is accepted beside, lacks a reason.
pub fn check_accepted(selected: &[String], accepted: &[String], reasons: &BTreeMap<String, String>) -> Vec<Finding> {
    let unexplained = |code: &String, words: (&str, &str)| {
        let finding = || Finding::new(format!("/reasons/{}", escape(code)), "decision_unexplained");
        let finding =
            || finding().with("candidate", code).with("difference_vi", words.0).with("difference_en", words.1);
        (!reasons.contains_key(code)).then(finding)
    };
    let left_out = selected.iter().filter(|code| !accepted.contains(code));
    let beside = accepted.iter().filter(|code| !selected.contains(code));
    let left_out =
        left_out.filter_map(|code| unexplained(code, ("được trình mà không được chọn", "proposed, and not accepted")));
    let beside =
        beside.filter_map(|code| unexplained(code, ("được chọn mà không được trình", "accepted, and not proposed")));
    left_out.chain(beside).collect()
}

/// A candidate in a decision, with the ordinal of who is accepted (số sổ vàng).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub code: String,
    pub ordinal: Option<u32>,
}

/// Everybody of a decision: the accepted in their order, from 1 without gaps, then those of the proposal who are not.
pub fn ordered(selected: &[String], accepted: &[String]) -> Vec<Accepted> {
    let numbered = accepted.iter().zip(1..).map(|(code, ordinal)| (code, Some(ordinal)));
    let left_out = selected.iter().filter(|code| !accepted.contains(code)).map(|code| (code, None));
    numbered.chain(left_out).map(|(code, ordinal)| Accepted { code: code.clone(), ordinal }).collect()
}

/// A number of the registry with its date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Numbered {
    pub issuer: String,
    pub paper_type: String,
    pub number: u32,
    pub date: NaiveDate,
}

impl Numbered {
    pub fn year(&self) -> i32 {
        self.date.year()
    }

    /// Number and signs of the paper: below 10 with a 0 (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    pub fn symbol(&self) -> String {
        symbol(self.number, &self.paper_type, &self.issuer)
    }
}

pub fn symbol(number: u32, paper_type: &str, issuer: &str) -> String {
    format!("{number:02}/{paper_type}-{issuer}")
}

/// What to look at twice, refused by nobody: a date before the decision, and numbers of one registry that stand in another
/// order than their dates. It numbers other papers too, so that gaps say nothing.
pub fn check_order(new: &Numbered, decided_on: NaiveDate, others: &[Numbered]) -> Vec<Finding> {
    let early =
        (new.date < decided_on).then(|| Finding::warning("/date", "dated_before_decision").with("day", decided_on));
    let same = others
        .iter()
        .filter(|other| (&other.issuer, &other.paper_type, other.year()) == (&new.issuer, &new.paper_type, new.year()));
    let crossed = same.filter(|other| {
        other.number < new.number && other.date > new.date || other.number > new.number && other.date < new.date
    });
    let crossed = crossed.map(|other| {
        Finding::warning("/number", "number_out_of_order").with("symbol", other.symbol()).with("day", other.date)
    });
    early.into_iter().chain(crossed).collect()
}

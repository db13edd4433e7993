//! Quorum, votes and what they come to, exact at the edge. PURE.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    db::AccountId,
    finding::Finding,
    movements::plan::{Council, CouncilBase, Share},
};

/// How a member takes part in a session.
///
/// - `written`: Absent, with a vote in writing; only where the plan accepts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    Present,
    Written,
    Absent,
}

/// One member's vote on one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SessionVote)]
pub enum Vote {
    For,
    Against,
    Invalid,
}

/// The count minutes (biên bản kiểm phiếu) of one candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SessionCount)]
pub struct Count {
    /// Ballots given out, of those who are present and of those who vote in writing.
    #[schema(minimum = 0, example = 7)]
    pub issued: u32,
    #[schema(minimum = 0, example = 7)]
    pub returned: u32,
    #[schema(minimum = 0, example = 7)]
    pub valid: u32,
    #[schema(minimum = 0, example = 0)]
    pub invalid: u32,
    #[serde(rename = "for")]
    #[schema(minimum = 0, example = 6)]
    pub in_favour: u32,
    #[schema(minimum = 0, example = 1)]
    pub against: u32,
}

/// Every member of the council, and how they take part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roll(pub BTreeMap<AccountId, Attendance>);

impl Roll {
    pub fn members(&self) -> u32 {
        self.0.len() as u32
    }

    pub fn present(&self) -> u32 {
        self.0.values().filter(|one| **one == Attendance::Present).count() as u32
    }

    /// Who may vote on a candidate: who takes part, in the room or in writing, and is not recused.
    pub fn voters(&self, recused: &BTreeSet<AccountId>) -> BTreeSet<AccountId> {
        let taking_part = self.0.iter().filter(|(_, attendance)| **attendance != Attendance::Absent);
        taking_part.map(|(member, _)| *member).filter(|member| !recused.contains(member)).collect()
    }

    /// Of how many members a share must vote for a candidate: of all, or of those who take part. Recused members are in
    /// neither.
    pub fn base(&self, of: CouncilBase, recused: &BTreeSet<AccountId>) -> u32 {
        match of {
            CouncilBase::All => self.0.keys().filter(|member| !recused.contains(member)).count() as u32,
            CouncilBase::Present => self.voters(recused).len() as u32,
        }
    }
}

/// Whether enough members are in the room. Who votes in writing is not, and who is recused on a candidate is.
pub fn has_quorum(rules: &Council, roll: &Roll) -> bool {
    reached(&rules.quorum, roll.present(), roll.members())
}

/// Whether the votes for a candidate are enough of `base` members.
pub fn passes(rules: &Council, count: &Count, base: u32) -> bool {
    reached(&rules.pass, count.in_favour, base)
}

/// Lint refuses a share that cannot be read; none is reached.
fn reached(share: &str, count: u32, all: u32) -> bool {
    share.parse::<Share>().is_ok_and(|share| share.reached(count, all))
}

/// The count of open votes: a voter who is not among them returned no ballot.
pub fn counted(votes: &BTreeMap<AccountId, Vote>, voters: usize) -> Count {
    let of = |vote| votes.values().filter(|one| **one == vote).count() as u32;
    let (in_favour, against, invalid) = (of(Vote::For), of(Vote::Against), of(Vote::Invalid));
    let (valid, returned) = (in_favour + against, votes.len() as u32);
    Count { issued: voters as u32, returned, valid, invalid, in_favour, against }
}

/// A session is held on a day between the launch of its movement and today.
pub fn check_day(held_on: NaiveDate, launched_on: Option<NaiveDate>, today: NaiveDate) -> Option<Finding> {
    let code = match held_on {
        day if day > today => "day_future",
        day if launched_on.is_some_and(|launched| day < launched) => "session_before_launch",
        _ => return None,
    };
    Some(Finding::new("/held_on", code))
}

/// Somebody is not on the roll of the session held on a day.
pub fn member_unknown(at: String, name: &str, held_on: NaiveDate) -> Finding {
    Finding::new(at, "member_unknown").with("member", name).with("day", held_on)
}

/// A count that does not add up.
pub fn check_count(count: &Count, voters: usize) -> Vec<Finding> {
    let Count { issued, returned, valid, invalid, in_favour, against } = *count;
    let finding = |member: &'static str, code: &'static str, given: u32| {
        let finding = Finding::new(format!("/count/{member}"), code).with("given", given);
        finding.with("member", member).with("member_vi", in_vietnamese(member))
    };
    let most = |member: &'static str, given: u32, most: usize| {
        (given as usize > most).then(|| finding(member, "count_too_many", given).with("most", most))
    };
    let sum = |member: &'static str, given: u32, sum: u64, [a, b]: [&'static str; 2]| {
        let parts_vi = format!("{} cộng {}", in_vietnamese(a), in_vietnamese(b));
        let finding = || finding(member, "count_differs", given).with("sum", sum).with("parts", format!("{a} + {b}"));
        (u64::from(given) != sum).then(|| finding().with("parts_vi", parts_vi))
    };
    let found = [
        most("issued", issued, voters),
        most("returned", returned, issued as usize),
        sum("returned", returned, u64::from(valid) + u64::from(invalid), ["valid", "invalid"]),
        sum("valid", valid, u64::from(in_favour) + u64::from(against), ["for", "against"]),
    ];
    found.into_iter().flatten().collect()
}

/// A member of the count minutes, with its name in JSON.
fn in_vietnamese(member: &str) -> String {
    let word = match member {
        "issued" => "số phiếu phát ra",
        "returned" => "số phiếu thu về",
        "valid" => "số phiếu hợp lệ",
        "invalid" => "số phiếu không hợp lệ",
        "for" => "số phiếu tán thành",
        _ => "số phiếu không tán thành",
    };
    format!("{word} ({member})")
}

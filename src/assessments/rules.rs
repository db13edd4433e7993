//! Which answers a criterion accepts, of the agency and of members of the council. PURE.

use num_traits::Zero;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    exact::{BigRational, Decimal},
    finding::Finding,
    movements::plan::{Criterion, CriterionKind, Stage},
    nominations::{check_points, is_claimable},
};

const COMMENT_MOST: usize = 4_000;
const REASON_MOST: usize = 2_000;

/// One answer on one criterion: points, or whether a gate is passed or a check so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAssessment)]
pub struct Score {
    /// From 0 to the criterion's maximum; absent for a gate or a check.
    #[serde(default)]
    pub points: Option<Decimal>,
    /// For a gate or a check only.
    #[serde(default)]
    pub passed: Option<bool>,
    /// In place of points, where the plan lets the criterion be dropped (`may_drop`): it does not apply to the candidate.
    #[serde(default)]
    pub not_applicable: bool,
    /// Required where the points differ from the claimed ones, where a gate is failed, and where the criterion does not
    /// apply.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = "Mô hình chưa áp dụng ở đơn vị khác")]
    pub comment: Option<String>,
    /// A remark for those who judge; the candidate's unit never reads it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000)]
    pub internal_comment: Option<String>,
    /// Why a member of the council votes again; needed once others' ballots are in. Both stand. A first ballot has none.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
}

/// Whether people score the criterion; the service computes the others.
pub fn is_assessed(criterion: &Criterion) -> bool {
    is_answered(criterion) || is_claimable(criterion)
}

/// Whether the answer is yes or no; a gate with a condition the service answers.
fn is_answered(criterion: &Criterion) -> bool {
    criterion.kind == CriterionKind::Check || criterion.kind == CriterionKind::Gate && criterion.when.is_none()
}

/// All findings of an answer; `claimed` is the candidate's own score.
pub fn check(criterion: &Criterion, claimed: Option<Decimal>, score: &Score) -> Vec<Finding> {
    if !is_assessed(criterion) {
        return vec![Finding::new("", "criterion_not_scored").with("criterion", &criterion.code)];
    }
    let answered = is_answered(criterion);
    let dropped = score.not_applicable && criterion.may_drop;
    let members = [
        ("points", score.points.is_some(), !answered && !dropped),
        ("passed", score.passed.is_some(), answered),
        ("not_applicable", score.not_applicable, dropped),
        ("reason", score.reason.is_some(), false),
    ];
    let mut findings = wanted(criterion, &members);
    findings.extend(texts(criterion, score));
    if score.comment.is_none() && needs_comment(criterion, claimed, score) {
        findings.push(Finding::new("/comment", "comment_missing").with("criterion", &criterion.code));
    }
    findings
}

/// Whether a member votes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    First,
    /// They voted before, and no other ballot of this round is in.
    Changed,
    /// They voted before, and their ballot was final.
    Final,
}

/// All findings of a member's ballot. It needs no comment where it differs from the claimed points: the agency's reasons
/// stand beside it.
pub fn check_ballot(criterion: &Criterion, score: &Score, again: Again) -> Vec<Finding> {
    if !is_of_council(criterion) {
        return vec![Finding::new("", "criterion_not_of_council").with("criterion", &criterion.code)];
    }
    let members = [
        ("points", score.points.is_some(), true),
        ("passed", score.passed.is_some(), false),
        ("not_applicable", score.not_applicable, false),
    ];
    let mut findings = wanted(criterion, &members);
    findings.extend(texts(criterion, score));
    findings.extend(match &score.reason {
        Some(_) if again == Again::First => Some(Finding::new("/reason", "ballot_reason_foreign")),
        Some(reason) => Finding::length("/reason", reason, 1, REASON_MOST),
        None => (again == Again::Final).then(|| Finding::new("/reason", "ballot_reason_missing")),
    });
    findings
}

/// Whether the council's points are those that count.
pub fn is_of_council(criterion: &Criterion) -> bool {
    criterion.kind == CriterionKind::Assessed && criterion.from == Some(Stage::Council)
}

/// Members that are given and should not be, or the other way round.
fn wanted(criterion: &Criterion, members: &[(&'static str, bool, bool)]) -> Vec<Finding> {
    let odd = members.iter().filter(|(_, given, wanted)| given != wanted);
    odd.map(|(name, given, _)| {
        let code = if *given { "score_member_foreign" } else { "score_member_missing" };
        let word = match *name {
            "points" => "điểm",
            "passed" => "kết luận",
            "reason" => "lý do chấm lại",
            _ => "mục không áp dụng",
        };
        let finding = Finding::new(format!("/{name}"), code).with("member", name);
        finding.with("member_vi", format!("{word} ({name})")).with("criterion", &criterion.code)
    })
    .collect()
}

/// Points out of bounds, texts too long.
fn texts(criterion: &Criterion, score: &Score) -> Vec<Finding> {
    let points = score.points.and_then(|points| check_points("/points".into(), criterion, points));
    let texts = [("/comment", &score.comment), ("/internal_comment", &score.internal_comment)];
    let long = texts.into_iter().filter_map(|(at, text)| Finding::length(at, text.as_ref()?, 1, COMMENT_MOST));
    points.into_iter().chain(long).collect()
}

/// A score other than the claimed one, an unclaimed bonus or penalty, a failed gate, or one that does not apply.
fn needs_comment(criterion: &Criterion, claimed: Option<Decimal>, score: &Score) -> bool {
    let given = match score.points {
        Some(points) => BigRational::from(points),
        None => {
            let failed = score.passed == Some(false) && criterion.kind == CriterionKind::Gate;
            return failed || score.not_applicable;
        }
    };
    match claimed {
        Some(claimed) => BigRational::from(claimed) != given,
        None => criterion.kind != CriterionKind::Assessed && !given.is_zero(),
    }
}

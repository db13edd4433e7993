//! Which answers a criterion accepts. PURE.

use num_traits::Zero;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    exact::{BigRational, Decimal},
    finding::Finding,
    movements::plan::{Criterion, CriterionKind},
    nominations::{check_points, is_claimable},
};

const COMMENT_MOST: usize = 4_000;

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
    ];
    let mut findings: Vec<Finding> = members
        .into_iter()
        .filter(|(_, given, wanted)| given != wanted)
        .map(|(name, given, _)| {
            let code = if given { "score_member_foreign" } else { "score_member_missing" };
            Finding::new(format!("/{name}"), code).with("member", name).with("criterion", &criterion.code)
        })
        .collect();
    findings.extend(score.points.and_then(|points| check_points("/points".into(), criterion, points)));
    findings.extend(match &score.comment {
        Some(comment) => Finding::length("/comment", comment, 1, COMMENT_MOST),
        None if needs_comment(criterion, claimed, score) => {
            Some(Finding::new("/comment", "comment_missing").with("criterion", &criterion.code))
        }
        None => None,
    });
    findings
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

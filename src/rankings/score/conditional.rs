//! Gates that the service answers, and criteria whose points have a condition. PURE.

use super::{
    headings::Headings,
    result::{Reason, ReasonCode},
};
use crate::{
    movements::plan::{Criterion, CriterionKind, in_order},
    rankings::{
        conditions::{Known, evaluate},
        figures::CriterionScore,
        inputs::Candidate,
    },
};

/// Judges the gates, which ask for no points, among scores of which some may be missing; every failure.
pub(super) fn gates(candidate: &Candidate, plan: &[Criterion], scores: &mut [CriterionScore]) -> Vec<Reason> {
    let (mut so_far, mut failed) = (None, Vec::new());
    for criterion in plan.iter().filter(|criterion| criterion.kind == CriterionKind::Gate) {
        let Some(when) = &criterion.when else { continue };
        let criteria = so_far.get_or_insert_with(|| scores.to_vec());
        let condition = evaluate(when, &Known { candidate, criteria, total: None, class: None });
        if !condition.holds {
            let reason = Reason::new(ReasonCode::GateFailed, Some(criterion));
            failed.push(Reason { condition: Some(condition), ..reason });
        } else if let Some(score) = scores.iter_mut().find(|score| score.code == criterion.code) {
            score.settle(condition);
        }
    }
    failed
}

/// Takes away the points whose conditions do not hold, those first that others ask for.
pub(super) fn points(candidate: &Candidate, plan: &[Criterion], scores: &mut [CriterionScore]) {
    for place in in_order(plan) {
        let Some(when) = plan[place].when.as_ref().filter(|_| plan[place].kind.gives_points()) else { continue };
        let mut so_far = scores.to_vec();
        // A heading may be asked for, too; whether anything remains is said once all is settled.
        let _ = Headings { plan, scores: &mut so_far }.settle();
        scores[place].settle(evaluate(when, &Known { candidate, criteria: &so_far, total: None, class: None }));
    }
}

//! Conditions: each asks for one thing that there is, where it can be known, and no criterion waits for itself. PURE.

use super::{
    checks::{whole, word},
    period,
};
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::plan::{
        Award, CandidateKind, Comparator, Condition, Criterion, CriterionKind, Group, Limits, Plan, Term, VERDICTS,
        is_in_circle,
    },
};

/// `all` or `any` of `all` or `any`.
const DEEPEST: usize = 2;

/// What may be asked for: of a gate no points, of a criterion no total, of a class no class.
const OF_GATE: &[&str] = &["indicator", "check", "answered_share", "late_reports"];
const OF_CRITERION: &[&str] = &["indicator", "check", "answered_share", "late_reports", "criterion"];
const OF_CLASS: &[&str] =
    &["indicator", "check", "answered_share", "late_reports", "criterion", "every_criterion", "total"];
const OF_AWARD: &[&str] =
    &["indicator", "check", "answered_share", "late_reports", "criterion", "every_criterion", "total", "class"];

const OF_REPORTS: [&str; 3] = ["indicator", "answered_share", "late_reports"];

/// Where a condition stands, and what it may speak of there.
struct Place<'a> {
    plan: &'a Plan,
    groups: &'a [&'a Group],
    award: Option<&'a Award>,
    allowed: &'static [&'static str],
}

pub(super) fn of_criteria(list: &str, plan: &Plan, group: &Group, out: &mut Vec<Finding>) {
    for (i, criterion) in group.criteria.iter().enumerate() {
        let Some(when) = &criterion.when else { continue };
        let at = format!("{list}/{i}/when");
        let allowed = if criterion.kind == CriterionKind::Gate { OF_GATE } else { OF_CRITERION };
        Place { plan, groups: &[group], award: None, allowed }.check(&at, when, out);
        if is_in_circle(&group.criteria, i) {
            out.push(Finding::new(at, "condition_circle").with("criterion", &criterion.code));
        }
    }
}

pub(super) fn of_award(base: &str, plan: &Plan, award: &Award, groups: &[&Group], out: &mut Vec<Finding>) {
    let place = |allowed| Place { plan, groups, award: Some(award), allowed };
    for (i, class) in award.classes.iter().enumerate() {
        class.when.iter().for_each(|when| place(OF_CLASS).check(&format!("{base}/classes/{i}/when"), when, out));
    }
    award.eligible.iter().for_each(|when| place(OF_AWARD).check(&format!("{base}/eligible"), when, out));
}

impl Place<'_> {
    /// Households report nothing that could be asked for.
    fn allowed(&self) -> Vec<&'static str> {
        let of_households = self.groups.iter().any(|group| group.candidates == CandidateKind::Household);
        self.allowed.iter().filter(|name| !of_households || !OF_REPORTS.contains(name)).copied().collect()
    }

    fn check(&self, base: &str, condition: &Condition, out: &mut Vec<Finding>) {
        for (way, atom) in condition.atoms() {
            let at = format!("{base}{way}");
            if way.matches('/').count() / 2 > DEEPEST {
                out.push(Finding::new(&at, "condition_too_deep").with("most", DEEPEST));
            }
            let Some(term) = atom.read() else {
                out.push(Finding::new(at, "condition_malformed").with("allowed", self.allowed.join(", ")));
                continue;
            };
            let (name, allowed) = (name(&term), self.allowed());
            if !allowed.contains(&name) {
                let finding = Finding::new(format!("{at}/{name}"), "condition_not_here").with("asked", name);
                out.push(finding.with("allowed", allowed.join(", ")));
                continue;
            }
            self.term(&at, atom, &term, out);
        }
    }

    fn term(&self, at: &str, atom: &Condition, term: &Term, out: &mut Vec<Finding>) {
        match term {
            Term::All(_) | Term::Any(_) => {}
            Term::Indicator { code, verdicts, limits, .. } => {
                self.indicator(at, code, out);
                if let Some(code) = &atom.period {
                    period::check(&format!("{at}/period"), self.plan, code, out);
                }
                check_verdicts(at, verdicts, out);
                if verdicts.is_empty() {
                    tested(at, limits, out);
                }
                consistent(at, limits, None, out);
            }
            Term::Check { code, .. } => {
                self.criterion(at, "check", code, |kind| kind == CriterionKind::Check, out);
            }
            Term::Criterion { code, limits } => {
                self.criterion(at, "criterion", code, CriterionKind::gives_points, out);
                tested(at, limits, out);
                consistent(at, limits, None, out);
            }
            Term::EveryCriterion(limits) => within(&format!("{at}/every_criterion"), limits, out),
            Term::Total(limits) => within(&format!("{at}/total"), limits, out),
            Term::LateReports(limits) => within(&format!("{at}/late_reports"), limits, out),
            Term::AnsweredShare(limits) => {
                let share = format!("{at}/answered_share");
                tested(&share, limits, out);
                // That a limit is no share is told for itself.
                consistent(&share, limits, None, out);
                for (comparator, limit) in limits.each() {
                    if limit < whole(0) || limit > whole(100) {
                        let at = format!("{share}/{}", member(comparator));
                        out.push(Finding::new(at, "share_out_of_range").with("share", limit));
                    }
                }
            }
            Term::Class(code) => {
                let known = self.award.is_some_and(|award| award.classes.iter().any(|class| class.code == *code));
                if !known {
                    out.push(Finding::new(format!("{at}/class"), "class_unknown").with("class", code));
                }
            }
        }
    }

    fn indicator(&self, at: &str, code: &str, out: &mut Vec<Finding>) {
        let finding = |problem| Finding::new(format!("{at}/indicator"), problem).with("indicator", code);
        match self.plan.indicators.iter().find(|known| known.code == code) {
            None => out.push(finding("indicator_not_in_plan")),
            Some(known) if known.counts.is_some() => out.push(finding("condition_on_counted")),
            Some(_) => {}
        }
    }

    /// A criterion of the groups; one that some of them lack can hold for none of their candidates.
    fn criterion(&self, at: &str, member: &str, code: &str, fits: fn(CriterionKind) -> bool, out: &mut Vec<Finding>) {
        let finding = |problem| Finding::new(format!("{at}/{member}"), problem).with("criterion", code);
        let of = |group: &&Group| -> Option<Criterion> {
            group.criteria.iter().find(|criterion| criterion.code == code).cloned()
        };
        let judged: Vec<&Group> = self.groups.iter().filter(|group| !group.criteria.is_empty()).copied().collect();
        let found: Vec<Criterion> = judged.iter().filter_map(of).collect();
        if found.is_empty() {
            out.push(finding("condition_criterion_unknown"));
        } else if let Some(unfit) = found.iter().find(|criterion| !fits(criterion.kind)) {
            out.push(finding("condition_criterion_unfit").with("kind", word(&unfit.kind)));
        } else if let Some(lacking) = judged.iter().find(|group| of(group).is_none()) {
            let finding = finding("condition_criterion_lacking").with("group", &lacking.code);
            out.push(Finding { warning: true, ..finding });
        }
    }
}

fn name(term: &Term) -> &'static str {
    match term {
        Term::All(_) => "all",
        Term::Any(_) => "any",
        Term::Indicator { .. } => "indicator",
        Term::Check { .. } => "check",
        Term::Criterion { .. } => "criterion",
        Term::EveryCriterion(_) => "every_criterion",
        Term::Total(_) => "total",
        Term::Class(_) => "class",
        Term::AnsweredShare(_) => "answered_share",
        Term::LateReports(_) => "late_reports",
    }
}

fn member(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::AtLeast => "from",
        Comparator::Above => "above",
        Comparator::AtMost => "to",
        Comparator::Below => "below",
    }
}

/// Who answers that nothing arose, or that it does not apply, has mostly not failed.
fn check_verdicts(at: &str, verdicts: &[String], out: &mut Vec<Finding>) {
    for verdict in verdicts.iter().filter(|verdict| !VERDICTS.contains(&verdict.as_str())) {
        let finding = Finding::new(format!("{at}/is"), "verdict_unknown").with("verdict", verdict);
        out.push(finding.with("known", VERDICTS.join(", ")));
    }
    let lists = |wanted: &str| verdicts.iter().any(|verdict| verdict == wanted);
    let left_out: Vec<&str> = ["none_arose", "not_applicable"].into_iter().filter(|other| !lists(other)).collect();
    if lists("met") && !left_out.is_empty() {
        let finding = Finding::warning(format!("{at}/is"), "condition_leaves_out");
        out.push(finding.with("verdicts", left_out.join(", ")));
    }
}

/// Limits of what is never below 0.
fn within(at: &str, limits: &Limits, out: &mut Vec<Finding>) {
    tested(at, limits, out);
    consistent(at, limits, Some(whole(0)), out);
}

fn tested(at: &str, limits: &Limits, out: &mut Vec<Finding>) {
    if *limits == Limits::default() {
        out.push(Finding::new(at, "condition_untested"));
    }
}

/// Whether some figure, of those that are possible, keeps all limits.
fn consistent(at: &str, limits: &Limits, least: Option<Decimal>, out: &mut Vec<Finding>) {
    let lowest = limits.from.max(least).map(|limit| (limit, false)).max(limits.above.map(|limit| (limit, true)));
    let highest = [limits.below.map(|limit| (limit, false)), limits.to.map(|limit| (limit, true))];
    if let (Some((low, beyond)), Some((high, reached))) = (lowest, highest.into_iter().flatten().min())
        && (low > high || low == high && (beyond || !reached))
    {
        out.push(Finding::new(at, "limits_empty").with("low", low).with("high", high));
    }
}

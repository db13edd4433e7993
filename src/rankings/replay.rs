//! The facts of a past run under other rules. Facts are frozen as the rules of that time asked for them: what other rules
//! ask beyond that was not frozen, and is said instead of made up. PURE.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    asked::asked,
    inputs::{Candidate, Inputs},
    judges,
};
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::plan::{Award, Council, Criterion, CriterionKind, Group, Plan, QuotaBy, ShareOf},
};

/// The award's groups, with their criteria.
pub(super) fn groups(plan: &Plan, award: &Award) -> Vec<Group> {
    plan.groups.iter().filter(|group| award.groups.contains(&group.code)).cloned().collect()
}

/// The other awards of a pool.
pub(super) fn pooled(plan: &Plan, award: &Award) -> Vec<String> {
    let shares = |other: &&Award| award.pool.is_some() && other.pool == award.pool && other.code != award.code;
    plan.awards.iter().filter(shares).map(|other| other.code.clone()).collect()
}

/// The frozen facts under the rules of `award` in a version of the plan; or everything that these rules ask for and the
/// run has not.
pub(super) fn replay(frozen: &Inputs, (number, plan): (u32, &Plan), award: Award) -> Result<Inputs, Vec<Finding>> {
    let groups = groups(plan, &award);
    let lacking = lacking(frozen, &award, &groups);
    if !lacking.is_empty() {
        return Err(lacking);
    }
    let pooled = pooled(plan, &award);
    let is_secret = [&frozen.award, &award].iter().any(|award| judges::is_secret(award.council.as_ref()));
    let mut inputs = Inputs { plan_version: number, award, groups, pooled, ..frozen.clone() };
    if is_secret {
        judges::hide(&mut inputs);
    }
    Ok(inputs.in_order())
}

/// What a group's rules ask of its candidates' figures.
#[derive(Default)]
struct Needs<'a> {
    /// By the span: whether all indicators are judged, and which are read exactly.
    spans: BTreeMap<&'a Option<String>, (bool, BTreeSet<&'a str>)>,
    /// Indicators that part equals.
    ties: BTreeSet<&'a str>,
    answered: bool,
    reporting: bool,
}

impl<'a> Needs<'a> {
    fn of(award: &'a Award, group: &'a Group) -> Self {
        let asked = asked(award, group.criteria.iter());
        let mut needs = Self {
            ties: asked.ties.into_iter().collect(),
            answered: asked.answered_share,
            reporting: asked.late_reports
                || group.criteria.iter().any(|criterion| criterion.kind == CriterionKind::Reporting),
            ..Self::default()
        };
        for criterion in &group.criteria {
            let all = criterion.kind == CriterionKind::Indicators;
            if all || criterion.measure().is_some() {
                let (whole, read) = needs.spans.entry(&criterion.period).or_default();
                *whole |= all;
                read.extend(criterion.measure().map(|(indicator, _)| indicator));
            }
        }
        for (period, indicator) in asked.indicators {
            needs.spans.entry(period).or_default().1.insert(indicator);
        }
        needs
    }

    /// What of it the other had not.
    fn beyond(&self, had: &Self) -> Vec<String> {
        let mut beyond = Vec::new();
        let none = (false, BTreeSet::new());
        for (period, (all, read)) in &self.spans {
            let (had_all, had_read) = had.spans.get(period).unwrap_or(&none);
            let span = period.as_deref().unwrap_or("*");
            if *all && !had_all {
                beyond.push(format!("{span}/*"));
            }
            beyond.extend(read.difference(had_read).map(|indicator| format!("{span}/{indicator}")));
        }
        beyond.extend(self.ties.difference(&had.ties).map(|indicator| format!("indicator:{indicator}")));
        beyond.extend((self.answered && !had.answered).then(|| "answered_share".to_owned()));
        beyond.extend((self.reporting && !had.reporting).then(|| "reporting".to_owned()));
        beyond
    }
}

fn lacking(frozen: &Inputs, award: &Award, groups: &[Group]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lacks = |what: &str| Finding::new("/replay", "replay_lacks").with("what", what);
    if award.candidates != frozen.award.candidates {
        findings.push(lacks("candidates"));
    }
    if award.council.is_some() && frozen.award.council.is_none() {
        findings.push(lacks("council"));
    }
    let centres = |award: &Award| award.council.as_ref().is_some_and(Council::centres);
    if centres(award) && !centres(&frozen.award) && judges::is_secret(frozen.award.council.as_ref()) {
        findings.push(lacks("ballots by member"));
    }
    if matches!(award.quota.read(), Some(QuotaBy::Share(_, ShareOf::Units)))
        && (frozen.units.is_none() || award.groups != frozen.award.groups)
    {
        findings.push(lacks("units"));
    }
    for group in groups {
        let own = |candidate: &&Candidate| candidate.group.as_ref() == Some(&group.code);
        let candidates: Vec<&Candidate> = frozen.candidates.iter().filter(own).collect();
        if candidates.is_empty() {
            continue;
        }
        let former = frozen.groups.iter().find(|former| former.code == group.code);
        let had = former.map(|former| Needs::of(&frozen.award, former)).unwrap_or_default();
        let beyond = Needs::of(award, group).beyond(&had);
        findings.extend(beyond.iter().map(|what| lacks(what)));
        for criterion in &group.criteria {
            let known = former.and_then(|former| former.criteria.iter().find(|known| known.code == criterion.code));
            if !has_yardstick(criterion, known) {
                findings.push(lacks(&format!("against {}", criterion.code)));
            }
            findings.extend(candidates.iter().filter_map(|candidate| above(candidate, criterion)));
        }
    }
    findings
}

/// Whether what a scale reads figures against was frozen for this very scale.
fn has_yardstick(criterion: &Criterion, known: Option<&Criterion>) -> bool {
    let read = |criterion: &Criterion| {
        let (indicator, scale) = criterion.measure()?;
        scale.read_against()?;
        Some((indicator.to_owned(), criterion.period.clone(), scale.against.clone(), scale.of))
    };
    read(criterion).is_none_or(|asked| known.and_then(read) == Some(asked))
}

/// Points are taken as given; those above another maximum are no points of its criterion.
fn above(candidate: &Candidate, criterion: &Criterion) -> Option<Finding> {
    let max = criterion.max.filter(|_| criterion.kind == CriterionKind::Assessed)?;
    let of = candidate.assessments.iter().filter(|given| given.criterion == criterion.code);
    let most: Decimal = of.filter_map(|given| given.points).max()?;
    let finding = Finding::new("/replay", "replay_above_max").with("criterion", &criterion.code);
    (most > max).then(|| finding.with("candidate", &candidate.code).with("points", most).with("max_points", max))
}

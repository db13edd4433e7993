//! Harsh and lenient members of a council brought to one level: a member's points less that member's mean plus the panel's,
//! over the candidates that all members judged. Exact. PURE.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::Zero;

use super::answers::answers;
use crate::{
    exact::{self, BigRational, ratio},
    movements::plan::{Criterion, Group, Stage},
    rankings::inputs::{Candidate, Inputs},
};

/// What is added to the points of each member, by group and criterion; empty where the award does not ask for it.
pub struct Levels<'a>(BTreeMap<(&'a str, &'a str), Level<'a>>);

/// Of the members on one criterion.
pub(super) struct Level<'a> {
    /// How many candidates all of them judged.
    pub over: usize,
    shifts: BTreeMap<&'a str, BigRational>,
}

impl<'a> Levels<'a> {
    pub fn of(inputs: &'a Inputs) -> Self {
        let centres = inputs.award.council.as_ref().is_some_and(|council| council.centres());
        let groups = inputs.groups.iter().filter(|_| centres);
        let criteria = groups.flat_map(|group| group.criteria.iter().map(move |criterion| (group, criterion)));
        let counted = criteria.filter(|(_, criterion)| criterion.from == Some(Stage::Council));
        let level = |(group, criterion): (&'a Group, &'a Criterion)| {
            let candidates = inputs.candidates.iter().filter(|one| one.group.as_ref() == Some(&group.code));
            ((group.code.as_str(), criterion.code.as_str()), Level::of(candidates, criterion))
        };
        Self(counted.map(level).collect())
    }

    pub(super) fn on(&self, candidate: &Candidate, criterion: &Criterion) -> Option<&Level<'a>> {
        let place = (candidate.group.as_deref()?, criterion.code.as_str());
        self.0.iter().find(|(known, _)| **known == place).map(|(_, level)| level)
    }
}

impl<'a> Level<'a> {
    fn of(candidates: impl Iterator<Item = &'a Candidate>, criterion: &'a Criterion) -> Self {
        let cast = |candidate| {
            let given = answers(candidate, criterion, Stage::Council);
            given.filter_map(|one| Some((one.assessor.as_str(), BigRational::from(one.points?)))).collect()
        };
        let cast: Vec<BTreeMap<&str, BigRational>> = candidates.map(cast).collect();
        let members: BTreeSet<&str> = cast.iter().flat_map(BTreeMap::keys).copied().collect();
        let shared: Vec<_> = cast.into_iter().filter(|ballots| ballots.len() == members.len()).collect();
        let over = if members.is_empty() { 0 } else { shared.len() };
        if over == 0 {
            return Self { over, shifts: BTreeMap::new() };
        }
        let mean = |member: &&'a str| {
            (*member, shared.iter().map(|ballots| &ballots[member]).sum::<BigRational>() / ratio(over, 1))
        };
        let means: BTreeMap<&str, BigRational> = members.iter().map(mean).collect();
        let panel = exact::mean(means.values()).unwrap_or_default();
        Self { over, shifts: means.into_iter().map(|(member, own)| (member, &panel - own)).collect() }
    }

    /// What is added to a member's points.
    pub fn shift(&self, member: &str) -> BigRational {
        self.shifts.get(member).cloned().unwrap_or_else(BigRational::zero)
    }
}

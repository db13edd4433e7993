//! How harsh or lenient members are: each one's mean and spread on a criterion, over the candidates that all of them judged,
//! and that a caller may see.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{ballots::Ballots, rounds::Vote, statistics::Spread};
use crate::{
    db::AccountId,
    exact::{BigRational, mean, ratio},
    movements::plan::{Council, Criterion},
    nominations::{Nomination, State},
};

/// The ballots on one criterion of one candidate as a caller sees them.
pub struct Item {
    group: String,
    criterion: String,
    max: Option<BigRational>,
    pub vote: Vote,
    /// Whether a run counts it: disclosed, of a verified candidate.
    ranked: bool,
    pub recused: BTreeSet<AccountId>,
    pub hidden: bool,
    pub disclosed_at: Option<DateTime<Utc>>,
    /// Usernames of those who have no ballot in what is disclosed.
    pub not_voted: Option<Vec<String>>,
    /// By member; empty while hidden.
    pub points: Vec<(AccountId, BigRational)>,
}

impl Item {
    pub fn of(ballots: &Ballots, nomination: &Nomination, criterion: &Criterion, who: AccountId) -> Self {
        let vote = ballots.on(nomination.id, &criterion.code);
        let hidden = !vote.is_shown_to(who);
        let counting = ballots.counting(&vote, nomination.id, &criterion.code).filter(|_| !hidden);
        Self {
            group: nomination.group.clone(),
            criterion: criterion.code.clone(),
            max: criterion.max.map(BigRational::from),
            points: counting.filter_map(|one| Some((one.member, one.points?.into()))).collect(),
            recused: ballots.panel.recused(nomination.id).map(|one| one.member).collect(),
            disclosed_at: ballots.disclosed_at(&vote, nomination.id, &criterion.code),
            not_voted: ballots.not_voted(&vote, nomination.id, &criterion.code),
            ranked: vote.is_disclosed() && nomination.state == State::Verified,
            vote,
            hidden,
        }
    }

    fn level<'a>(&self, levels: &'a [Level], member: AccountId) -> Option<&'a Level> {
        let mut own = levels.iter().filter(|level| level.member == member);
        own.find(|level| level.group == self.group && level.criterion == self.criterion)
    }

    fn by(&self, member: AccountId) -> Option<&BigRational> {
        self.points.iter().find(|(of, _)| *of == member).map(|(_, points)| points)
    }
}

/// One member's level on one criterion.
pub struct Level {
    pub group: String,
    pub criterion: String,
    pub member: AccountId,
    /// How many candidates all members judged.
    pub over: usize,
    pub spread: Spread,
    pub against_panel: BigRational,
}

pub fn levels<'a>(items: impl IntoIterator<Item = &'a Item>) -> Vec<Level> {
    let items: Vec<&Item> = items.into_iter().collect();
    let places: BTreeSet<(&str, &str)> =
        items.iter().map(|item| (item.group.as_str(), item.criterion.as_str())).collect();
    places.into_iter().flat_map(|(group, criterion)| on(group, criterion, &items)).collect()
}

fn on(group: &str, criterion: &str, items: &[&Item]) -> Vec<Level> {
    let here =
        items.iter().filter(|item| item.group == group && item.criterion == criterion && !item.points.is_empty());
    let here: Vec<&Item> = here.copied().collect();
    let members: BTreeSet<AccountId> =
        here.iter().flat_map(|item| item.points.iter().map(|(member, _)| *member)).collect();
    let shared: Vec<&&Item> = here.iter().filter(|item| item.points.len() == members.len()).collect();
    let spread =
        |member: &AccountId| Some((*member, Spread::of(shared.iter().filter_map(|item| item.by(*member).cloned()))?));
    let spreads: Vec<(AccountId, Spread)> = members.iter().filter_map(spread).collect();
    let means: Vec<BigRational> = spreads.iter().map(|(_, spread)| spread.mean.clone()).collect();
    let Some(panel) = mean(means.iter()) else { return Vec::new() };
    let level = |(member, spread): (AccountId, Spread)| Level {
        group: group.to_owned(),
        criterion: criterion.to_owned(),
        member,
        over: shared.len(),
        against_panel: &spread.mean - &panel,
        spread,
    };
    spreads.into_iter().map(level).collect()
}

/// What a run makes of the disclosed ballots on each item, in their order; none of too few ballots.
pub fn combined(rules: &Council, items: &[Item]) -> Vec<Option<BigRational>> {
    let levels = levels(items.iter().filter(|item| item.ranked && rules.centres()));
    let combined = |item: &Item| {
        let centred = |(member, points): &(AccountId, BigRational)| {
            let level = item.level(&levels, *member);
            level.map_or_else(|| points.clone(), |level| points - &level.against_panel)
        };
        let mut given: Vec<BigRational> = item.points.iter().map(centred).collect();
        given.sort();
        let enough = item.ranked && given.len() >= rules.min_ballots as usize;
        let counted = given.get(rules.averaged(given.len())).filter(|_| enough)?;
        // What was centred may lie beyond what can be given: what it comes to does not.
        let points = mean(counted.iter())?.max(ratio(0, 1));
        Some(item.max.iter().fold(points, |points, max| points.min(max.clone())))
    };
    items.iter().map(combined).collect()
}

/// The mean of the members' z-scores on an item; none where a member has no spread.
pub fn z(item: &Item, levels: &[Level]) -> Option<BigRational> {
    let of = |(member, points): &(AccountId, BigRational)| item.level(levels, *member)?.spread.z(points);
    let scores: Vec<BigRational> = item.points.iter().map(of).collect::<Option<_>>()?;
    mean(scores.iter())
}

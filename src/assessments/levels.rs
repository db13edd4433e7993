//! How harsh or lenient members are: each one's mean and spread on a criterion, over the candidates that all of them judged,
//! and that a caller may see.

use std::collections::BTreeSet;

use super::{ballots::Ballots, statistics::Spread, visibility::Cast};
use crate::{
    db::AccountId,
    exact::{BigRational, mean},
    movements::plan::Criterion,
    nominations::Nomination,
};

/// The ballots on one criterion of one candidate as a caller sees them.
pub struct Item {
    group: String,
    criterion: String,
    pub cast: Cast,
    pub recused: BTreeSet<AccountId>,
    pub hidden: bool,
    /// By member; empty while hidden.
    pub points: Vec<(AccountId, BigRational)>,
}

impl Item {
    pub fn of(
        ballots: &Ballots,
        nomination: &Nomination,
        criterion: &Criterion,
        (who, secret): (AccountId, bool),
    ) -> Self {
        let cast = ballots.on(nomination.id, &criterion.code);
        let hidden = !cast.is_shown_to(who, secret);
        let standing = ballots.standing(nomination.id, &criterion.code).filter(|_| !hidden);
        Self {
            group: nomination.group.clone(),
            criterion: criterion.code.clone(),
            points: standing.filter_map(|one| Some((one.member, one.points?.into()))).collect(),
            recused: ballots.panel.recused(nomination.id).map(|one| one.member).collect(),
            cast,
            hidden,
        }
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

pub fn levels(items: &[Item]) -> Vec<Level> {
    let places: BTreeSet<(&str, &str)> =
        items.iter().map(|item| (item.group.as_str(), item.criterion.as_str())).collect();
    places.into_iter().flat_map(|(group, criterion)| on(group, criterion, items)).collect()
}

fn on(group: &str, criterion: &str, items: &[Item]) -> Vec<Level> {
    let here =
        items.iter().filter(|item| item.group == group && item.criterion == criterion && !item.points.is_empty());
    let here: Vec<&Item> = here.collect();
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

/// The mean of the members' z-scores on an item; none where a member has no spread.
pub fn z(item: &Item, levels: &[Level]) -> Option<BigRational> {
    let of = |(member, points): &(AccountId, BigRational)| {
        let mut own = levels.iter().filter(|level| level.member == *member);
        own.find(|level| level.group == item.group && level.criterion == item.criterion)?.spread.z(points)
    };
    let scores: Vec<BigRational> = item.points.iter().map(of).collect::<Option<_>>()?;
    mean(scores.iter())
}

//! The council's ballots on candidates, beside who may cast and see them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    disclosure_store::{Closed, Disclosed, closed, disclosures},
    panel::Panel,
    rounds::{Bench, Cast, Vote},
    store::{self, Ballot},
};
use crate::{
    db::{AccountId, Conn, NominationId},
    exact::Decimal,
    http::Result,
    movements::{
        Movement,
        plan::{Ballot as Voting, Council},
    },
    nominations::Nomination,
};

/// The council, and every ballot on some nominations.
pub struct Ballots {
    pub panel: Panel,
    secret: bool,
    /// How many ballots count.
    least: usize,
    /// Each member's own in the order cast; those of recused members, too.
    cast: Vec<Ballot>,
    /// By nomination and criterion the newest.
    disclosed: BTreeMap<(NominationId, String), Disclosed>,
    closed: BTreeMap<NominationId, Closed>,
}

/// A ballot that counts.
pub struct Counted<'a> {
    pub nomination: NominationId,
    pub criterion: &'a str,
    pub member: AccountId,
    pub points: Decimal,
}

impl Ballots {
    /// As disclosed by an instant, where one is given. Who is recused is asked of today all the same.
    pub async fn of(
        conn: &mut Conn,
        movement: &Movement,
        rules: &Council,
        nominations: &[Nomination],
        today: NaiveDate,
        at: Option<DateTime<Utc>>,
    ) -> Result<Self> {
        let secret = rules.ballot == Voting::Secret;
        let panel = Panel::of(conn, movement, nominations, today).await?;
        let ids: Vec<NominationId> = nominations.iter().map(|one| one.id).collect();
        let closed = closed(conn, movement.locality, &ids).await?;
        // Before the ballots, so that all of those that are disclosed are among them.
        let disclosed = disclosures(conn, movement.locality, &ids, at).await?;
        let mut cast = store::ballots(conn, movement.locality, &ids).await?;
        // What a secret vote counts is settled by its disclosure.
        cast.retain(|one| secret || at.is_none_or(|at| one.at <= at));
        Ok(Self { panel, secret, least: rules.min_ballots as usize, cast, disclosed, closed })
    }

    /// All that a member cast on a criterion, the newest last.
    pub fn of_member(&self, nomination: NominationId, criterion: &str, member: AccountId) -> &[Ballot] {
        let on = self.on_nomination(nomination);
        let is = |one: &Ballot| one.criterion == criterion && one.member == member;
        let first = on.iter().position(is).unwrap_or(on.len());
        let rest = &on[first..];
        &rest[..rest.iter().take_while(|one| is(one)).count()]
    }

    /// They stand in the order of the nominations' ids.
    fn on_nomination(&self, nomination: NominationId) -> &[Ballot] {
        let from = self.cast.partition_point(|one| one.nomination < nomination);
        let to = self.cast.partition_point(|one| one.nomination <= nomination);
        &self.cast[from..to]
    }

    fn on_criterion(&self, nomination: NominationId, criterion: &str) -> impl Iterator<Item = &Ballot> {
        self.on_nomination(nomination).iter().filter(move |one| one.criterion == criterion)
    }

    /// Those that count, or will when they are disclosed.
    pub fn counting<'a>(
        &'a self,
        vote: &Vote,
        nomination: NominationId,
        criterion: &str,
    ) -> impl Iterator<Item = &'a Ballot> {
        self.on_criterion(nomination, criterion).filter(|one| vote.counting().get(&one.member) == Some(&one.version))
    }

    pub fn is_closed(&self, nomination: NominationId) -> bool {
        self.closed.contains_key(&nomination)
    }

    /// Whether other members are recused than when the closed session counted the votes.
    pub fn recusals_changed(&self, nomination: NominationId) -> bool {
        let recused: BTreeSet<AccountId> = self.panel.recusals(nomination).iter().map(|one| one.member).collect();
        let now = |closed: &Closed| closed.roll.intersection(&recused).copied().collect::<BTreeSet<_>>();
        self.closed.get(&nomination).is_some_and(|closed| now(closed) != closed.recused)
    }

    /// The vote on a criterion.
    pub fn on(&self, nomination: NominationId, criterion: &str) -> Vote {
        let bench = Bench {
            secret: self.secret,
            ever: self.panel.ever(),
            council: self.panel.since_begin(),
            least: self.least,
            entitled: self.panel.entitled(nomination),
            recused: self.panel.recusals(nomination).iter().map(|one| one.member).collect(),
            closed: self.is_closed(nomination),
        };
        let cast = |one: &Ballot| Cast { member: one.member, round: one.round, version: one.version };
        let newest = self.disclosed.get(&(nomination, criterion.to_owned())).map(|one| &one.what);
        Vote::of(bench, newest, self.on_criterion(nomination, criterion).map(cast))
    }

    /// Since when the ballots of a vote are disclosed.
    pub fn disclosed_at(&self, vote: &Vote, nomination: NominationId, criterion: &str) -> Option<DateTime<Utc>> {
        let newest = self.disclosed.get(&(nomination, criterion.to_owned()))?;
        vote.is_disclosed().then_some(newest.at)
    }

    /// Who was of the council when the ballots of a vote were disclosed and has none that counts, by username; none before,
    /// and of a disclosure from before this was kept.
    pub fn not_voted(&self, vote: &Vote, nomination: NominationId, criterion: &str) -> Option<Vec<String>> {
        let newest = self.disclosed.get(&(nomination, criterion.to_owned())).filter(|_| vote.is_disclosed())?;
        let without = newest.what.council.iter().flatten().filter(|member| !vote.has_voted(**member));
        let mut names: Vec<String> =
            without.filter_map(|one| Some(self.panel.member(*one)?.username.clone())).collect();
        names.sort();
        newest.what.council.is_some().then_some(names)
    }

    /// The votes on a nomination in which anybody has voted, by criterion.
    fn votes(&self, nomination: NominationId) -> impl Iterator<Item = (&str, Vote)> {
        let criteria: BTreeSet<&str> =
            self.on_nomination(nomination).iter().map(|one| one.criterion.as_str()).collect();
        criteria.into_iter().map(move |criterion| (criterion, self.on(nomination, criterion)))
    }

    /// The ballots of a nomination that a run counts: none that is hidden from anybody.
    pub fn counted(&self, nomination: NominationId) -> Vec<Counted<'_>> {
        let disclosed = self.votes(nomination).filter(|(_, vote)| vote.is_disclosed());
        let counted = disclosed.flat_map(|(criterion, vote)| {
            let counting: Vec<&Ballot> = self.counting(&vote, nomination, criterion).collect();
            counting
                .into_iter()
                .filter_map(move |one| Some(Counted { nomination, criterion, member: one.member, points: one.points? }))
        });
        counted.collect()
    }

    /// The criteria on which the council votes anew.
    pub fn anew(&self, nomination: NominationId) -> Vec<String> {
        let anew = self.votes(nomination).filter(|(_, vote)| vote.is_anew());
        anew.map(|(criterion, _)| criterion.to_owned()).collect()
    }

    /// What is to be disclosed now. It is shown once it is on record.
    pub fn due(&self, nominations: &[Nomination], now: DateTime<Utc>) -> Vec<Disclosed> {
        let votes = nominations.iter().flat_map(|one| self.votes(one.id).map(move |vote| (one.id, vote)));
        let due = votes.filter_map(|(nomination, (criterion, vote))| {
            let what = vote.due()?;
            // A request may have begun before one whose ballot it counts.
            let newest = self.counting(&vote, nomination, criterion).map(|one| one.at).max();
            let at = newest.map_or(now, |newest| newest.max(now));
            Some(Disclosed { nomination, criterion: criterion.to_owned(), what, at })
        });
        due.collect()
    }
}

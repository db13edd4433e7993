//! Who cast a ballot, in frozen inputs: of an open vote a member's id; of a secret one a number that follows from the points
//! alone. The ballots of each candidate and criterion are numbered for themselves, so that a number joins nothing: joined,
//! who is recused somewhere would tell whose they all are. Only centring needs them joined. PURE.

use std::collections::BTreeMap;

use super::inputs::{Assessment, Inputs};
use crate::{
    exact::Decimal,
    movements::plan::{Ballot, Council, Stage},
};

/// Whether somebody voted by secret ballot under these rules.
pub(super) fn is_secret(council: Option<&Council>) -> bool {
    council.is_some_and(|rules| rules.ballot == Ballot::Secret)
}

/// Puts numbers in the place of members. Ballots of the same points may change numbers, and no byte of the inputs.
pub(super) fn hide(inputs: &mut Inputs) {
    if inputs.award.council.as_ref().is_some_and(Council::centres) { by_member(inputs) } else { by_ballot(inputs) }
}

fn is_ballot(one: &&mut Assessment) -> bool {
    one.stage == Stage::Council
}

fn by_ballot(inputs: &mut Inputs) {
    for candidate in &mut inputs.candidates {
        let mut cast: BTreeMap<String, Vec<&mut Assessment>> = BTreeMap::new();
        for one in candidate.assessments.iter_mut().filter(is_ballot) {
            cast.entry(one.criterion.clone()).or_default().push(one);
        }
        for ballots in cast.values_mut() {
            ballots.sort_by_key(|one| one.points);
            ballots.iter_mut().zip(1..).for_each(|(one, number)| one.assessor = numbered(number));
        }
    }
}

/// Candidate, criterion and points.
type Cast<'a> = (&'a str, &'a str, Option<Decimal>);

/// One number for all ballots of a member.
fn by_member(inputs: &mut Inputs) {
    let mut cast: BTreeMap<&str, Vec<Cast>> = BTreeMap::new();
    for candidate in &inputs.candidates {
        for one in candidate.assessments.iter().filter(|one| one.stage == Stage::Council) {
            cast.entry(&one.assessor).or_default().push((&candidate.code, &one.criterion, one.points));
        }
    }
    let mut cast: Vec<_> = cast.into_iter().collect();
    cast.iter_mut().for_each(|(_, votes)| votes.sort());
    cast.sort_by(|(_, a), (_, b)| a.cmp(b));
    let numbers = cast.into_iter().zip(1..).map(|((member, _), number)| (member.to_owned(), numbered(number)));
    let numbers: BTreeMap<String, String> = numbers.collect();
    let ballots = inputs.candidates.iter_mut().flat_map(|one| &mut one.assessments).filter(is_ballot);
    ballots.for_each(|one| one.assessor = numbers.get(&one.assessor).cloned().unwrap_or_default());
}

fn numbered(number: usize) -> String {
    format!("{number:03}")
}

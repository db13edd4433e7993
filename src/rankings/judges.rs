//! What stands for the members of a council in frozen inputs: in an open vote their ids, in a secret one a number that
//! follows from the points alone, so that no reader of the inputs learns whose they are.

use std::collections::BTreeMap;

use crate::{
    assessments::Ballots,
    db::AccountId,
    exact::Decimal,
    movements::plan::{Ballot, Council},
    nominations::Nomination,
    people::Party,
};

/// By member. Members who cast the same points on the same candidates may change numbers, and no byte of the inputs.
pub(super) fn judges(
    rules: &Council,
    ballots: &Ballots,
    nominations: &[Nomination],
    code: impl Fn(Party) -> String,
) -> BTreeMap<AccountId, String> {
    let mut cast: BTreeMap<AccountId, Vec<(String, String, Decimal)>> = BTreeMap::new();
    for nomination in nominations {
        for ballot in ballots.counted(nomination.id) {
            let vote = (code(nomination.candidate), ballot.criterion.to_owned(), ballot.points);
            cast.entry(ballot.member).or_default().push(vote);
        }
    }
    if rules.ballot == Ballot::Open {
        return cast.into_keys().map(|member| (member, member.to_string())).collect();
    }
    let mut cast: Vec<_> = cast.into_iter().collect();
    cast.iter_mut().for_each(|(_, votes)| votes.sort());
    cast.sort_by(|(_, a), (_, b)| a.cmp(b));
    cast.into_iter().enumerate().map(|(at, (member, _))| (member, format!("{:03}", at + 1))).collect()
}

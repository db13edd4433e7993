//! What the council's sessions came to on each candidate of an award.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Session};
use crate::{
    db::{Conn, NominationId, SessionId},
    http::Result,
    movements::Movement,
};

/// The council's vote on a candidate, in the newest closed session with quorum that no other replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CouncilVote {
    pub session: SessionId,
    pub held_on: NaiveDate,
    #[serde(rename = "for")]
    pub in_favour: u32,
    /// How many votes the share is of.
    pub base: u32,
    pub passed: bool,
}

/// By nomination.
pub async fn council_votes(
    conn: &mut Conn,
    movement: &Movement,
    award: &str,
) -> Result<BTreeMap<NominationId, CouncilVote>> {
    let newest_first = store::list(conn, movement, award).await?;
    let replaced: BTreeSet<SessionId> = newest_first.iter().filter_map(|one| one.replaces).collect();
    let stand = newest_first.iter().filter(|one| !replaced.contains(&one.id));
    let mut votes = BTreeMap::new();
    for (nomination, vote) in stand.flat_map(votes_of) {
        votes.entry(nomination).or_insert(vote);
    }
    Ok(votes)
}

/// None without a quorum, and while it is open.
fn votes_of(session: &Session) -> Vec<(NominationId, CouncilVote)> {
    let outcome = session.outcome.iter().filter(|outcome| outcome.quorum);
    let voted = outcome.flat_map(|outcome| &outcome.candidates).map(|one| {
        let (in_favour, base, passed) = (one.count.in_favour, one.base, one.passed);
        (one.nomination, CouncilVote { session: session.id, held_on: session.held_on, in_favour, base, passed })
    });
    voted.collect()
}

//! Disclosures come about in the transaction of what brings them about: a ballot, a recusal, the record of a member, the
//! close of a session, a run. Reads never decide.

use super::{ballots::Ballots, disclosure_store::insert_disclosures};
use crate::{
    db::{Conn, Lock, advisory_lock, try_advisory_lock},
    http::{Result, WriteScope},
    movements::{
        self, LockedMovement, Movement,
        plan::{Award, Council},
    },
    nominations::{self, Nomination, State},
};

/// Discloses what is due on these nominations. The caller holds the council's lock, or shares it and holds the nomination's.
/// A trial discloses nothing: it would show a figure that leaves no trace.
pub async fn disclose(
    conn: &mut Conn,
    scope: &WriteScope,
    movement: &Movement,
    rules: &Council,
    nominations: &[Nomination],
) -> Result<()> {
    if scope.is_trial() {
        return Ok(());
    }
    let ballots = Ballots::of(conn, movement, rules, nominations, scope.today(), None).await?;
    insert_disclosures(conn, movement.locality, &ballots.due(nominations, scope.now)).await
}

/// The same on an award before an official run, so that somebody whose role has ended does not hold it up for ever. A preview,
/// which supersedes nothing and can be made at will, decides nothing. Who votes or closes
/// a session at the same time is not waited for: they disclose what is due themselves.
pub async fn disclose_before_run(
    conn: &mut Conn,
    scope: &WriteScope,
    movement: &Movement,
    award: &Award,
) -> Result<()> {
    let Some(rules) = award.council.as_ref().filter(|_| !scope.is_trial()) else { return Ok(()) };
    let nominations = judged(conn, scope, movement, award).await?;
    let ballots = Ballots::of(conn, movement, rules, &nominations, scope.today(), None).await?;
    let lock = Lock::Council { movement: movement.id, award: &award.code };
    if ballots.due(&nominations, scope.now).is_empty() || !try_advisory_lock(conn, lock).await? {
        return Ok(());
    }
    disclose(conn, scope, movement, rules, &nominations).await
}

/// Every council of the locality that judges, locked: a change of its members changes who may vote.
pub struct Councils(Vec<(LockedMovement, Vec<Award>)>);

impl Councils {
    pub async fn lock(conn: &mut Conn, scope: &WriteScope) -> Result<Self> {
        let mut councils = Vec::new();
        for movement in movements::share_under_way(conn, scope.recall()?).await? {
            let awards = movement.on(scope.today()).plan.awards.iter().filter(|award| award.council.is_some());
            let mut awards: Vec<Award> = awards.cloned().collect();
            awards.sort_by(|a, b| a.code.cmp(&b.code));
            councils.push((movement, awards));
        }
        for (movement, awards) in &councils {
            for award in awards {
                advisory_lock(conn, Lock::Council { movement: movement.id, award: &award.code }).await?;
            }
        }
        Ok(Self(councils))
    }

    pub async fn disclose(&self, conn: &mut Conn, scope: &WriteScope) -> Result<()> {
        for (movement, awards) in &self.0 {
            for award in awards {
                let Some(rules) = &award.council else { continue };
                let nominations = judged(conn, scope, movement, award).await?;
                disclose(conn, scope, movement, rules, &nominations).await?;
            }
        }
        Ok(())
    }
}

/// The nominations that are neither rejected nor withdrawn.
async fn judged(conn: &mut Conn, scope: &WriteScope, movement: &Movement, award: &Award) -> Result<Vec<Nomination>> {
    let mut nominations = nominations::as_of(conn, movement, &award.code, scope.now).await?;
    nominations.retain(|one| matches!(one.state, State::Nominated | State::Verified));
    Ok(nominations)
}

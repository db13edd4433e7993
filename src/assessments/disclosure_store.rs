//! Disclosures of the council's ballots, and the sessions that end a vote, in the database. Rows are only inserted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::rounds::Disclosure;
use crate::{
    db::{AccountId, Conn, LocalityId, NominationId, schema::disclosures as kept, statement},
    http::Result,
};

/// A disclosure on one criterion of one nomination.
#[derive(Debug, Clone)]
pub struct Disclosed {
    pub nomination: NominationId,
    pub criterion: String,
    pub what: Disclosure,
    pub at: DateTime<Utc>,
}

/// The newest on each criterion of these nominations (by an instant, where one is given).
pub async fn disclosures(
    conn: &mut Conn,
    locality: LocalityId,
    nominations: &[NominationId],
    by: Option<DateTime<Utc>>,
) -> Result<BTreeMap<(NominationId, String), Disclosed>> {
    type Accounts = Vec<Option<AccountId>>;
    type Kept = (NominationId, String, i32, Accounts, Option<Accounts>, DateTime<Utc>);
    let known = kept::locality_id.eq(locality).and(kept::nomination_id.eq_any(nominations.to_vec()));
    let mut found = kept::table.filter(known).into_boxed();
    if let Some(by) = by {
        found = found.filter(kept::at.le(by));
    }
    let columns = (kept::nomination_id, kept::criterion, kept::round, kept::members, kept::council, kept::at);
    let rows: Vec<Kept> = found.order(kept::round).select(columns).load(conn).await?;
    let newest = rows.into_iter().map(|(nomination, criterion, round, members, council, at)| {
        let all = |accounts: Accounts| accounts.into_iter().flatten().collect();
        let what = Disclosure { round, members: all(members), council: council.map(all) };
        ((nomination, criterion.clone()), Disclosed { nomination, criterion, what, at })
    });
    Ok(newest.collect())
}

/// The caller holds the lock of the council or of the nomination, so that none is decided twice.
pub async fn insert_disclosures(conn: &mut Conn, locality: LocalityId, disclosed: &[Disclosed]) -> Result<()> {
    if disclosed.is_empty() {
        return Ok(());
    }
    let row = |one: &Disclosed| {
        (
            kept::locality_id.eq(locality),
            kept::nomination_id.eq(one.nomination),
            kept::criterion.eq(one.criterion.clone()),
            kept::round.eq(one.what.round),
            kept::members.eq(one.what.members.iter().copied().collect::<Vec<_>>()),
            kept::council.eq(one.what.council.as_ref().map(|council| council.iter().copied().collect::<Vec<_>>())),
            kept::at.eq(one.at.trunc_subsecs(6)),
        )
    };
    let rows: Vec<_> = disclosed.iter().map(row).collect();
    diesel::insert_into(kept::table).values(rows).execute(conn).await?;
    Ok(())
}

/// A session that ends the vote on a candidate.
#[derive(Debug, Clone)]
pub struct Closed {
    pub roll: BTreeSet<AccountId>,
    /// Of the roll, who was recused when the votes were counted.
    pub recused: BTreeSet<AccountId>,
}

/// The sessions with quorum that the council has closed on these nominations, and that none replaces.
pub async fn closed(
    conn: &mut Conn,
    locality: LocalityId,
    nominations: &[NominationId],
) -> Result<BTreeMap<NominationId, Closed>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        nomination_id: NominationId,
        #[diesel(sql_type = Array<SqlUuid>)]
        roll: Vec<AccountId>,
        #[diesel(sql_type = Array<SqlUuid>)]
        recused: Vec<AccountId>,
    }
    let rows: Vec<Row> = statement(
        "SELECT DISTINCT ON (v.nomination_id) v.nomination_id, v.recused,
                ARRAY(SELECT a.member_id FROM council_attendances a
                      WHERE a.locality_id = $1 AND a.session_id = s.id) AS roll
         FROM council_votes v JOIN council_sessions s ON s.locality_id = v.locality_id AND s.id = v.session_id
         WHERE v.locality_id = $1 AND v.nomination_id = ANY($2) AND s.state = 'closed'
           AND (s.outcome->>'quorum')::boolean
           AND NOT EXISTS (SELECT FROM council_sessions r WHERE r.locality_id = $1 AND r.replaces = s.id)
         ORDER BY v.nomination_id, s.closed_at DESC, v.version DESC",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<Array<SqlUuid>, _>(nominations)
    .load(conn)
    .await?;
    let closed = |row: Row| {
        let Row { nomination_id, roll, recused } = row;
        (nomination_id, Closed { roll: roll.into_iter().collect(), recused: recused.into_iter().collect() })
    };
    Ok(rows.into_iter().map(closed).collect())
}

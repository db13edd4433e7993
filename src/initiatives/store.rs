//! Initiatives and their owners in the database.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;

use super::{
    duplicate_store,
    initiative::{Duplicate, Initiative, Recognised, Replication},
    replication_store,
    rules::State,
};
use crate::{
    db::{
        AccountId, Conn, HouseholdId, InitiativeId, Listed, LocalityId, MovementId, Order, PersonId, Position, SortKey,
        Sorts, UnitId, from_text, listed,
        schema::{initiative_owners as owners, initiatives},
        to_text,
    },
    http::{Actor, Result},
    movements::Movement,
    people::{Party, Scope},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = initiatives)]
struct Row {
    id: InitiativeId,
    movement_id: MovementId,
    title: String,
    summary: String,
    state: String,
    level: Option<String>,
    reason: Option<String>,
    proposed_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    version: i32,
}

impl Row {
    fn into_domain(
        self,
        owners: Vec<Party>,
        duplicate: Option<Duplicate>,
        replicated_to: Vec<Replication>,
    ) -> Result<Initiative> {
        Ok(Initiative {
            id: self.id,
            duplicate,
            replicated_to,
            movement: self.movement_id,
            title: self.title,
            summary: self.summary,
            state: from_text(self.state)?,
            level: self.level,
            reason: self.reason,
            owners,
            proposed_at: self.proposed_at,
            decided_at: self.decided_at,
            version: self.version,
        })
    }
}

/// Which initiatives a list shows.
pub struct Filter {
    pub state: Option<State>,
    /// Only those with an owner among these.
    pub scope: Option<Scope>,
}

/// The newest first.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::instant("proposed_at", "initiatives.proposed_at"),
        SortKey::text("state", "initiatives.state"),
        SortKey::words("title", "initiatives.title"),
    ],
    default: "-proposed_at",
    tie: SortKey::id("id", "initiatives.id"),
};

pub async fn list(conn: &mut Conn, movement: &Movement, filter: &Filter, order: &Order) -> Result<Listed<Initiative>> {
    let Listed { rows, total } = listed!(conn, order, Row, matching(movement, filter)?);
    let (rows, positions): (Vec<Row>, Vec<Position>) = rows.into_iter().unzip();
    let whole = with_owners(conn, movement.locality, rows).await?;
    Ok(Listed { rows: whole.into_iter().zip(positions).collect(), total })
}

fn matching(movement: &Movement, filter: &Filter) -> Result<initiatives::BoxedQuery<'static, Pg>> {
    let of_movement = initiatives::locality_id.eq(movement.locality).and(initiatives::movement_id.eq(movement.id));
    let mut query = initiatives::table.filter(of_movement).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(initiatives::state.eq(to_text(state)?));
    }
    if let Some(Scope { units, people, households }) = filter.scope.clone() {
        let named = owners::table
            .filter(owners::locality_id.eq(movement.locality))
            .filter(
                owners::unit_id
                    .eq_any(units)
                    .or(owners::person_id.eq_any(people))
                    .or(owners::household_id.eq_any(households)),
            )
            .select(owners::initiative_id);
        query = query.filter(initiatives::id.eq_any(named));
    }
    Ok(query)
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: InitiativeId) -> Result<Option<Initiative>> {
    let row = initiatives::table.find((locality, id)).select(Row::as_select()).first(conn).await.optional()?;
    Ok(with_owners(conn, locality, Vec::from_iter(row)).await?.pop())
}

/// One initiative, locked until the transaction ends.
pub async fn lock(conn: &mut Conn, locality: LocalityId, id: InitiativeId) -> Result<Option<Initiative>> {
    Ok(lock_all(conn, locality, &[id]).await?.pop())
}

/// Several, locked in the order of their ids, which avoids deadlocks.
pub async fn lock_all(conn: &mut Conn, locality: LocalityId, ids: &[InitiativeId]) -> Result<Vec<Initiative>> {
    let named = initiatives::table.filter(initiatives::locality_id.eq(locality).and(initiatives::id.eq_any(ids)));
    let rows = named.order(initiatives::id).select(Row::as_select()).for_update().load(conn).await?;
    with_owners(conn, locality, rows).await
}

/// Initiatives recognised by an instant, and not marked as duplicates by then. Both are final, so the current rows
/// answer for any instant.
pub async fn recognised(conn: &mut Conn, movement: &Movement, as_of: DateTime<Utc>) -> Result<Vec<Recognised>> {
    let of_movement = initiatives::locality_id.eq(movement.locality).and(initiatives::movement_id.eq(movement.id));
    let rows: Vec<Row> = initiatives::table
        .filter(of_movement.and(initiatives::decided_at.le(as_of)).and(initiatives::level.is_not_null()))
        .order(initiatives::id)
        .select(Row::as_select())
        .load(conn)
        .await?;
    as_recognised(conn, movement.locality, rows, as_of).await
}

/// Of these, whatever their movement, those recognised by an instant.
pub async fn recognised_among(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[InitiativeId],
    as_of: DateTime<Utc>,
) -> Result<Vec<Recognised>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let among = initiatives::locality_id.eq(locality).and(initiatives::id.eq_any(ids));
    let rows: Vec<Row> = initiatives::table
        .filter(among.and(initiatives::decided_at.le(as_of)).and(initiatives::level.is_not_null()))
        .order(initiatives::id)
        .select(Row::as_select())
        .load(conn)
        .await?;
    as_recognised(conn, locality, rows, as_of).await
}

/// Those that were not marked as duplicates by an instant.
async fn as_recognised(
    conn: &mut Conn,
    locality: LocalityId,
    rows: Vec<Row>,
    as_of: DateTime<Utc>,
) -> Result<Vec<Recognised>> {
    let whole = with_owners(conn, locality, rows).await?.into_iter();
    Ok(whole
        .filter(|initiative| initiative.duplicate.as_ref().is_none_or(|duplicate| duplicate.at > as_of))
        .filter_map(|initiative| {
            let (level, decided_at) = initiative.level.zip(initiative.decided_at)?;
            Some(Recognised {
                id: initiative.id,
                title: initiative.title,
                level,
                owners: initiative.owners,
                decided_at,
            })
        })
        .collect())
}

async fn with_owners(conn: &mut Conn, locality: LocalityId, rows: Vec<Row>) -> Result<Vec<Initiative>> {
    let ids: Vec<InitiativeId> = rows.iter().map(|row| row.id).collect();
    let mut owners = owners_of(conn, locality, &ids).await?;
    let mut duplicates = duplicate_store::marks(conn, locality, &ids).await?;
    let mut replications = replication_store::standing(conn, locality, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let (owners, used) = (owners.remove(&row.id), replications.remove(&row.id));
            let duplicate = duplicates.remove(&row.id);
            row.into_domain(owners.unwrap_or_default(), duplicate, used.unwrap_or_default())
        })
        .collect()
}

async fn owners_of(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[InitiativeId],
) -> Result<HashMap<InitiativeId, Vec<Party>>> {
    type Owner = (InitiativeId, Option<UnitId>, Option<PersonId>, Option<HouseholdId>);
    let found: Vec<Owner> = owners::table
        .filter(owners::locality_id.eq(locality).and(owners::initiative_id.eq_any(ids)))
        .order((owners::initiative_id, owners::position))
        .select((owners::initiative_id, owners::unit_id, owners::person_id, owners::household_id))
        .load(conn)
        .await?;
    let mut by_initiative: HashMap<InitiativeId, Vec<Party>> = HashMap::new();
    for (id, unit, person, household) in found {
        by_initiative.entry(id).or_default().extend(Party::of(unit, person, household));
    }
    Ok(by_initiative)
}

pub async fn insert(conn: &mut Conn, actor: &Actor, new: &Initiative) -> Result<()> {
    diesel::insert_into(initiatives::table)
        .values((
            initiatives::locality_id.eq(actor.locality),
            initiatives::id.eq(new.id),
            initiatives::movement_id.eq(new.movement),
            initiatives::title.eq(&new.title),
            initiatives::summary.eq(&new.summary),
            initiatives::state.eq(to_text(new.state)?),
            initiatives::proposed_by.eq(actor.account),
            initiatives::proposed_for.eq(&actor.acting_for),
            initiatives::proposed_at.eq(new.proposed_at),
            initiatives::version.eq(new.version),
        ))
        .execute(conn)
        .await?;
    let rows: Vec<_> = (1..)
        .zip(&new.owners)
        .map(|(position, owner)| {
            (
                owners::locality_id.eq(actor.locality),
                owners::initiative_id.eq(new.id),
                owners::position.eq(position),
                owners::unit_id.eq(owner.unit()),
                owners::person_id.eq(owner.person()),
                owners::household_id.eq(owner.household()),
            )
        })
        .collect();
    diesel::insert_into(owners::table).values(rows).execute(conn).await?;
    Ok(())
}

/// Which of these one of the persons proposed, or somebody by a role that they delegated.
pub async fn proposed_by(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[InitiativeId],
    persons: Vec<AccountId>,
) -> Result<HashSet<InitiativeId>> {
    let by_them = initiatives::proposed_by.eq_any(persons.clone()).or(initiatives::proposed_for.overlaps_with(persons));
    let some = initiatives::table.filter(initiatives::locality_id.eq(locality).and(initiatives::id.eq_any(ids)));
    Ok(some.filter(by_them).select(initiatives::id).load(conn).await?.into_iter().collect())
}

/// Stores a decision.
pub async fn decide(conn: &mut Conn, actor: &Actor, decided: &Initiative) -> Result<()> {
    diesel::update(initiatives::table.find((actor.locality, decided.id)))
        .set((
            initiatives::state.eq(to_text(decided.state)?),
            initiatives::level.eq(&decided.level),
            initiatives::reason.eq(&decided.reason),
            initiatives::decided_by.eq(actor.account),
            initiatives::decided_at.eq(decided.decided_at),
            initiatives::version.eq(decided.version),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

//! Nominations and their events in the database.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::{
    pg::Pg,
    prelude::*,
    sql_types::{Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::rules::{Action, Hold, Nomination, State};
use crate::{
    db::{
        AccountId, Conn, HouseholdId, InitiativeId, Listed, LocalityId, NominationId, OnConstraint, Order, PersonId,
        SortKey, Sorts, UnitId, from_text, listed,
        schema::{accounts, nomination_events as events, nominations},
        statement, to_text,
    },
    http::{Actor, Error, Result, etag},
    movements::Movement,
    people::{Party, Scope},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = nominations)]
struct Row {
    id: NominationId,
    unit_id: Option<UnitId>,
    person_id: Option<PersonId>,
    household_id: Option<HouseholdId>,
    participant_group: String,
    state: String,
    achievement: String,
    self_scores: Value,
    direct_work: bool,
    facts: Value,
    evidence: Vec<Option<Uuid>>,
    initiatives: Vec<Option<InitiativeId>>,
    on_behalf_reason: Option<String>,
    reason: Option<String>,
    hold_reason: Option<String>,
    hold_source: Option<String>,
    version: i32,
}

impl Row {
    fn into_domain(self) -> Result<Nomination> {
        let candidate = Party::of(self.unit_id, self.person_id, self.household_id);
        Ok(Nomination {
            id: self.id,
            candidate: candidate.ok_or_else(|| Error::internal("a nomination without a candidate"))?,
            group: self.participant_group,
            state: from_text(self.state)?,
            achievement: self.achievement,
            self_scores: serde_json::from_value(self.self_scores).map_err(Error::internal)?,
            direct_work: self.direct_work,
            facts: serde_json::from_value(self.facts).map_err(Error::internal)?,
            evidence: self.evidence.into_iter().flatten().collect(),
            initiatives: self.initiatives.into_iter().flatten().collect(),
            on_behalf_reason: self.on_behalf_reason,
            reason: self.reason,
            hold: self.hold_reason.zip(self.hold_source).map(|(reason, source)| Hold { reason, source }),
            version: self.version,
        })
    }
}

/// The nomination of a candidate for an award.
pub async fn find(conn: &mut Conn, movement: &Movement, award: &str, candidate: Party) -> Result<Option<Nomination>> {
    let nomination = of_award(movement, award).filter(nominations::unit_id.is_not_distinct_from(candidate.unit()));
    let nomination = nomination.filter(nominations::person_id.is_not_distinct_from(candidate.person()));
    let nomination = nomination.filter(nominations::household_id.is_not_distinct_from(candidate.household()));
    let row: Option<Row> = nomination.select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

/// The same, locked until the transaction ends.
pub async fn lock(conn: &mut Conn, movement: &Movement, award: &str, candidate: Party) -> Result<Option<Nomination>> {
    let Some(found) = find(conn, movement, award, candidate).await? else { return Ok(None) };
    let row = nominations::table.find((movement.locality, found.id)).select(Row::as_select()).for_update();
    let row: Row = row.first(conn).await?;
    row.into_domain().map(Some)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_award<'a>(movement: &'a Movement, award: &'a str) -> _ {
    let movement_id: crate::db::MovementId = movement.id;
    let locality: LocalityId = movement.locality;
    nominations::table.filter(
        nominations::locality_id
            .eq(locality)
            .and(nominations::movement_id.eq(movement_id))
            .and(nominations::award.eq(award)),
    )
}

/// Which nominations a list shows.
pub struct Filter {
    pub state: Option<State>,
    /// Only these candidates.
    pub scope: Option<Scope>,
}

/// The first entered first.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::id("entered", "nominations.id"),
        SortKey::text("state", "nominations.state"),
        SortKey::text("group", "nominations.participant_group"),
    ],
    default: "entered",
    tie: SortKey::id("entered", "nominations.id"),
};

pub async fn list(
    conn: &mut Conn,
    movement: &Movement,
    award: &str,
    filter: &Filter,
    order: &Order,
) -> Result<Listed<Nomination>> {
    listed!(conn, order, Row, matching(movement, award, filter)?).try_map(Row::into_domain)
}

fn matching<'a>(movement: &Movement, award: &'a str, filter: &Filter) -> Result<nominations::BoxedQuery<'a, Pg>> {
    let of_movement = nominations::locality_id.eq(movement.locality).and(nominations::movement_id.eq(movement.id));
    let mut query = nominations::table.filter(of_movement.and(nominations::award.eq(award))).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(nominations::state.eq(to_text(state)?));
    }
    if let Some(Scope { units, people, households }) = filter.scope.clone() {
        let of_parties = nominations::unit_id.eq_any(units).or(nominations::person_id.eq_any(people));
        query = query.filter(of_parties.or(nominations::household_id.eq_any(households)));
    }
    Ok(query)
}

/// The nominations for an award as of an instant.
pub async fn as_of(conn: &mut Conn, movement: &Movement, award: &str, at: DateTime<Utc>) -> Result<Vec<Nomination>> {
    #[derive(QueryableByName)]
    struct Kept {
        #[diesel(sql_type = Jsonb)]
        dossier: Value,
    }
    let kept: Vec<Kept> = statement(
        "SELECT DISTINCT ON (e.nomination_id) e.dossier
         FROM nominations n JOIN nomination_events e ON e.locality_id = n.locality_id AND e.nomination_id = n.id
         WHERE n.locality_id = $1 AND n.movement_id = $2 AND n.award = $3 AND e.at <= $4
         ORDER BY e.nomination_id, e.version DESC",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Text, _>(award)
    .bind::<Timestamptz, _>(at)
    .load(conn)
    .await?;
    kept.into_iter().map(|kept| serde_json::from_value(kept.dossier).map_err(Error::internal)).collect()
}

/// Which of these dossiers one of the persons has entered or changed, or somebody by a role that they delegated.
pub async fn authored(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[NominationId],
    persons: Vec<AccountId>,
) -> Result<HashSet<NominationId>> {
    let entered = entered(conn, locality, ids).await?;
    Ok(entered.into_iter().filter(|(_, entered)| entered.is_by(&persons)).map(|(id, _)| id).collect())
}

/// Who nominated, when, and who wrote the dossier.
#[derive(Debug, Clone)]
pub struct Entered {
    /// Username.
    pub by: String,
    pub at: DateTime<Utc>,
    authors: HashSet<AccountId>,
}

impl Entered {
    /// Whether one of the persons has entered or changed the dossier, or somebody by a role that they delegated.
    pub fn is_by(&self, persons: &[AccountId]) -> bool {
        persons.iter().any(|person| self.authors.contains(person))
    }
}

/// How these dossiers came in.
pub async fn entered(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[NominationId],
) -> Result<HashMap<NominationId, Entered>> {
    type Act = (NominationId, AccountId, Vec<Option<AccountId>>, DateTime<Utc>, String);
    let acts: Vec<Act> = events::table
        .inner_join(accounts::table.on(accounts::id.eq(events::actor_id)))
        .filter(events::locality_id.eq(locality).and(events::nomination_id.eq_any(ids.to_vec())))
        .filter(events::action.eq(to_text(Action::Nominate)?))
        .order((events::nomination_id, events::version))
        .select((events::nomination_id, events::actor_id, events::acting_for, events::at, accounts::username))
        .load(conn)
        .await?;
    let mut entered: HashMap<NominationId, Entered> = HashMap::new();
    for (id, actor, acting_for, at, by) in acts {
        let first = entered.entry(id).or_insert(Entered { by, at, authors: HashSet::new() });
        first.authors.insert(actor);
        first.authors.extend(acting_for.into_iter().flatten());
    }
    Ok(entered)
}

/// Stores a new (version 1) or changed nomination, and its act.
pub async fn save(
    conn: &mut Conn,
    actor: &Actor,
    place: (&Movement, &str),
    after: &Nomination,
    action: Action,
    reason: Option<&str>,
) -> Result<()> {
    let what = (
        nominations::participant_group.eq(&after.group),
        nominations::state.eq(to_text(after.state)?),
        nominations::achievement.eq(&after.achievement),
        nominations::self_scores.eq(serde_json::to_value(&after.self_scores).map_err(Error::internal)?),
        nominations::direct_work.eq(after.direct_work),
        nominations::facts.eq(serde_json::to_value(&after.facts).map_err(Error::internal)?),
        nominations::evidence.eq(after.evidence.clone()),
        nominations::initiatives.eq(after.initiatives.clone()),
        nominations::on_behalf_reason.eq(&after.on_behalf_reason),
        nominations::reason.eq(&after.reason),
        nominations::hold_reason.eq(after.hold.as_ref().map(|hold| &hold.reason)),
        nominations::hold_source.eq(after.hold.as_ref().map(|hold| &hold.source)),
        nominations::version.eq(after.version),
    );
    if after.version > 1 {
        let row = nominations::table.find((actor.locality, after.id));
        diesel::update(row).set(what).execute(conn).await?;
    } else {
        let key = (
            nominations::locality_id.eq(actor.locality),
            nominations::id.eq(after.id),
            nominations::movement_id.eq(place.0.id),
            nominations::award.eq(place.1),
            nominations::unit_id.eq(after.candidate.unit()),
            nominations::person_id.eq(after.candidate.person()),
            nominations::household_id.eq(after.candidate.household()),
        );
        let taken = || Error::of("precondition_failed").with("etag", etag(1));
        let insert = diesel::insert_into(nominations::table).values((key, what));
        insert.execute(conn).await.on_constraint("nominations_candidate_key", taken)?;
    }
    diesel::insert_into(events::table)
        .values((
            events::locality_id.eq(actor.locality),
            events::nomination_id.eq(after.id),
            events::version.eq(after.version),
            events::action.eq(to_text(action)?),
            events::actor_id.eq(actor.account),
            events::at.eq(actor.at),
            events::reason.eq(reason),
            events::dossier.eq(serde_json::to_value(after).map_err(Error::internal)?),
            events::acting_for.eq(&actor.acting_for),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

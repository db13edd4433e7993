//! What a dossier is found beside, in the database: what else its initiatives serve, where else its candidate is nominated,
//! and its holds.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::rules::{Action, Hold, State};
use crate::{
    db::{
        Conn, HouseholdId, InitiativeId, LocalityId, MovementId, NominationId, PersonId, UnitId, from_text,
        schema::{accounts, nomination_events as events},
        statement, to_text,
    },
    http::{Error, Result},
    movements::Movement,
    people::Party,
};

/// A dossier that relies on an initiative.
#[derive(QueryableByName, Debug, Clone)]
pub struct Use {
    #[diesel(sql_type = SqlUuid)]
    pub initiative: InitiativeId,
    #[diesel(sql_type = SqlUuid)]
    pub nomination: NominationId,
    #[diesel(sql_type = SqlUuid)]
    pub movement: MovementId,
    #[diesel(sql_type = Text)]
    pub movement_code: String,
    #[diesel(sql_type = Text)]
    pub award: String,
}

/// The dossiers of the locality that rely on one of these initiatives: as of an instant verified ones, which alone take it
/// from others; now, for who would rely on it too, also nominated ones until their movement is concluded. A dossier of which
/// it is published that it got nothing, or lost it, relies on nothing any more.
pub async fn uses(
    conn: &mut Conn,
    locality: LocalityId,
    initiatives: &BTreeSet<InitiativeId>,
    at: Option<DateTime<Utc>>,
) -> Result<Vec<Use>> {
    if initiatives.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<InitiativeId> = initiatives.iter().copied().collect();
    let found = statement(
        "SELECT used.id::uuid AS initiative, n.id AS nomination, m.id AS movement, m.code AS movement_code, n.award
         FROM (SELECT DISTINCT ON (e.nomination_id) e.nomination_id, e.dossier
               FROM nomination_events e WHERE e.locality_id = $1 AND ($3 IS NULL OR e.at <= $3)
               ORDER BY e.nomination_id, e.version DESC) AS kept
             JOIN nominations n ON n.locality_id = $1 AND n.id = kept.nomination_id
             JOIN movements m ON m.locality_id = $1 AND m.id = n.movement_id
             CROSS JOIN LATERAL jsonb_array_elements_text(kept.dossier -> 'initiatives') AS used (id)
         WHERE used.id::uuid = ANY($2)
           AND (kept.dossier ->> 'state' = 'verified'
                OR $3 IS NULL AND kept.dossier ->> 'state' = 'nominated' AND m.concluded_at IS NULL)
           AND (NOT EXISTS (SELECT FROM award_decisions d
                                JOIN award_publications p ON p.locality_id = $1 AND p.decision_id = d.id
                            WHERE d.locality_id = $1 AND d.movement_id = n.movement_id AND d.award = n.award
                              AND ($3 IS NULL OR p.published_at <= $3))
                OR EXISTS (SELECT FROM award_decision_candidates c
                               JOIN award_publications p ON p.locality_id = $1 AND p.decision_id = c.decision_id
                           WHERE c.locality_id = $1 AND c.nomination_id = n.id AND c.ordinal IS NOT NULL
                             AND ($3 IS NULL OR p.published_at <= $3)
                             AND NOT EXISTS (SELECT FROM award_acts a
                                             WHERE a.locality_id = $1 AND a.decision_id = c.decision_id
                                               AND a.nomination_id = n.id AND a.kind = 'revocation'
                                               AND ($3 IS NULL OR a.at <= $3))))
         ORDER BY n.id",
    );
    Ok(found
        .bind::<SqlUuid, _>(locality)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Nullable<Timestamptz>, _>(at)
        .load(conn)
        .await?)
}

/// Another nomination that may be of the same candidate or for the same achievement.
#[derive(Debug, Clone)]
pub struct Other {
    /// Whom it was looked for.
    pub of: Party,
    pub candidate: Party,
    pub movement: MovementId,
    pub movement_code: String,
    pub award: String,
    pub group: String,
    pub state: State,
    /// By a published decision that was not revoked.
    pub awarded: bool,
    pub nominated_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct OtherRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    unit_id: Option<UnitId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<PersonId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    household_id: Option<HouseholdId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    namesake_of: Option<PersonId>,
    #[diesel(sql_type = SqlUuid)]
    movement: MovementId,
    #[diesel(sql_type = Text)]
    movement_code: String,
    #[diesel(sql_type = Text)]
    award: String,
    #[diesel(sql_type = Text)]
    participant_group: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Bool)]
    awarded: bool,
    #[diesel(sql_type = Timestamptz)]
    nominated_at: DateTime<Utc>,
}

impl OtherRow {
    fn into_domain(self) -> Result<Other> {
        let candidate = Party::of(self.unit_id, self.person_id, self.household_id);
        let candidate = candidate.ok_or_else(|| Error::internal("a nomination without a candidate"))?;
        Ok(Other {
            of: self.namesake_of.map_or(candidate, Party::Person),
            candidate,
            movement: self.movement,
            movement_code: self.movement_code,
            award: self.award,
            group: self.participant_group,
            state: from_text(self.state)?,
            awarded: self.awarded,
            nominated_at: self.nominated_at,
        })
    }
}

/// Other standing nominations of candidates of an award: of the same candidate for any other award of the locality, and in
/// the movement those of persons who bear the very same name.
pub async fn others(conn: &mut Conn, movement: &Movement, award: &str, candidates: &[Party]) -> Result<Vec<Other>> {
    let units: Vec<UnitId> = candidates.iter().filter_map(|party| party.unit()).collect();
    let people: Vec<PersonId> = candidates.iter().filter_map(|party| party.person()).collect();
    let households: Vec<HouseholdId> = candidates.iter().filter_map(|party| party.household()).collect();
    let rows: Vec<OtherRow> = statement(
        "WITH found AS (
             SELECT n.id, NULL::uuid AS namesake_of FROM nominations n
             WHERE n.locality_id = $1 AND (n.movement_id <> $2 OR n.award <> $3)
               AND (n.unit_id = ANY($4) OR n.person_id = ANY($5) OR n.household_id = ANY($6))
             UNION
             SELECT n.id, own.person_id FROM person_versions own
                 JOIN person_versions other ON other.locality_id = $1 AND other.sort_name = own.sort_name
                     AND other.name = own.name AND other.person_id <> own.person_id
                 JOIN nominations n ON n.locality_id = $1 AND n.movement_id = $2 AND n.person_id = other.person_id
             WHERE own.locality_id = $1 AND own.person_id = ANY($5))
         SELECT n.unit_id, n.person_id, n.household_id, found.namesake_of, m.id AS movement, m.code AS movement_code,
                n.award, n.participant_group, n.state,
                EXISTS (SELECT FROM award_decision_candidates c
                            JOIN award_publications p ON p.locality_id = $1 AND p.decision_id = c.decision_id
                        WHERE c.locality_id = $1 AND c.nomination_id = n.id AND c.ordinal IS NOT NULL
                          AND NOT EXISTS (SELECT FROM award_acts a
                                          WHERE a.locality_id = $1 AND a.decision_id = c.decision_id
                                            AND a.nomination_id = n.id AND a.kind = 'revocation')) AS awarded,
                e.at AS nominated_at
         FROM found JOIN nominations n ON n.locality_id = $1 AND n.id = found.id
             JOIN movements m ON m.locality_id = $1 AND m.id = n.movement_id
             JOIN nomination_events e ON e.locality_id = $1 AND e.nomination_id = n.id AND e.version = 1
         WHERE n.state IN ('nominated', 'verified')
         ORDER BY e.at, n.id",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Text, _>(award)
    .bind::<Array<SqlUuid>, _>(units)
    .bind::<Array<SqlUuid>, _>(people)
    .bind::<Array<SqlUuid>, _>(households)
    .load(conn)
    .await?;
    rows.into_iter().map(OtherRow::into_domain).collect()
}

/// An act by which a hold began or ended.
pub struct HoldAct {
    pub began: Option<Hold>,
    pub at: DateTime<Utc>,
    pub by: String,
    pub reason: Option<String>,
}

/// The holds and releases of a nomination, in their order.
pub async fn hold_acts(conn: &mut Conn, locality: LocalityId, id: NominationId) -> Result<Vec<HoldAct>> {
    type Kept = (String, DateTime<Utc>, String, Option<String>, serde_json::Value);
    let (hold, release) = (to_text(Action::Hold)?, to_text(Action::Release)?);
    let of_nomination = events::locality_id.eq(locality).and(events::nomination_id.eq(id));
    let acts: Vec<Kept> = events::table
        .inner_join(accounts::table.on(accounts::id.eq(events::actor_id)))
        .filter(of_nomination.and(events::action.eq_any([&hold, &release])))
        .order(events::version)
        .select((events::action, events::at, accounts::username, events::reason, events::dossier))
        .load(conn)
        .await?;
    let read = |(action, at, by, reason, dossier): Kept| {
        let began = (action == hold).then(|| serde_json::from_value(dossier["hold"].clone()).map_err(Error::internal));
        Ok(HoldAct { began: began.transpose()?, at, by, reason })
    };
    acts.into_iter().map(read).collect()
}

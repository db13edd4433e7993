//! The outbox: an act publishes its events in its own transaction, so that neither commits without the other. Writers
//! only insert; numbering, reading and delivery belong to `events/`.

use chrono::{DateTime, SubsecRound, Utc};
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Conn, LocalityId, statement, to_text};
use crate::problem::Result;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum EventType {
    #[serde(rename = "submission.submitted")]
    SubmissionSubmitted,
    #[serde(rename = "submission.withdrawn")]
    SubmissionWithdrawn,
    #[serde(rename = "submission.approved")]
    SubmissionApproved,
    #[serde(rename = "submission.returned")]
    SubmissionReturned,
    #[serde(rename = "submission.reopened")]
    SubmissionReopened,
    /// A unit has not reported, and the due instant is near.
    #[serde(rename = "submission.reminder")]
    SubmissionReminder,
    /// A unit has not reported, and the due instant has passed.
    #[serde(rename = "submission.overdue")]
    SubmissionOverdue,
    #[serde(rename = "period.closed")]
    PeriodClosed,
    #[serde(rename = "period.reopened")]
    PeriodReopened,
    /// The reports of a period are due at another instant.
    #[serde(rename = "period.due_moved")]
    PeriodDueMoved,
    /// The agency's score on one criterion is to be given again.
    #[serde(rename = "assessment.sent_back")]
    AssessmentSentBack,
    /// A session of the council is closed.
    #[serde(rename = "council.session_closed")]
    CouncilSessionClosed,
    /// An amendment changes how an award is judged that has scores already.
    #[serde(rename = "award.amended")]
    AwardAmended,
    #[serde(rename = "ranking.official")]
    RankingOfficial,
    #[serde(rename = "award.proposed")]
    AwardProposed,
    /// A proposal may be objected to.
    #[serde(rename = "proposal.posted")]
    ProposalPosted,
    /// A proposal is returned or withdrawn.
    #[serde(rename = "proposal.ended")]
    ProposalEnded,
    #[serde(rename = "award.decided")]
    AwardDecided,
    #[serde(rename = "award.published")]
    AwardPublished,
    /// Somebody no longer has a published award.
    #[serde(rename = "award.revoked")]
    AwardRevoked,
    /// A published field is corrected.
    #[serde(rename = "award.corrected")]
    AwardCorrected,
}

/// A new event.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: EventType,
    /// Code of the movement.
    pub movement: String,
    /// Path of the subject below `/api/v1`.
    pub subject: String,
    /// Facts about the subject; no personal data, because events outlive the retention of people.
    pub data: Value,
    /// Deduplication key: of events with the same key only the first is stored.
    pub once: Option<String>,
}

/// Publishes events, and returns how many were new.
pub async fn emit(mut conn: &Conn, locality: LocalityId, at: DateTime<Utc>, events: &[Event]) -> Result<usize> {
    if events.is_empty() {
        return Ok(0);
    }
    let kinds: Vec<String> = events.iter().map(|event| to_text(event.kind)).collect::<Result<_>>()?;
    let told = statement(
        "WITH told AS (
             INSERT INTO events (locality_id, id, type, movement, subject, occurred_at, data, once)
             SELECT $1, u.id, u.type, u.movement, u.subject, $2, u.data, u.once
             FROM unnest($3, $4, $5, $6, $7, $8) AS u (id, type, movement, subject, data, once)
             ON CONFLICT (locality_id, once) DO NOTHING
             RETURNING id
         )
         INSERT INTO event_queue (locality_id, event_id) SELECT $1, id FROM told ORDER BY id",
    );
    Ok(told
        .bind::<SqlUuid, _>(locality)
        .bind::<Timestamptz, _>(at.trunc_subsecs(6))
        .bind::<Array<SqlUuid>, _>(events.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(kinds)
        .bind::<Array<Text>, _>(events.iter().map(|event| event.movement.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|event| event.subject.as_str()).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(events.iter().map(|event| event.data.clone()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(events.iter().map(|event| event.once.clone()).collect::<Vec<_>>())
        .execute(&mut conn)
        .await?)
}

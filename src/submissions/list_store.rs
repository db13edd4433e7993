//! Lists of submissions in the database, without what they say.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{dsl::sql, pg::Pg, prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;

use super::{
    content::{Content, OnBehalf},
    lifecycle::State,
    store::{Submission, named},
};
use crate::{
    db::{
        AccountId, Conn, Listed, Order, SortKey, Sorts, SubmissionId, UnitId, from_text, listed, schema::submissions,
        to_text,
    },
    http::Result,
    movements::Movement,
};

/// Which submissions a list shows.
#[derive(Clone, Default)]
pub struct Filter {
    pub period: Option<String>,
    /// Only these units.
    pub units: Option<Vec<UnitId>>,
    /// Only these places, each a period and a unit.
    pub places: Option<Vec<(String, UnitId)>>,
    /// The units whose drafts are listed; none for all. Of the others what was handed in at least once.
    pub drafts: Option<Vec<UnitId>>,
    pub state: Option<State>,
    pub late: Option<bool>,
}

/// By period, then unit.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::text("period", "submissions.period"),
        SortKey::text(
            "unit",
            "(SELECT u.code FROM units u WHERE u.locality_id = submissions.locality_id AND u.id = submissions.unit_id)",
        ),
        SortKey::text("state", "submissions.state"),
        SortKey::instant("first_submitted_at", "coalesce(submissions.first_submitted_at, '2200-01-01Z')"),
        SortKey::instant("updated_at", "submissions.updated_at"),
    ],
    default: "period,unit",
    tie: SortKey::id("id", "submissions.id"),
};

/// A submission without what it says.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = submissions)]
pub struct Summary {
    pub id: SubmissionId,
    pub period: String,
    pub unit_id: UnitId,
    pub state: String,
    pub revision: i32,
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub late: bool,
    pub lateness_excuse: Option<String>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

impl Summary {
    /// The submission as far as it is known without its content: what it lets be done depends on no more.
    pub fn outline(&self, entry: &Entry) -> Result<Submission> {
        let entered = entry.on_behalf.then(|| OnBehalf { reason: String::new(), source: String::new() });
        Ok(Submission {
            id: self.id,
            period: self.period.clone(),
            unit: self.unit_id,
            state: from_text(self.state.clone())?,
            content: Content { on_behalf: entered, ..Content::default() },
            revision: self.revision,
            first_submitted_at: self.first_submitted_at,
            late: self.late,
            lateness_excuse: self.lateness_excuse.clone(),
            updated_at: self.updated_at,
            version: self.version,
            drafted_by: entry.drafted_by.clone(),
        })
    }
}

pub async fn list(conn: &mut Conn, movement: &Movement, filter: &Filter, order: &Order) -> Result<Listed<Summary>> {
    Ok(listed!(conn, order, Summary, matching(movement, filter)?))
}

/// How a report was entered.
#[derive(Clone, Default)]
pub struct Entry {
    /// By the agency, for the unit.
    pub on_behalf: bool,
    pub drafted_by: Vec<AccountId>,
}

/// How each of these was entered.
pub async fn entries(
    conn: &mut Conn,
    movement: &Movement,
    ids: &[SubmissionId],
) -> Result<HashMap<SubmissionId, Entry>> {
    let some = submissions::locality_id.eq(movement.locality).and(submissions::id.eq_any(ids));
    let entered = (submissions::id, sql::<Bool>("draft ->> 'on_behalf' IS NOT NULL"), submissions::drafted_by);
    let rows: Vec<(SubmissionId, bool, Vec<Option<AccountId>>)> =
        submissions::table.filter(some).select(entered).load(conn).await?;
    let entry =
        |on_behalf, by: Vec<Option<AccountId>>| Entry { on_behalf, drafted_by: by.into_iter().flatten().collect() };
    Ok(rows.into_iter().map(|(id, on_behalf, by)| (id, entry(on_behalf, by))).collect())
}

/// When a report last changed for somebody who sees the drafts of these units only: of the others the last act. As SQL.
pub fn seen_to_change(drafts: &[UnitId]) -> String {
    let drafts = drafts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    format!(
        "(CASE WHEN submissions.unit_id = ANY('{{{drafts}}}'::uuid[]) THEN submissions.updated_at
               ELSE COALESCE((SELECT e.at FROM submission_events e
                    WHERE e.locality_id = submissions.locality_id AND e.submission_id = submissions.id
                    ORDER BY e.version DESC LIMIT 1), submissions.updated_at) END)"
    )
}

fn matching(movement: &Movement, filter: &Filter) -> Result<submissions::BoxedQuery<'static, Pg>> {
    let mut query = submissions::table
        .filter(submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id)))
        .into_boxed();
    if let Some(period) = &filter.period {
        query = query.filter(submissions::period.eq(period.clone()));
    }
    if let Some(units) = &filter.units {
        query = query.filter(submissions::unit_id.eq_any(units.clone()));
    }
    if let Some(places) = &filter.places {
        query = query.filter(named(places.clone()));
    }
    if let Some(drafts) = &filter.drafts {
        query = query.filter(submissions::revision.gt(0).or(submissions::unit_id.eq_any(drafts.clone())));
    }
    if let Some(state) = filter.state {
        query = query.filter(submissions::state.eq(to_text(state)?));
    }
    if let Some(late) = filter.late {
        query = query.filter(submissions::late.eq(late));
    }
    Ok(query)
}

//! Calendars in the database, one row a year.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;

use super::{rules::Calendar, year::Year};
use crate::{
    db::{Conn, Holdable, LocalityId, Of, OnConstraint, Recall, renew_generation, schema::calendars},
    http::{Error, Result},
};

/// A year as it is stored.
#[derive(Serialize)]
pub struct StoredYear {
    pub year: i32,
    #[serde(flatten)]
    pub days: Year,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

fn read(holidays: Value, working_days: Value) -> Result<Year> {
    Ok(Year {
        holidays: serde_json::from_value(holidays).map_err(Error::internal)?,
        working_days: serde_json::from_value(working_days).map_err(Error::internal)?,
    })
}

type Row = (Value, Value, DateTime<Utc>, i32);

/// A year; for a change it is locked until the transaction ends.
pub async fn find(conn: &mut Conn, locality: LocalityId, year: i32, change: bool) -> Result<Option<StoredYear>> {
    let columns = (calendars::holidays, calendars::working_days, calendars::updated_at, calendars::version);
    let of_year = calendars::table.find((locality, year)).select(columns);
    let row: Option<Row> = if change {
        of_year.for_update().first(conn).await.optional()?
    } else {
        of_year.first(conn).await.optional()?
    };
    let stored = |(holidays, working_days, updated_at, version)| {
        Ok(StoredYear { year, days: read(holidays, working_days)?, updated_at, version })
    };
    row.map(stored).transpose()
}

/// Stores a year; version 1 is new.
pub async fn put(conn: &mut Conn, recall: &Recall, stored: &StoredYear) -> Result<()> {
    let locality = recall.locality;
    let values = (
        calendars::holidays.eq(serde_json::to_value(&stored.days.holidays).map_err(Error::internal)?),
        calendars::working_days.eq(serde_json::to_value(&stored.days.working_days).map_err(Error::internal)?),
        calendars::updated_at.eq(stored.updated_at),
        calendars::version.eq(stored.version),
    );
    match stored.version {
        1 => {
            let key = (calendars::locality_id.eq(locality), calendars::year.eq(stored.year));
            let new = diesel::insert_into(calendars::table).values((key, values)).execute(conn).await;
            new.on_constraint("calendars_pkey", || {
                Error::of("precondition_failed").with("etag", crate::http::etag(1))
            })?;
        }
        _ => {
            diesel::update(calendars::table.find((locality, stored.year))).set(values).execute(conn).await?;
        }
    }
    renew_generation(conn, recall).await
}

impl Holdable for Calendar {
    fn weight(&self) -> usize {
        4096
    }
}

/// The years that are written down.
pub async fn years(conn: &mut Conn, locality: LocalityId) -> Result<BTreeSet<i32>> {
    let years: Vec<i32> =
        calendars::table.filter(calendars::locality_id.eq(locality)).select(calendars::year).load(conn).await?;
    Ok(years.into_iter().collect())
}

/// All years as one calendar.
pub async fn of_locality(conn: &mut Conn, recall: &Recall) -> Result<Arc<Calendar>> {
    let read = async |conn: &mut Conn| {
        let rows: Vec<(Value, Value)> = calendars::table
            .filter(calendars::locality_id.eq(recall.locality))
            .select((calendars::holidays, calendars::working_days))
            .load(conn)
            .await?;
        rows.into_iter().map(|(holidays, worked)| read(holidays, worked)).collect::<Result<Calendar>>()
    };
    recall.take(conn, Of::Locality, read).await
}

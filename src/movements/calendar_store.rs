//! Calendars in the database, one row a year.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;

use super::{
    calendar::Calendar,
    calendar_year::{Year, calendar},
};
use crate::{
    db::{Conn, LocalityId, OnConstraint, schema::calendars},
    http::{Error, Result},
};

/// A year as it stands.
#[derive(Serialize)]
pub struct Stored {
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
pub async fn find(conn: &mut Conn, locality: LocalityId, year: i32, change: bool) -> Result<Option<Stored>> {
    let columns = (calendars::holidays, calendars::working_days, calendars::updated_at, calendars::version);
    let one = calendars::table.find((locality, year)).select(columns);
    let row: Option<Row> = match change {
        true => one.for_update().first(conn).await.optional()?,
        false => one.first(conn).await.optional()?,
    };
    let whole = |(holidays, working_days, updated_at, version)| {
        Ok(Stored { year, days: read(holidays, working_days)?, updated_at, version })
    };
    row.map(whole).transpose()
}

/// Puts a year; version 1 is new.
pub async fn put(conn: &mut Conn, locality: LocalityId, stored: &Stored) -> Result<()> {
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
    Ok(())
}

/// All years as one calendar.
pub async fn whole(conn: &mut Conn, locality: LocalityId) -> Result<Calendar> {
    let rows: Vec<(Value, Value)> = calendars::table
        .filter(calendars::locality_id.eq(locality))
        .select((calendars::holidays, calendars::working_days))
        .load(conn)
        .await?;
    let years: Vec<Year> = rows.into_iter().map(|(holidays, worked)| read(holidays, worked)).collect::<Result<_>>()?;
    Ok(calendar(years))
}

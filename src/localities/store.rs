//! Localities in the database.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::view::{LocalityView, NewLocality};
use crate::{
    db::{Conn, Listed, LocalityId, OnConstraint, Order, SortKey, Sorts, listed, schema::localities},
    http::{Error, Locality, Result},
};

#[derive(Queryable, Selectable, Serialize)]
#[diesel(table_name = localities)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

impl Row {
    pub fn view(self) -> LocalityView {
        let Self { code, name, kind, valid_from, valid_to } = self;
        LocalityView { code, name, kind, valid_from, valid_to }
    }
}

pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::text("code", "localities.code"),
        SortKey::words("name", "localities.name"),
        SortKey::text("kind", "localities.kind"),
        SortKey::day("valid_from", "localities.valid_from"),
    ],
    default: "code,valid_from",
    tie: SortKey::id("id", "localities.id"),
};

pub async fn list(conn: &mut Conn, order: &Order) -> Result<Listed<Row>> {
    Ok(listed!(conn, order, Row, localities::table.into_boxed()))
}

pub async fn insert(conn: &mut Conn, new: &NewLocality, now: DateTime<Utc>) -> Result<Row> {
    let kind = serde_json::to_value(new.kind).map_err(Error::internal)?;
    let inserted = diesel::insert_into(localities::table)
        .values((
            localities::id.eq(LocalityId::new()),
            localities::code.eq(&new.code),
            localities::name.eq(&*new.name),
            localities::kind.eq(kind.as_str().unwrap_or_default()),
            localities::valid_from.eq(new.valid_from),
            localities::created_at.eq(now),
        ))
        .returning(Row::as_returning())
        .get_result(conn)
        .await;
    let taken = || Error::of("locality_code_taken").with("code", &new.code);
    inserted.on_constraints(&["localities_code_now_key", "localities_code_from_key"], taken)
}

/// The locality that bears `code` on `today`.
pub async fn find(conn: &mut Conn, code: &str, today: NaiveDate) -> Result<Option<Locality>> {
    let found: Option<(LocalityId, String, String)> = localities::table
        .filter(localities::code.eq(code).and(localities::valid_from.le(today)))
        .filter(localities::valid_to.is_null().or(localities::valid_to.ge(today)))
        .select((localities::id, localities::code, localities::name))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|(id, code, name)| Locality { id, code, name }))
}

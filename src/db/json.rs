//! A JSON column as what it means, read at once: as a tree of values first it takes several times as long.

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    pg::{Pg, PgValue},
    sql_types::Jsonb,
};
use serde::de::DeserializeOwned;

/// A column of `jsonb` that is read as a `T`.
#[derive(Debug, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub struct FromJson<T>(pub T);

impl<T: DeserializeOwned> FromSql<Jsonb, Pg> for FromJson<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes().split_first() {
            // The number of the only format that there is.
            Some((1, text)) => Ok(Self(serde_json::from_slice(text)?)),
            _ => Err("this is no jsonb of version 1".into()),
        }
    }
}

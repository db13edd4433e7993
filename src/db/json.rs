//! A JSON column as what it means, read at once (as a tree of values first it takes several times as long), or as its
//! text, to be read elsewhere.

use std::io::Write;

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output, ToSql},
    sql_types::Jsonb,
};
use serde::{Serialize, de::DeserializeOwned};

/// The number of the only format of `jsonb` that there is.
const FORMAT: u8 = 1;

/// A column of `jsonb` that is read as a `T`.
#[derive(Debug, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub struct FromJson<T>(pub T);

impl<T: DeserializeOwned> FromSql<Jsonb, Pg> for FromJson<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_slice(text(&value)?)?))
    }
}

/// A column of `jsonb` as its text: what is long is read and written away from the threads that answer requests.
#[derive(Debug, Clone, FromSqlRow, AsExpression)]
#[diesel(sql_type = Jsonb)]
pub struct JsonText(Vec<u8>);

impl JsonText {
    pub fn of(thing: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::to_vec(thing).map(Self)
    }

    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.0)
    }
}

impl FromSql<Jsonb, Pg> for JsonText {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(text(&value)?.to_vec()))
    }
}

impl ToSql<Jsonb, Pg> for JsonText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[FORMAT])?;
        out.write_all(&self.0)?;
        Ok(IsNull::No)
    }
}

fn text<'a>(value: &'a PgValue<'_>) -> deserialize::Result<&'a [u8]> {
    match value.as_bytes().split_first() {
        Some((&FORMAT, text)) => Ok(text),
        _ => Err("this is no jsonb of version 1".into()),
    }
}

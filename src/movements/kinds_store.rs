//! The kinds of units that the plans of a locality name.

use std::pin::Pin;

use diesel::{dsl::sql, prelude::*, sql_types::Jsonb};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::plan::Named;
use crate::{
    db::{
        Conn, LocalityId,
        schema::{movements, plan_versions},
    },
    http::{Error, Result},
    units::UnitKind,
};

/// Kinds of units.
pub fn unit_kinds<'a>(conn: &'a mut Conn, locality: LocalityId) -> KindsFuture<'a> {
    kinds(conn, locality, "document -> 'unit_kinds'")
}

/// Kinds of people.
pub fn person_kinds<'a>(conn: &'a mut Conn, locality: LocalityId) -> KindsFuture<'a> {
    kinds(conn, locality, "document -> 'person_kinds'")
}

type KindsFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<UnitKind>>> + 'a>>;

/// By the newest version of each plan, newest first; of a code that several plans name, the newest name.
fn kinds<'a>(conn: &'a mut Conn, locality: LocalityId, member: &'static str) -> KindsFuture<'a> {
    Box::pin(async move {
        let newest = plan_versions::locality_id
            .eq(movements::locality_id)
            .and(plan_versions::movement_id.eq(movements::id))
            .and(plan_versions::version.eq(movements::plan_version));
        let documents: Vec<Value> = movements::table
            .inner_join(plan_versions::table.on(newest))
            .filter(movements::locality_id.eq(locality))
            .order(plan_versions::created_at.desc())
            .select(sql::<Jsonb>(member))
            .load(conn)
            .await?;
        let mut kinds: Vec<UnitKind> = Vec::new();
        for document in documents {
            let named: Vec<Named> = serde_json::from_value(document).map_err(Error::internal)?;
            for Named { code, name } in named {
                if !kinds.iter().any(|kind| kind.code == code) {
                    kinds.push(UnitKind { code, vi: Some(name.vi), en: name.en });
                }
            }
        }
        Ok(kinds)
    })
}

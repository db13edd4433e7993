//! Localities and units by the codes that grants and clients name.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, LocalityId, UnitId, schema::units},
    finding::Finding,
    http::Result,
    localities,
};

/// The place of a grant.
pub struct Place {
    pub locality: Option<LocalityId>,
    pub unit: Option<UnitId>,
}

/// A place by its codes; none if one of them is unknown.
pub async fn place(
    conn: &mut Conn,
    locality: Option<&str>,
    unit: Option<&str>,
    today: NaiveDate,
) -> Result<Option<Place>> {
    let Some(code) = locality else { return Ok(Some(Place { locality: None, unit: None })) };
    let Some(locality) = localities::find(conn, code, today).await? else { return Ok(None) };
    let place = |unit| Place { locality: Some(locality.id), unit };
    match unit {
        Some(code) => Ok(unit_of(conn, locality.id, code).await?.map(|unit| place(Some(unit)))),
        None => Ok(Some(place(None))),
    }
}

/// A unit by its code.
pub async fn unit_of(conn: &mut Conn, locality: LocalityId, code: &str) -> Result<Option<UnitId>> {
    let found = units::table.filter(units::locality_id.eq(locality).and(units::code.eq(code)));
    Ok(found.select(units::id).first(conn).await.optional()?)
}

/// The named unit, if any; an unknown one is a finding.
pub async fn named_unit(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    code: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Result<Option<UnitId>> {
    let Some(code) = code else { return Ok(None) };
    let found = match locality {
        Some(locality) => unit_of(conn, locality, code).await?,
        None => None,
    };
    if found.is_none() {
        findings.push(Finding::new("/unit", "unit_unknown").with("unit", code));
    }
    Ok(found)
}

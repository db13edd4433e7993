//! The locality's own records of the law in the database.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    rules::{Basis, Figure, Law},
    shipped::shipped,
};
use crate::{
    db::{
        Conn, FromJson, LocalityId, OnConstraint,
        schema::{legal_bases, legal_figures},
    },
    http::{Actor, Error, Result, etag},
};

/// A record and its version.
pub type Versioned<T> = (T, i32);

/// The newest record of each text.
pub async fn bases(conn: &mut Conn, locality: LocalityId) -> Result<Vec<Versioned<Basis>>> {
    let rows: Vec<(FromJson<Basis>, i32)> = legal_bases::table
        .filter(legal_bases::locality_id.eq(locality))
        .distinct_on(legal_bases::code)
        .order((legal_bases::code, legal_bases::version.desc()))
        .select((legal_bases::basis, legal_bases::version))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(FromJson(basis), version)| (basis, version)).collect())
}

/// The newest record of each figure and first day.
pub async fn figures(conn: &mut Conn, locality: LocalityId) -> Result<Vec<Versioned<Figure>>> {
    type Row = (String, NaiveDate, rust_decimal::Decimal, String, i32);
    let rows: Vec<Row> = legal_figures::table
        .filter(legal_figures::locality_id.eq(locality))
        .distinct_on((legal_figures::code, legal_figures::valid_from))
        .order((legal_figures::code, legal_figures::valid_from, legal_figures::version.desc()))
        .select((
            legal_figures::code,
            legal_figures::valid_from,
            legal_figures::value,
            legal_figures::source,
            legal_figures::version,
        ))
        .load(conn)
        .await?;
    let figure = |(code, valid_from, value, source, version): Row| {
        let value = Some(value.normalize().into());
        (Figure { code, valid_from, value, times: None, source, certain: true }, version)
    };
    Ok(rows.into_iter().map(figure).collect())
}

/// All that is known of the law in a locality.
pub async fn of_locality(conn: &mut Conn, locality: LocalityId) -> Result<Law> {
    let bases = bases(conn, locality).await?.into_iter().map(|(basis, _)| basis).collect();
    let figures = figures(conn, locality).await?.into_iter().map(|(figure, _)| figure).collect();
    Ok(shipped().with(Law { bases, figures }))
}

/// Of two at once the second is refused (412).
pub async fn insert_basis(conn: &mut Conn, actor: &Actor, basis: &Basis, version: i32) -> Result<()> {
    let insert = diesel::insert_into(legal_bases::table).values((
        legal_bases::locality_id.eq(actor.locality),
        legal_bases::code.eq(&basis.code),
        legal_bases::version.eq(version),
        legal_bases::basis.eq(serde_json::to_value(basis).map_err(Error::internal)?),
        legal_bases::recorded_by.eq(actor.account),
        legal_bases::at.eq(actor.at),
    ));
    insert.execute(conn).await.on_constraint("legal_bases_pkey", || overtaken(version))?;
    Ok(())
}

/// Of two at once the second is refused (412).
pub async fn insert_figure(
    conn: &mut Conn,
    actor: &Actor,
    figure: &Figure,
    value: rust_decimal::Decimal,
    version: i32,
) -> Result<()> {
    let insert = diesel::insert_into(legal_figures::table).values((
        legal_figures::locality_id.eq(actor.locality),
        legal_figures::code.eq(&figure.code),
        legal_figures::valid_from.eq(figure.valid_from),
        legal_figures::version.eq(version),
        legal_figures::value.eq(value),
        legal_figures::source.eq(&figure.source),
        legal_figures::recorded_by.eq(actor.account),
        legal_figures::at.eq(actor.at),
    ));
    insert.execute(conn).await.on_constraint("legal_figures_pkey", || overtaken(version))?;
    Ok(())
}

fn overtaken(version: i32) -> Error {
    Error::of("precondition_failed").with("etag", etag(version))
}

//! Changed wordings in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, FromJson, LocalityId, OnConstraint, schema::document_templates},
    documents::{PaperKind, Template, default_template},
    http::{Actor, Error, Result, etag},
};

/// The wording of a paper and its version, from 1; 0 is the one that is shipped.
pub async fn wording(conn: &mut Conn, locality: LocalityId, paper: PaperKind) -> Result<(Template, i32)> {
    let newest: Option<(FromJson<Template>, i32)> = document_templates::table
        .filter(document_templates::locality_id.eq(locality).and(document_templates::paper.eq(paper.code())))
        .order(document_templates::version.desc())
        .select((document_templates::wording, document_templates::version))
        .first(conn)
        .await
        .optional()?;
    Ok(match newest {
        Some((FromJson(template), version)) => (template, version),
        None => (default_template(paper), 0),
    })
}

/// Of two at once the second is refused (412).
pub async fn insert(conn: &mut Conn, actor: &Actor, template: &Template, version: i32) -> Result<()> {
    let insert = diesel::insert_into(document_templates::table).values((
        document_templates::locality_id.eq(actor.locality),
        document_templates::paper.eq(template.paper.code()),
        document_templates::version.eq(version),
        document_templates::wording.eq(serde_json::to_value(template).map_err(Error::internal)?),
        document_templates::changed_by.eq(actor.account),
        document_templates::at.eq(actor.at),
    ));
    let overtaken = || Error::of("precondition_failed").with("etag", etag(version));
    insert.execute(conn).await.on_constraint("document_templates_pkey", overtaken)?;
    Ok(())
}

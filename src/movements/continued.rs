//! The earlier movement that a plan continues: there must be one of that code in the locality.

use super::{plan::Plan, store};
use crate::{
    db::{Conn, Recall},
    finding::Finding,
    http::Result,
};

/// What a plan continues and the locality does not have.
pub async fn check(conn: &mut Conn, recall: &Recall, plan: &Plan) -> Result<Option<Finding>> {
    let Some(code) = &plan.continues else { return Ok(None) };
    let found = store::find_any(conn, recall, code).await?;
    Ok(found.is_none().then(|| unknown(code)))
}

pub fn unknown(code: &str) -> Finding {
    Finding::new("/continues", "continues_unknown").with("code", code)
}

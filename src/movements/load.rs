//! Loading a plan: a draft movement is made of it.

use super::{
    plan::{Plan, lint::lint},
    store,
};
use crate::{
    db::Conn,
    http::{Actor, Error, Result},
};

/// Makes a draft movement of a plan: 409 where its code is taken, before 422 with everything that is wrong with it.
pub async fn load(conn: &mut Conn, actor: &Actor, plan: &Plan) -> Result<()> {
    store::refuse_taken(conn, actor, &plan.code).await?;
    Error::check(lint(plan))?;
    store::insert(conn, actor, plan).await
}

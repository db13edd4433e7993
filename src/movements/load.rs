//! Loading a plan: a draft movement is made of it, or takes it in place of the plan that it has.

use std::sync::Arc;

use super::{
    amendments::check_code,
    continued,
    locked_store::LockedMovement,
    movement::{Movement, State},
    plan::{self, Plan, lint::lint, versions::Version},
    store,
};
use crate::{
    db::Conn,
    http::{Actor, Error, Result},
};

/// Why there is a later version of a draft.
const REPLACED: &str = "Thay kế hoạch khi chưa phát động";

/// Makes a draft movement of a plan: 409 where its code is taken, before 422 with everything that is wrong with it.
pub async fn load(conn: &mut Conn, actor: &Actor, plan: &Plan) -> Result<()> {
    store::refuse_taken(conn, actor, &plan.code).await?;
    Error::check(lint(plan).into_iter().chain(continued::check(conn, &actor.recall, plan).await?).collect())?;
    store::insert(conn, actor, plan).await
}

/// Gives a draft another plan, as its next version: 409 after the launch, 422 with everything that is wrong.
pub async fn replace(conn: &mut Conn, actor: &Actor, draft: LockedMovement, plan: Plan) -> Result<Movement> {
    draft.must_be(&[State::Draft])?;
    let mut draft = Movement::from(draft);
    let other_code = check_code(&draft.code, &plan.code);
    let unknown = continued::check(conn, &actor.recall, &plan).await?;
    Error::check(other_code.into_iter().chain(lint(&plan)).chain(unknown).collect())?;
    let (number, effective_from) = (draft.plan_version + 1, plan.span.from);
    let reason = Some(REPLACED.to_owned());
    let version = Version { number, effective_from, reason, created_at: actor.at, plan };
    plan::insert_version(conn, actor, draft.id, &version).await?;
    draft.versions.push(Arc::new(version));
    draft.plan_version = number;
    draft.version += 1;
    store::update(conn, &draft).await?;
    Ok(draft)
}

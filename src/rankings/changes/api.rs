//! Two runs side by side.

use actix_web::{get, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Difference, difference};
use crate::{
    app::App,
    db::RankingId,
    finding::Finding,
    http::{Caller, Error, Path, Query, Reply, Result},
    rankings::{store, views::RankingSummary},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(compare_rankings);
}

#[derive(Deserialize, IntoParams)]
struct Other {
    /// Id of another run of the award, earlier or later.
    #[param(example = "0199f0c8-6a00-7000-8000-000000000001")]
    with: Uuid,
}

/// What changed from the earlier run to the later one.
#[derive(Serialize, ToSchema)]
struct RankingDifferenceView {
    from: RankingSummary,
    to: RankingSummary,
    #[serde(flatten)]
    difference: Difference,
}

/// Compare two runs
///
/// From the earlier run to the later one, whichever is named first: who moved, by how much and through which figure, who
/// came, who left, and which rules changed.
#[utoipa::path(
    tag = "awards", params(Other),
    responses((status = 200, description = "The difference", body = RankingDifferenceView), Error)
)]
#[get("/rankings/{id}/diff")]
async fn compare_rankings(app: Data<App>, caller: Caller, id: Path<Uuid>, other: Query<Other>) -> Result<Reply> {
    let locality = caller.locality()?;
    let found = app
        .db
        .read(async |conn| {
            let one = store::find(conn, locality, RankingId::from(*id)).await?;
            Ok::<_, Error>((one, store::find(conn, locality, RankingId::from(other.with)).await?))
        })
        .await?;
    let one = found.0.ok_or_else(Error::not_found)?;
    caller.permit()?;
    let award = (one.0.movement, one.0.award.clone());
    let other = found.1.filter(|(run, ..)| (run.movement, &run.award) == (award.0, &award.1));
    let Some(other) = other else {
        return Error::check(vec![Finding::new("/with", "replay_unknown")]).map(|()| Reply::done());
    };
    let is_later = (one.0.created_at, one.0.id) > (other.0.created_at, other.0.id);
    let (from, to) = if is_later { (other, one) } else { (one, other) };
    let difference = difference((&from.1, &from.2), (&to.1, &to.2)).map_err(Error::internal)?;
    Reply::ok(RankingDifferenceView { from: from.0.into(), to: to.0.into(), difference })
}

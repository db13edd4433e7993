//! Two runs side by side.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    CutMoved, Difference,
    cut::{Cut, cut_moved},
    difference,
};
use crate::{
    app::App,
    db::{Conn, RankingId},
    finding::Finding,
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{self, Movement, periods},
    rankings::{
        found::found,
        store::{self, Run},
        views::RankingSummary,
        wording::{in_language, of_came, of_cut, of_left, of_moved},
    },
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
    /// Where the runs look as of two instants.
    #[schema(required)]
    cut: Option<CutMoved>,
    /// That the cut moved, and what became of each entry that moved, came or left, in the language of `Accept-Language`.
    sentences: Vec<String>,
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
async fn compare_rankings(app: Data<App>, caller: Caller, id: Path<Uuid>, query: Query<Other>) -> Result<Reply> {
    let locality = caller.locality()?;
    let found = app
        .db
        .read(async |conn| {
            let (one, words) = found(conn, &caller, RankingId::from(*id)).await?;
            let other = store::find(conn, locality, RankingId::from(query.with)).await?;
            let award = |run: &Run| (run.movement, run.award.clone());
            let Some(other) = other.filter(|other| award(&other.run) == award(&one.run)) else { return Ok(None) };
            let is_later = (one.run.created_at, one.run.id) > (other.run.created_at, other.run.id);
            let (from, to) = if is_later { (other, one) } else { (one, other) };
            let movement = movements::by_id(conn, caller.recall()?, from.run.movement).await?;
            let cuts = (cut(conn, &movement, from.run.as_of).await?, cut(conn, &movement, to.run.as_of).await?);
            Ok::<_, Error>(Some((from, to, words, cut_moved(&cuts.0, &cuts.1))))
        })
        .await?;
    caller.permit()?;
    let Some((from, to, words, cut)) = found else {
        return Error::check(vec![Finding::new("/with", "compared_ranking_unknown")]).map(|()| Reply::done());
    };
    let locale = caller.locale;
    let read = move || {
        let (from, to) = (from.whole()?, to.whole()?);
        let difference = difference((&from.1, &from.2), (&to.1, &to.2)).map_err(Error::internal)?;
        let names = words.names();
        let said = cut.iter().map(of_cut).chain(difference.moved.iter().map(|moved| of_moved(moved, &names)));
        let said = said.chain(difference.came.iter().map(of_came)).chain(difference.left.iter().map(of_left));
        let sentences = in_language(said, locale);
        Reply::ok(RankingDifferenceView { from: from.0.into(), to: to.0.into(), difference, cut, sentences })
    };
    app.rankings.aside(read).await
}

/// With the periods that were due by an instant, as it was known then.
async fn cut(conn: &mut Conn, movement: &Movement, as_of: DateTime<Utc>) -> Result<Cut> {
    let stored = movements::list_periods(conn, movement).await?;
    let periods = periods::due_as_of(conn, movement, stored, as_of).await?.into_iter();
    let due = periods.map(|period| period.dates).filter(|dates| dates.due_at <= as_of);
    Ok((as_of, due.map(|dates| dates.code).collect()))
}

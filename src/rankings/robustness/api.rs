//! How firm places are, over HTTP.

use std::sync::Arc;

use actix_web::{
    HttpResponse, get,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::{Bytes, Data},
};
use futures_util::stream::try_unfold;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    csv,
    draws::{self, count, fits},
    report::{Firmness, VariantView, cut_line, firmness, line_sentence, robustness, views},
    table::Table,
    variants::variants,
};
use crate::{
    app::App,
    db::{Conn, RankingId},
    exact::Decimal,
    finding::Finding,
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{lint, plan::Robustness},
    rankings::{
        inputs::Inputs,
        rank::{CutLine, Output},
        store::{self, Run},
        wording::in_language,
    },
};

/// Where neither the plan nor the caller says otherwise.
const DRAWS: u32 = 1000;
/// The last draw that anybody may ask for.
const DRAWS_MOST: u32 = 100_000;
const SPREAD: &str = "0.25";
/// Most ranks that the view of a run counts: some hundredths of a second.
const SHOWN_MOST: usize = 2_000_000;
/// Draws that are written at a time, by the ranks in them.
const PIECE: usize = 50_000;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_ranking_robustness).service(export_ranking_draws);
}

#[derive(Deserialize, IntoParams)]
struct DrawsQuery {
    /// How many draws, 100 to 100,000; default: the plan's, else 1,000.
    #[param(minimum = 100, maximum = 100_000)]
    draws: Option<u32>,
    /// By how much a weight may differ, above 0 and below 1; default: the plan's, else 0.25.
    #[param(value_type = Option<String>, example = "0.25")]
    spread: Option<Decimal>,
    /// The same seed gives the same draws; default: the plan's, else 0.
    #[param(maximum = 9_007_199_254_740_991_u64)]
    seed: Option<u64>,
}

impl DrawsQuery {
    fn rules(&self, plan: Option<&Robustness>) -> Result<Robustness> {
        let spread = || plan.map_or_else(|| SPREAD.parse().map_err(Error::internal), |plan| Ok(plan.spread));
        let rules = Robustness {
            draws: self.draws.or(plan.map(|plan| plan.draws)).unwrap_or(DRAWS),
            spread: self.spread.map_or_else(spread, Ok)?,
            seed: self.seed.or(plan.map(|plan| plan.seed)).unwrap_or_default(),
        };
        let mut findings = Vec::new();
        lint::robustness("", &rules, &mut findings);
        Error::check(findings)?;
        Ok(rules)
    }
}

/// How firmly the places of a run stand.
#[derive(Serialize, ToSchema)]
struct RankingRobustness {
    ranking: RankingId,
    draws: u32,
    #[schema(example = "0.25")]
    spread: Decimal,
    seed: u64,
    /// Null where there is no line: people split the quota among the groups.
    #[schema(required)]
    cut_line: Option<CutLine>,
    /// The line in a sentence.
    #[schema(required)]
    sentence: Option<String>,
    /// As the run has them.
    entries: Vec<Firmness>,
    /// The run with one thing otherwise: each tie-breaker, how totals are compared, without a criterion, without a judge.
    variants: Vec<VariantView>,
}

/// How firm the places are
///
/// Weighs the criteria of a run anew in seeded draws: each criterion's points × a weight uniform in 1 ± `spread`, the
/// maximum kept, bonus and penalty as they are. For each entry the ranks between which it stands in nine draws of ten, the
/// share of draws within the quota, and the variant of the method that moves it most. Who is ranked, conditions and
/// tie-breakers stay as in the run. The same seed gives the same answer.
#[utoipa::path(
    tag = "awards", params(DrawsQuery),
    responses((status = 200, description = "How firm they are", body = RankingRobustness), Error)
)]
#[get("/rankings/{id}/robustness")]
async fn get_ranking_robustness(
    app: Data<App>,
    caller: Caller,
    id: Path<Uuid>,
    query: Query<DrawsQuery>,
) -> Result<Reply> {
    let (run, inputs, output, rules) = found(&app, &caller, *id, &query).await?;
    let (turn, locale, ranking) = (app.draws.take().await?, caller.locale, run.id);
    let made = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let table = Table::of(&inputs, &output);
        let counted = count(&table, &rules);
        let variants = variants(run.engine, &inputs, &output, &table);
        let Robustness { draws, spread, seed } = rules;
        RankingRobustness {
            ranking,
            draws,
            spread,
            seed,
            cut_line: cut_line(&counted, draws),
            sentence: in_language(line_sentence(&counted, draws), locale).pop(),
            entries: firmness(&output, (&counted, draws), &variants, |sentence| {
                in_language([sentence], locale).concat()
            }),
            variants: views(&output, &variants),
        }
    });
    Reply::ok(made.await.map_err(Error::internal)?)
}

#[derive(Deserialize, IntoParams)]
struct OneDraw {
    /// Only the draw with this number; it may lie beyond `draws`.
    #[param(minimum = 1, maximum = 100_000)]
    draw: Option<u32>,
}

/// Draws of a run
///
/// The draws as CSV, one a line: number, the weight of each criterion, the rank of each entry. Each follows from seed and
/// number alone, so that `draw` gives one again.
#[utoipa::path(
    tag = "awards", params(DrawsQuery, OneDraw),
    responses((status = 200, description = "The draws", content((String = "text/csv"))), Error)
)]
#[get("/rankings/{id}/robustness/draws")]
async fn export_ranking_draws(
    app: Data<App>,
    caller: Caller,
    id: Path<Uuid>,
    query: Query<DrawsQuery>,
    one: Query<OneDraw>,
) -> Result<HttpResponse> {
    let (run, inputs, output, rules) = found(&app, &caller, *id, &query).await?;
    let unknown = one.draw.filter(|draw| !(1..=DRAWS_MOST).contains(draw));
    let finding = |_| Finding::new("/draw", "draw_out_of_range").with("most", DRAWS_MOST);
    Error::check(unknown.map(finding).into_iter().collect())?;
    let numbers = one.draw.map_or_else(|| draws::numbers(&rules), |draw| draw..=draw);
    let at_once = (PIECE / output.entries.len().max(1)).max(1) as u32;
    let laid_out = tokio::task::spawn_blocking(move || {
        let table = Table::of(&inputs, &output);
        (csv::heading(&table, &output), Arc::new(table))
    });
    let (heading, table) = laid_out.await.map_err(Error::internal)?;
    let heading = heading.map_err(Error::internal)?;
    let pieces = try_unfold((Some(heading), *numbers.start()), move |(heading, first)| {
        let (app, table, rules, last) = (app.clone(), table.clone(), rules.clone(), *numbers.end());
        async move {
            if let Some(heading) = heading {
                return Ok(Some((Bytes::from(heading), (None, first))));
            }
            let next = last.saturating_add(1).min(first.saturating_add(at_once));
            if first >= next {
                return Ok(None);
            }
            let turn = app.draws.wait().await.map_err(broken)?;
            let lines = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                csv::lines(&table, &rules, first..next)
            });
            let lines = lines.await.map_err(std::io::Error::other)?.map_err(std::io::Error::other)?;
            Ok::<_, std::io::Error>(Some((Bytes::from(lines), (None, next))))
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"draws-{}.csv\"", run.id)))
        .streaming(Box::pin(pieces)))
}

/// The head is out: all that can be told is that the rest does not come.
fn broken(error: Error) -> std::io::Error {
    std::io::Error::other(error.code())
}

/// The run, and the draws that are asked for.
async fn found(app: &App, caller: &Caller, id: Uuid, query: &DrawsQuery) -> Result<(Run, Inputs, Output, Robustness)> {
    let locality = caller.locality()?;
    let found = app.db.read(async |conn: &mut Conn| store::find(conn, locality, RankingId::from(id)).await).await?;
    let (run, inputs, output) = found.ok_or_else(Error::not_found)?;
    caller.permit()?;
    let rules = query.rules(inputs.award.ranking.robustness.as_ref())?;
    let too_many = || {
        let finding = Finding::new("/draws", "draws_too_many").with("most", draws::RANKS_MOST);
        finding.with("entries", draws::ENTRIES_MOST)
    };
    Error::check((!fits(output.entries.len(), rules.draws)).then(too_many).into_iter().collect())?;
    Ok((run, inputs, output, rules))
}

/// What the view of a run shows, where its plan asks for draws and they take little time: gives each entry its
/// robustness, and answers the line's.
pub async fn shown(inputs: &Inputs, output: &mut Output) -> Result<Option<CutLine>> {
    let Some(rules) = inputs.award.ranking.robustness.clone() else { return Ok(None) };
    let entries = output.entries.len();
    if entries == 0 || entries * rules.draws as usize > SHOWN_MOST || !fits(entries, rules.draws) {
        return Ok(None);
    }
    let table = Table::of(inputs, output);
    let counted = tokio::task::spawn_blocking(move || (count(&table, &rules), rules.draws));
    let (counted, draws) = counted.await.map_err(Error::internal)?;
    for (entry, robustness) in output.entries.iter_mut().zip(robustness(&counted, draws)) {
        entry.robustness = Some(robustness);
    }
    Ok(cut_line(&counted, draws))
}

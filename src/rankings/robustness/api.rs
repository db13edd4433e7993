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
    draws::{self, Counting, count, fits},
    report::{Firmness, VariantView, cut_line, firmness, line_sentence, robustness, secret_sentence, views},
    table::Table,
    variants::variants,
};
use crate::{
    app::App,
    db::RankingId,
    exact::Decimal,
    finding::Finding,
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{lint, plan::Robustness},
    rankings::{
        found::{Words, found as ranking},
        inputs::Inputs,
        rank::{CutLine, Output},
        store::Run,
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
/// Ranks that are counted in one turn: some hundredths of a second.
const COUNTED_AT_ONCE: usize = 1_000_000;
/// Draws that are written at a time, by the ranks in them.
const PIECE: usize = 50_000;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_ranking_robustness).service(export_ranking_draws);
}

#[derive(Clone, Deserialize, IntoParams)]
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
    /// The line in a sentence, and why no judge of a secret council is left out.
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
    let (Laid { run, words, inputs, output, table }, rules) = found(&app, &caller, *id, &query).await?;
    let mut counting = Counting::of(&table, rules.clone());
    loop {
        // A turn for each piece: who asks for few draws passes who asks for many.
        let table = table.clone();
        counting = app.draws.aside(move || Ok(counting.go_on(&table, COUNTED_AT_ONCE))).await?;
        if counting.is_done() {
            break;
        }
    }
    let locale = caller.locale;
    let told = move || {
        let counted = counting.counted(&table);
        let variants = variants(run.engine, &inputs, &output, &table);
        let Robustness { draws, spread, seed } = rules;
        let said = line_sentence(&counted, draws).into_iter().chain(secret_sentence(&variants));
        Reply::ok(RankingRobustness {
            ranking: run.id,
            draws,
            spread,
            seed,
            cut_line: cut_line(&counted, draws),
            sentence: Some(in_language(said, locale).join(" ")).filter(|said| !said.is_empty()),
            entries: firmness(&output, (&counted, draws), &variants, &words.names(), |sentence| {
                in_language([sentence], locale).concat()
            }),
            variants: views(&output, &variants),
        })
    };
    app.draws.aside(told).await
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
    let (Laid { run, output, table, .. }, rules) = found(&app, &caller, *id, &query).await?;
    let unknown = one.draw.filter(|draw| !(1..=DRAWS_MOST).contains(draw));
    let finding = |_| Finding::new("/draw", "draw_out_of_range").with("most", DRAWS_MOST);
    Error::check(unknown.map(finding).into_iter().collect())?;
    let numbers = one.draw.map_or_else(|| draws::numbers(&rules), |draw| draw..=draw);
    let at_once = (PIECE / output.entries.len().max(1)).max(1) as u32;
    let heading = csv::heading(&table, &output).map_err(Error::internal)?;
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
            let lines = move || csv::lines(&table, &rules, first..next).map_err(Error::internal);
            let lines = app.draws.aside(lines).await.map_err(broken)?;
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

/// A run with its table.
struct Laid {
    run: Run,
    words: Words,
    inputs: Inputs,
    output: Output,
    table: Arc<Table>,
}

/// The run, and the draws that are asked for.
async fn found(app: &App, caller: &Caller, id: Uuid, query: &DrawsQuery) -> Result<(Laid, Robustness)> {
    let (kept, words) = app.db.read(async |conn| ranking(conn, caller, RankingId::from(id)).await).await?;
    caller.permit()?;
    let query = query.clone();
    let read = move || {
        let (run, inputs, output) = kept.whole()?;
        let rules = query.rules(inputs.award.ranking.robustness.as_ref())?;
        let entries = output.entries.len();
        let too_many = || {
            let finding = Finding::new("/draws", "draws_too_many").with("most", draws::RANKS_MOST);
            finding.with("entries", draws::ENTRIES_MOST).with("draws", draws::most(entries))
        };
        Error::check((!fits(entries, rules.draws)).then(too_many).into_iter().collect())?;
        let table = Arc::new(Table::of(&inputs, &output));
        Ok((Laid { run, words, inputs, output, table }, rules))
    };
    app.rankings.aside(read).await
}

/// What the view of a run shows, where its plan asks for draws and they take little time: gives each entry its
/// robustness, and answers the line's.
pub fn shown(inputs: &Inputs, output: &mut Output) -> Option<CutLine> {
    let rules = inputs.award.ranking.robustness.as_ref()?;
    let entries = output.entries.len();
    if entries == 0 || entries * rules.draws as usize > SHOWN_MOST || !fits(entries, rules.draws) {
        return None;
    }
    let counted = count(&Table::of(inputs, output), rules);
    for (entry, robustness) in output.entries.iter_mut().zip(robustness(&counted, rules.draws)) {
        entry.robustness = Some(robustness);
    }
    cut_line(&counted, rules.draws)
}

//! Rankings as front ends make, read and question them.

use actix_web::{HttpRequest, get, post, web::Data};
use chrono::SubsecRound;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    basis::Basis,
    explain::{self, Comparison, Explanation},
    found::{Words, found},
    making::Made,
    rank::{ENGINE, Entry, Ineligible},
    request::{NewRanking, check},
    run::{Mode, State},
    store::{self, Filter, Run, Stored},
    views::{RankingSummary, RankingView, view},
    wording::{self, in_language},
};
use crate::{
    app::App,
    assessments::disclose_before_run,
    db::{
        RankingId,
        events::{self, Event, EventType},
        to_text,
    },
    finding::Finding,
    http::{Caller, Error, Json, ListQuery, Page, Path, Query, Reply, Result, WriteRequest},
    movements::{
        self, Movement,
        plan::{Award, Plan},
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_rankings)
        .service(create_ranking)
        .service(get_ranking)
        .service(get_ranking_entry)
        .service(compare_ranking_entries);
}

#[derive(Deserialize, IntoParams)]
struct RankingFilter {
    /// Only previews, or only official runs.
    #[param(inline)]
    mode: Option<Mode>,
    /// Only runs in this state.
    #[param(inline)]
    state: Option<State>,
}

fn award(plan: &Plan, code: &str) -> Result<Award> {
    plan.awards.iter().find(|award| award.code == code).cloned().ok_or_else(|| Error::missing("award"))
}

/// Rankings
///
/// The runs of one award, newest first. Sort keys: `created_at`, `as_of`, `mode`, `state`.
#[utoipa::path(
    tag = "awards", params(RankingFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<RankingSummary>), Error)
)]
#[get("/movements/{movement}/awards/{award}/rankings")]
async fn list_rankings(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    filter: Query<RankingFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let order = page.order(&store::SORTS)?;
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &path.0).await?;
            caller.permit()?;
            let award = award(&movement.on(caller.today()).plan, &path.1)?;
            let filter = Filter { mode: filter.mode, state: filter.state };
            let rows = store::list(conn, &movement, &award.code, &filter, &order).await?;
            Page::listed(rows, &order, RankingSummary::from)?.reply(&req)
        })
        .await
}

/// Rank an award
///
/// Ranks the verified nominations as of `as_of`, by the plan in force at that instant, and stores the run with all its
/// inputs. An official run supersedes the previous one; a preview has no effect. Each is sealed and signed.
///
/// `replay` ranks the frozen facts of a past run again by the rules of another version of the plan, or by another `method`;
/// 422 `replay_lacks` names facts that those rules ask for and that were not frozen then.
#[utoipa::path(tag = "awards", responses((status = 201, description = "The run", body = RankingView), Error))]
#[post("/movements/{movement}/awards/{award}/rankings")]
async fn create_ranking(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    body: Json<NewRanking>,
) -> Result<Reply> {
    let new = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            // An official run shares the movement, which nobody concludes meanwhile; a preview blocks nobody.
            let locked = match new.mode {
                Mode::Official => Some(movements::share(conn, scope.recall()?, &path.0).await?),
                Mode::Preview => None,
            };
            let present = match &locked {
                Some(locked) => Movement::clone(locked),
                None => movements::find(conn, scope.recall()?, &path.0).await?,
            };
            let basis = Basis::find(conn, scope, &present, &path.1, &new).await?;
            let award = award(&basis.version.plan, &path.1)?;
            let actor = scope.permit()?;
            match &locked {
                Some(locked) => locked.must_be_under_way()?,
                None if present.is_under_way() => {}
                None => return Err(Error::state("movement_state", to_text(present.state)?)),
            }
            Error::check(check(&new, &basis.known(&new, &award, present.launched_at, actor.at)))?;
            let late = actor.at >= award.propose_before;
            let award = Award { ranking: new.method.unwrap_or(award.ranking.clone()), ..award };
            if new.replay.is_none() {
                disclose_before_run(conn, scope, &present, &award).await?;
            }
            let (as_of, version) = (basis.as_of, basis.version.clone());
            let (inputs, texts) = basis.freeze(conn, &app, scope, &present, award).await?;
            let words = Words::of(version.clone(), &inputs.award.code).shown(scope.locale);
            let created_at = actor.at.trunc_subsecs(6);
            let signer = match scope.is_trial() {
                // It makes no run: nothing may prove one.
                true => None,
                false => Some(app.sealer.signer(conn, created_at).await?),
            };
            let run = Run {
                id: RankingId::new(),
                movement: present.id,
                award: inputs.award.code.clone(),
                mode: new.mode,
                state: if new.mode == Mode::Official { State::Official } else { State::Preview },
                as_of,
                late,
                plan_version: version.number,
                engine: ENGINE,
                created_at,
                seal: None,
                replays: new.replay,
            };
            let Made { record, reply } =
                app.rankings.aside(move || Made::of(run, inputs, texts, words, signer)).await?;
            let former = store::insert(conn, &actor, &record).await?;
            if record.run.mode == Mode::Official {
                events::emit(conn, actor.locality, actor.at, &[official(&present.code, &record.run)]).await?;
            }
            scope.after(&Stored::of(&record, former))?;
            Ok(reply)
        })
        .await
}

/// The event of an official run.
fn official(movement: &str, run: &Run) -> Event {
    Event {
        kind: EventType::RankingOfficial,
        movement: movement.into(),
        subject: format!("rankings/{}", run.id),
        data: json!({"award": run.award, "ranking": run.id, "as_of": run.as_of, "late": run.late}),
        once: None,
    }
}

/// A ranking
///
/// All entries with their points and the figures behind them, and the candidates not ranked, with the reasons.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The run", body = RankingView), Error))]
#[get("/rankings/{id}")]
async fn get_ranking(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    let (kept, words) = app.db.read(async |conn| found(conn, &caller, RankingId::from(*id)).await).await?;
    caller.permit()?;
    let locale = caller.locale;
    let read = move || {
        let (run, inputs, output) = kept.whole()?;
        Reply::ok(view(run, inputs, output, words.shown(locale)))
    };
    app.rankings.aside(read).await
}

/// One candidate of a run: the explained entry, or the reasons why there is none.
#[derive(Serialize, ToSchema)]
struct RankingEntryView {
    ranking: RankingId,
    /// The rank, and the points by criterion with the figures behind them; null if not ranked.
    #[schema(required)]
    entry: Option<Entry>,
    /// The gap to the line, and the criteria that could close it.
    #[schema(required)]
    explanation: Option<Explanation>,
    /// All reasons why the candidate is not ranked.
    #[schema(required)]
    ineligible: Option<Ineligible>,
    /// All of it in the language of `Accept-Language`.
    sentences: Vec<String>,
}

/// Explanation of an entry
///
/// The points by criterion with the figures behind them, the exclusions with their reasons, and the gap to the line.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The entry", body = RankingEntryView), Error))]
#[get("/rankings/{id}/entries/{candidate}")]
async fn get_ranking_entry(app: Data<App>, caller: Caller, path: Path<(Uuid, String)>) -> Result<Reply> {
    let id = RankingId::from(path.0);
    let (kept, words) = app.db.read(async |conn| found(conn, &caller, id).await).await?;
    let (locale, candidate) = (caller.locale, path.into_inner().1);
    let read = move || {
        let (_, _, output) = kept.whole()?;
        let explanation = explain::explain(&output, &candidate);
        let entry = output.entries.into_iter().find(|entry| entry.candidate.code == candidate);
        let ineligible = output.ineligible.into_iter().find(|ineligible| ineligible.candidate.code == candidate);
        if entry.is_none() && ineligible.is_none() {
            return Err(Error::not_found());
        }
        let names = words.names();
        let ranked = entry.as_ref().zip(explanation.as_ref()).map(|(entry, why)| wording::of_entry(entry, why, &names));
        let said = ranked.or(ineligible.as_ref().map(|one| wording::of_ineligible(one, &names))).unwrap_or_default();
        let sentences = in_language(said, locale);
        Reply::ok(RankingEntryView { ranking: id, entry, explanation, ineligible, sentences })
    };
    let shown = app.rankings.aside(read).await?;
    caller.permit()?;
    Ok(shown)
}

#[derive(Deserialize, IntoParams)]
struct Pair {
    /// Code of a ranked unit, or id of a ranked person.
    #[param(example = "phong-kinh-te")]
    a: String,
    /// Code or id of the other one.
    #[param(example = "phong-vhxh")]
    b: String,
}

/// A comparison, in words too.
#[derive(Serialize, ToSchema)]
struct RankingComparisonView {
    #[serde(flatten)]
    comparison: Comparison,
    /// Why the one is ahead, in the language of `Accept-Language`.
    sentences: Vec<String>,
}

/// Compare two entries
///
/// Both entries criterion by criterion: the leader, the differences, and the step that decided the order.
#[utoipa::path(
    tag = "awards", params(Pair), responses((status = 200, description = "The comparison", body = RankingComparisonView), Error)
)]
#[get("/rankings/{id}/compare")]
async fn compare_ranking_entries(app: Data<App>, caller: Caller, id: Path<Uuid>, pair: Query<Pair>) -> Result<Reply> {
    let (kept, words) = app.db.read(async |conn| found(conn, &caller, RankingId::from(*id)).await).await?;
    caller.permit()?;
    let (locale, Pair { a, b }) = (caller.locale, pair.into_inner());
    let read = move || {
        let (_, _, output) = kept.whole()?;
        let ranked = |code: &str| output.entries.iter().any(|entry| entry.candidate.code == code);
        let sides = [("/a", &a), ("/b", &b)].into_iter().filter(|(_, code)| !ranked(code));
        let missing = |(at, code): (&str, &String)| Finding::new(at, "candidate_not_ranked").with("candidate", code);
        Error::check(sides.map(missing).collect())?;
        let comparison = explain::compare(&output, &a, &b).ok_or_else(Error::not_found)?;
        let sentences = in_language(wording::of_pair(&comparison, &words.names()), locale);
        Reply::ok(RankingComparisonView { comparison, sentences })
    };
    app.rankings.aside(read).await
}

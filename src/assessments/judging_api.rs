//! How an award's council judges: by criterion and by member, what is in and open, and the spread.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ballots::Ballots,
    levels::{Item, Level, combined, levels, z},
    rules,
    statistics::Spread,
};
use crate::{
    app::App,
    exact::{BigRational, Decimal, Fraction, half_up},
    http::{Caller, Error, Path, Reply, Result},
    movements::{
        self,
        plan::{Ballot as Voting, Combine, Criterion, Group},
    },
    nominations::{self, Nomination, State},
    people::{self, PartyView},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_judging);
}

/// How an award's council judges. Recused members are in no number but those of recused ones.
#[derive(Serialize, ToSchema)]
struct Judging {
    #[schema(example = "tap-the")]
    award: String,
    /// Whether no ballot has a name.
    secret: bool,
    #[schema(value_type = String, example = "mean")]
    combine: Combine,
    min_ballots: u32,
    /// Whether members are brought to one level before their points are combined.
    centred: bool,
    /// By candidate and criterion.
    items: Vec<JudgedItem>,
    /// Who sits.
    members: Vec<JudgeView>,
    /// Each member's own level on each criterion, over the candidates that all of them judged.
    levels: Vec<JudgeLevel>,
}

/// The ballots on one criterion of one candidate. Numbers are null while they are hidden from the caller.
#[derive(Serialize, ToSchema)]
struct JudgedItem {
    candidate: PartyView,
    #[schema(example = "1.1.b")]
    criterion: String,
    #[schema(required, value_type = Option<String>, example = "10")]
    max: Option<Decimal>,
    cast: usize,
    open: usize,
    recused: usize,
    hidden: bool,
    #[schema(required)]
    disclosed_at: Option<DateTime<Utc>>,
    /// Usernames of those who were of the council when the ballots were disclosed, recused or not, and have none that counts;
    /// null before, and where this was not kept.
    #[schema(required)]
    not_voted: Option<Vec<String>>,
    /// Which round of the vote it is; the next begins when a member whose secret ballot was disclosed is recused.
    round: i32,
    /// Whether an earlier round is void, so that everybody votes anew.
    anew: bool,
    /// Whether others are recused than when the closed session counted the votes: it asks for one that replaces it.
    recusals_changed: bool,
    /// What a run makes of the ballots by `combine`; null until they are disclosed and the candidate is verified, and where
    /// they are fewer than `min_ballots`.
    #[schema(required, example = "8.67")]
    combined: Option<String>,
    #[schema(required)]
    combined_exact: Option<Fraction>,
    /// Half-up to 2 decimals.
    #[schema(required, example = "8.67")]
    mean: Option<String>,
    #[schema(required)]
    mean_exact: Option<Fraction>,
    #[schema(required, example = "9.00")]
    median: Option<String>,
    #[schema(required, example = "7.00")]
    lowest: Option<String>,
    #[schema(required, example = "10.00")]
    highest: Option<String>,
    /// Standard deviation.
    #[schema(required, example = "0.94")]
    deviation: Option<String>,
    /// Mean of the members' z-scores; shown, never ranked on.
    #[schema(required, example = "0.71")]
    z: Option<String>,
}

/// A member, and what of them is in; never how they voted.
#[derive(Serialize, ToSchema)]
struct JudgeView {
    /// Username.
    member: String,
    #[schema(required)]
    name: Option<String>,
    cast: usize,
    open: usize,
    recused: usize,
}

/// A harsh member's mean lies below the panel's, a lenient one's above.
#[derive(Serialize, ToSchema)]
struct JudgeLevel {
    #[schema(example = "1.1")]
    group: String,
    #[schema(example = "1.1.b")]
    criterion: String,
    /// Username; null in a secret vote.
    #[schema(required)]
    member: Option<String>,
    /// How many candidates all members judged.
    over: usize,
    #[schema(example = "8.50")]
    mean: String,
    /// The mean less the panel's.
    #[schema(example = "-0.25")]
    against_panel: String,
    #[schema(example = "0.50")]
    deviation: String,
}

/// How the council judges
///
/// By candidate and criterion and by member: ballots in and open, mean, median, spread, and how harsh or lenient each member
/// is. It shows nothing that hidden ballots would give away.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The state of the judging", body = Judging), Error))]
#[get("/movements/{movement}/awards/{award}/judging")]
async fn get_judging(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &path.0).await?;
            let plan = &movement.on(caller.today()).plan;
            let award = plan.awards.iter().find(|award| award.code == path.1);
            let award = award.ok_or_else(|| Error::missing("award"))?;
            caller.permit()?;
            let without = || Error::of("award_without_council").with("award", &award.code);
            let council = award.council.as_ref().ok_or_else(without)?;
            let mut nominations = nominations::as_of(conn, &movement, &award.code, caller.now).await?;
            nominations.retain(|one| matches!(one.state, State::Nominated | State::Verified));
            let ballots = Ballots::of(conn, &movement, council, &nominations, caller.today(), None).await?;
            let candidates = nominations.iter().map(|one| one.candidate);
            let directory = people::directory(conn, &movement.recall, candidates, caller.today()).await?;
            let secret = council.ballot == Voting::Secret;
            let asked = asked(&plan.groups, &nominations);
            let items: Vec<Item> = asked
                .iter()
                .map(|(nomination, criterion)| Item::of(&ballots, nomination, criterion, caller.account.id))
                .collect();
            let levels = levels(&items);
            let combined = combined(council, &items);
            let judged = asked.iter().zip(&items).zip(combined).map(|(((nomination, criterion), item), combined)| {
                let changed = ballots.recusals_changed(nomination.id);
                judged((directory.view(nomination.candidate), changed), criterion, item, (&levels, combined))
            });
            let mut shown: Vec<JudgeLevel> = levels.iter().map(|level| of_level(level, &ballots, secret)).collect();
            // Of a secret vote in no order that would tell whose is which.
            let place = |one: &JudgeLevel| (one.group.clone(), one.criterion.clone(), one.member.clone());
            shown.sort_by_key(|one| (place(one), one.mean.clone(), one.deviation.clone()));
            let view = Judging {
                award: award.code.clone(),
                secret,
                combine: council.combine,
                min_ballots: council.min_ballots,
                centred: council.centres(),
                items: judged.collect(),
                members: members(&ballots, &items),
                levels: shown,
            };
            Reply::ok(view)
        })
        .await
}

/// What the council scores, candidate by candidate.
fn asked<'a>(groups: &'a [Group], nominations: &'a [Nomination]) -> Vec<(&'a Nomination, &'a Criterion)> {
    let of = |nomination: &'a Nomination| {
        let group = groups.iter().filter(move |group| group.code == nomination.group);
        let criteria = group.flat_map(|group| &group.criteria).filter(|criterion| rules::is_of_council(criterion));
        criteria.map(move |criterion| (nomination, criterion))
    };
    nominations.iter().flat_map(of).collect()
}

fn judged(
    (candidate, recusals_changed): (PartyView, bool),
    criterion: &Criterion,
    item: &Item,
    (levels, combined): (&[Level], Option<BigRational>),
) -> JudgedItem {
    let spread = Spread::of(item.points.iter().map(|(_, points)| points.clone()));
    let of = |number: fn(&Spread) -> BigRational| spread.as_ref().map(|spread| half_up(&number(spread), 2));
    JudgedItem {
        candidate,
        criterion: criterion.code.clone(),
        max: criterion.max,
        cast: item.vote.counting().len(),
        open: item.vote.awaited().count(),
        recused: item.recused.len(),
        hidden: item.hidden,
        disclosed_at: item.disclosed_at,
        not_voted: item.not_voted.clone(),
        round: item.vote.round(),
        anew: item.vote.is_anew(),
        recusals_changed,
        combined: combined.as_ref().map(|points| half_up(points, 2)),
        combined_exact: combined.map(Fraction),
        mean: of(|spread| spread.mean.clone()),
        mean_exact: spread.as_ref().map(|spread| Fraction(spread.mean.clone())),
        median: of(|spread| spread.median.clone()),
        lowest: of(|spread| spread.lowest.clone()),
        highest: of(|spread| spread.highest.clone()),
        deviation: of(Spread::deviation),
        z: z(item, levels).map(|z| half_up(&z, 2)),
    }
}

fn members(ballots: &Ballots, items: &[Item]) -> Vec<JudgeView> {
    let of = |member: &super::panel_store::Member| {
        let count = |is: &dyn Fn(&Item) -> bool| items.iter().filter(|item| is(item)).count();
        JudgeView {
            member: member.username.clone(),
            name: member.name.clone(),
            cast: count(&|item| item.vote.has_voted(member.account)),
            open: count(&|item| item.vote.awaited().any(|open| open == member.account)),
            recused: count(&|item| item.recused.contains(&member.account)),
        }
    };
    ballots.panel.sitting().map(of).collect()
}

fn of_level(level: &Level, ballots: &Ballots, secret: bool) -> JudgeLevel {
    let name = ballots.panel.member(level.member).map(|member| member.username.clone());
    JudgeLevel {
        group: level.group.clone(),
        criterion: level.criterion.clone(),
        member: name.filter(|_| !secret),
        over: level.over,
        mean: half_up(&level.spread.mean, 2),
        against_panel: half_up(&level.against_panel, 2),
        deviation: half_up(&level.spread.deviation(), 2),
    }
}

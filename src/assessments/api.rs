//! Assessments: the scoring sheet of a nomination, the agency's scores and the council's ballots.

use std::collections::BTreeMap;

use actix_web::{get, post, put, web::Data};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ballots::Ballots,
    disclose::disclose,
    rules::{self, Again, Score},
    store::{self, Assessment},
    ties::Ground,
    view::{AssessmentView, Sheet},
};
use crate::{
    app::App,
    db::{Conn, Lock, share_advisory_lock, to_text},
    http::{
        Actor, Caller, Error, IfMatch, Json, NoBody, Page, Path, Query, Reply, Result, Role, WriteRequest, WriteScope,
        forbidden,
    },
    labels,
    movements::plan::{Criterion, Stage},
    nominations::{self, LockedPlace, Nomination, NominationPath, Place, State, place, place_for_change},
};

/// A score as a path names it: the nomination, and the criterion's code.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct AssessmentPath {
    pub movement: String,
    pub award: String,
    pub candidate: String,
    pub criterion: String,
}

impl AssessmentPath {
    pub fn nomination(&self) -> NominationPath {
        let Self { movement, award, candidate, .. } = self;
        NominationPath { movement: movement.clone(), award: award.clone(), candidate: candidate.clone() }
    }
}

/// In which capacity somebody scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ScoredAs {
    Appraisal,
    Council,
}

#[derive(Deserialize, IntoParams)]
struct Capacity {
    /// In which capacity the caller scores; needed only by an official of the agency who is of the council, too.
    #[serde(rename = "as")]
    #[param(inline)]
    scored_as: Option<ScoredAs>,
}

impl Capacity {
    /// A vote of the council is a member's own: what is delegated does not vote.
    fn of(&self, caller: &Caller) -> Result<ScoredAs> {
        let council = caller.grants.iter().filter(|grant| grant.role() == Some(Role::CouncilMember));
        let (agency, council) = (caller.holds(Role::StandingAgency), council.map(|grant| grant.acting_for.is_none()));
        let council: Vec<bool> = council.collect();
        match self.scored_as {
            None if agency && !council.is_empty() => Err(Error::of("content_invalid").at("/as", "capacity_needed")),
            Some(ScoredAs::Appraisal) if !agency => Err(forbidden(caller.access)),
            Some(ScoredAs::Council) if council.is_empty() => Err(forbidden(caller.access)),
            Some(ScoredAs::Appraisal) => Ok(ScoredAs::Appraisal),
            None if agency => Ok(ScoredAs::Appraisal),
            _ if council.contains(&true) => Ok(ScoredAs::Council),
            _ => Err(Error::of("ballot_personal")),
        }
    }
}

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_assessments).service(adopt_self_scores).service(assess_criterion);
}

/// The agency's answers and the council's ballots on one nomination.
pub(super) struct Given {
    pub agency: Vec<Assessment>,
    council: Option<Ballots>,
}

impl Given {
    pub async fn of(conn: &mut Conn, caller: &Caller, place: &Place, nomination: &Nomination) -> Result<Self> {
        let agency = store::as_of(conn, place.movement.locality, &[nomination.id], None).await?;
        let council = match &place.award.council {
            None => None,
            Some(rules) => {
                let of = std::slice::from_ref(nomination);
                Some(Ballots::of(conn, &place.movement, rules, of, caller.today(), None).await?)
            }
        };
        Ok(Self { agency, council })
    }

    pub fn on(&self, criterion: &str) -> Option<&Assessment> {
        self.agency.iter().find(|given| given.criterion == criterion)
    }

    pub fn sheet<'a>(&'a self, caller: &'a Caller, place: &'a Place, nomination: &'a Nomination) -> Sheet<'a> {
        Sheet { award: &place.award, nomination, given: &self.agency, council: self.council.as_ref(), caller }
    }

    /// Every criterion that people score, in the plan's order.
    fn page(&self, caller: &Caller, place: &Place, nomination: &Nomination) -> Page<AssessmentView> {
        let criteria = place.group(&nomination.group).into_iter().flat_map(|group| &group.criteria);
        let asked = criteria.filter(|criterion| rules::is_assessed(criterion));
        let sheet = self.sheet(caller, place, nomination);
        Page::whole(asked.map(|criterion| sheet.criterion(criterion)).collect())
    }

    fn by_criterion(&self) -> BTreeMap<&str, &Assessment> {
        self.agency.iter().map(|given| (given.criterion.as_str(), given)).collect()
    }
}

/// Scoring sheet of a nomination
///
/// Every criterion that people score: the claimed points, the agency's and the council's. Others' ballots of the council are
/// hidden from a member until the own one is in; in a secret vote, and from everybody else, until they are disclosed.
#[utoipa::path(tag = "awards", params(NominationPath), responses((status = 200, description = "The sheet", body = Page<AssessmentView>), Error))]
#[get("/movements/{movement}/awards/{award}/nominations/{candidate}/assessments")]
async fn list_assessments(app: Data<App>, caller: Caller, path: Path<NominationPath>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let place = place(conn, &caller, &path).await?;
            let found = nominations::find(conn, &place.movement, &place.award.code, place.candidate).await?;
            let nomination = found.ok_or_else(|| Error::missing("nomination"))?;
            caller.permit()?;
            let given = Given::of(conn, &caller, &place, &nomination).await?;
            Reply::ok(given.page(&caller, &place, &nomination))
        })
        .await
}

/// Score a criterion
///
/// The agency gives points, passes or fails a gate, or answers a check; a score other than the claimed one needs a
/// comment. A member of the council casts a ballot on a criterion whose points the council gives: it is final once another
/// member's is in, and a later one needs a reason; both stand. `If-None-Match: *` gives the first score, `If-Match` a
/// later one; earlier ones stay on record. Once a secret vote is disclosed, none is taken (409 `ballots_disclosed`). Authors
/// of the dossier and recused members do not score it.
#[utoipa::path(
    tag = "awards", params(IfMatch, Capacity, AssessmentPath),
    responses(
        (status = 200, description = "Changed", body = AssessmentView),
        (status = 201, description = "Created", body = AssessmentView),
        Error
    )
)]
#[put("/movements/{movement}/awards/{award}/nominations/{candidate}/assessments/{criterion}")]
async fn assess_criterion(
    app: Data<App>,
    write: WriteRequest,
    path: Path<AssessmentPath>,
    capacity: Query<Capacity>,
    if_match: IfMatch,
    body: Json<Score>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let of = path.nomination();
            let (place, nomination) = locked(conn, scope, &of).await?;
            let criterion = criterion(&place, &nomination, &path.criterion)?;
            let actor = scope.permit()?;
            let scored = Scored { place: &place, nomination: &nomination, criterion, actor: &actor };
            let version = match capacity.of(scope)? {
                ScoredAs::Appraisal => scored.appraise(conn, scope, &if_match, body.unjudged()).await?,
                ScoredAs::Council => scored.vote(conn, scope, &if_match, body.unjudged()).await?,
            };
            let given = Given::of(conn, scope, &place, &nomination).await?;
            let location = format!("{}/assessments/{}", of.location(), path.criterion);
            let view = given.sheet(scope, &place, &nomination).criterion(criterion);
            // A trial would show the others' ballots to who has not voted.
            let view = if scope.is_trial() { view.without_ballots() } else { view };
            Ok(Reply::put(version == 1, location, view)?.tag(version))
        })
        .await
}

/// What is scored, and by whom.
struct Scored<'a> {
    place: &'a LockedPlace,
    nomination: &'a Nomination,
    criterion: &'a Criterion,
    actor: &'a Actor,
}

impl Scored<'_> {
    /// The agency's answer; its version.
    async fn appraise(&self, conn: &mut Conn, scope: &WriteScope, if_match: &IfMatch, score: Score) -> Result<i32> {
        let Self { place, nomination, criterion, actor } = self;
        let given = Given::of(conn, scope, place, nomination).await?;
        let held = given.on(&criterion.code);
        let version = held.map_or(0, |held| held.version);
        check_version(if_match, version)?;
        check_open(conn, scope, place, nomination).await?;
        Error::check(rules::check(criterion, nomination.self_scores.get(&criterion.code).copied(), &score))?;
        held.map_or(Ok(()), |held| scope.before(held))?;
        let at = (nomination.id, criterion.code.as_str());
        store::insert(conn, actor, at, Stage::Appraisal, (version + 1, 1), &score).await?;
        let given = Given::of(conn, scope, place, nomination).await?;
        scope.after(&given.on(&criterion.code))?;
        Ok(version + 1)
    }

    /// A member's ballot; its version. The log tells that it was cast and not how: it is hidden from some of its readers.
    async fn vote(&self, conn: &mut Conn, scope: &WriteScope, if_match: &IfMatch, score: Score) -> Result<i32> {
        let Self { place, nomination, criterion, actor } = self;
        let Some(council) = &place.award.council else {
            return Err(Error::of("award_without_council").with("award", &place.award.code));
        };
        let (of, today) = (std::slice::from_ref(*nomination), scope.today());
        let ballots = Ballots::of(conn, &place.movement, council, of, today, None).await?;
        let own = ballots.of_member(nomination.id, &criterion.code, actor.account);
        let version = own.last().map_or(0, |newest| newest.version);
        check_version(if_match, version)?;
        check_open(conn, scope, place, nomination).await?;
        let vote = ballots.on(nomination.id, &criterion.code);
        if let Some(code) = vote.refusal(actor.account) {
            let own = ballots.panel.recusals(nomination.id).iter().find(|one| one.member == actor.account);
            return Err(own.map_or_else(|| Error::of(code), |own| refused(code, own.ground)));
        }
        let again = match vote.has_voted(actor.account) && vote.is_final_for(actor.account) {
            true => Again::Final,
            false if version > 0 => Again::Changed,
            false => Again::First,
        };
        Error::check(rules::check_ballot(criterion, &score, again))?;
        let record = |version: i32| json!({"criterion": criterion.code, "stage": Stage::Council, "version": version});
        if version > 0 {
            scope.before(&record(version))?;
        }
        let at = (nomination.id, criterion.code.as_str());
        store::insert(conn, actor, at, Stage::Council, (version + 1, vote.round()), &score).await?;
        scope.after(&record(version + 1))?;
        disclose(conn, scope, &place.movement, council, of).await?;
        Ok(version + 1)
    }
}

/// That a member does not judge, with the ground.
fn refused(code: &'static str, ground: Ground) -> Error {
    let Ok(ground) = to_text(ground) else { return Error::of(code) };
    let (vi, en) = labels::name("recusal_ground", &ground);
    Error::of(code).with("ground_vi", vi).with("ground_en", en).with("ground", ground)
}

fn check_version(if_match: &IfMatch, version: i32) -> Result<()> {
    if version == 0 { if_match.check_absent() } else { if_match.check(version) }
}

/// Adopt the self-scores
///
/// Gives the claimed points, as the agency's, on every criterion not yet appraised; answers the sheet.
#[utoipa::path(tag = "awards", params(NominationPath), responses((status = 200, description = "The sheet", body = Page<AssessmentView>), Error))]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/assessments/adopt")]
async fn adopt_self_scores(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    _: NoBody,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (place, nomination) = locked(conn, scope, &path).await?;
            let actor = scope.permit()?;
            check_open(conn, scope, &place, &nomination).await?;
            let given = Given::of(conn, scope, &place, &nomination).await?;
            scope.before(&given.by_criterion())?;
            for (code, points) in nomination.self_scores.iter().filter(|(code, _)| given.on(code).is_none()) {
                let score = Score { points: Some(*points), ..Score::default() };
                store::insert(conn, &actor, (nomination.id, code), Stage::Appraisal, (1, 1), &score).await?;
            }
            let given = Given::of(conn, scope, &place, &nomination).await?;
            scope.after(&given.by_criterion())?;
            Reply::ok(given.page(scope, &place, &nomination))
        })
        .await
}

/// The nomination that the path names, locked until the transaction ends (404).
pub(super) async fn locked(
    conn: &mut Conn,
    caller: &Caller,
    path: &NominationPath,
) -> Result<(LockedPlace, Nomination)> {
    let place = place_for_change(conn, caller, path).await?;
    // Before the nomination, as those do who count votes on it.
    share_advisory_lock(conn, Lock::Council { movement: place.movement.id, award: &place.award.code }).await?;
    let found = nominations::lock(conn, &place.movement, &place.award.code, place.candidate).await?;
    Ok((place, found.ok_or_else(|| Error::missing("nomination"))?))
}

/// The criterion of the nomination's group (404).
pub(super) fn criterion<'a>(place: &'a Place, nomination: &Nomination, code: &str) -> Result<&'a Criterion> {
    let mut criteria = place.group(&nomination.group).into_iter().flat_map(|group| &group.criteria);
    criteria.find(|criterion| criterion.code == code).ok_or_else(Error::not_found)
}

/// Scores are open while the movement and the nomination are open, and closed to authors of the dossier (409).
async fn check_open(conn: &mut Conn, caller: &Caller, place: &LockedPlace, nomination: &Nomination) -> Result<()> {
    must_stand(place, nomination)?;
    match nominations::authored(conn, caller.locality()?, &[nomination.id], caller.persons()).await?.is_empty() {
        true => Ok(()),
        false => Err(Error::of("four_eyes")),
    }
}

/// The movement is under way and the nomination neither rejected nor withdrawn (409).
pub(super) fn must_stand(place: &LockedPlace, nomination: &Nomination) -> Result<()> {
    place.must_be_open()?;
    match nomination.state {
        State::Nominated | State::Verified => Ok(()),
        state => Err(Error::state("nomination_state", to_text(state)?)),
    }
}

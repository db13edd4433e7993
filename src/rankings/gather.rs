//! The inputs of a run, gathered as they were known at one instant: nominations from their events, scores from their
//! rows, figures from the reports approved by then.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    asked::{Asked, asked},
    inputs::{Answered, Assessment, Attained, Candidate, Initiative, Inputs, Reports, Yardstick},
    judges, replay,
    yardstick::{with_direction, with_figure, yardstick},
};
use crate::{
    app::App,
    assessments::{self, Ballots},
    clock::day,
    db::{Conn, InitiativeId, NominationId, UnitId},
    exact::Fraction,
    http::Result,
    initiatives::{self, Recognised},
    movements::{
        self, Movement, membership,
        periods::{self, Window},
        plan::{Award, CandidateKind, Criterion, CriterionKind, Group, Indicator, QuotaBy, ShareOf, Stage, UnitSet},
        versions::Version,
    },
    nominations::{self, Nomination, State},
    people::{self, Directory},
    progress::{self, Attainment, Gathered, Scope, Verdict},
    submissions::{self, Timeliness},
    units::{self, History, Tree},
};

/// What a run of `award` looks at, in its fixed order; members of the council are recused as of `today`; `locality` is the administrative code.
pub async fn gather(
    conn: &mut Conn,
    app: &App,
    locality: &str,
    movement: &Movement,
    version: &Version,
    award: Award,
    (as_of, today): (DateTime<Utc>, NaiveDate),
) -> Result<Inputs> {
    let facts = Facts::gather(conn, movement, version, &award, (as_of, today)).await?;
    let reporting = facts.reporting(conn, movement).await?;
    let (locality, movement, plan_version) =
        (locality.to_owned(), movement.code.clone(), version.number.unsigned_abs());
    let pooled = replay::pooled(&version.plan, &award);
    let figures = move || {
        let candidate = |nomination| facts.candidate(award.candidates, nomination, &reporting);
        let candidates = facts.nominations.iter().map(candidate).collect();
        let mut inputs = Inputs {
            locality,
            movement,
            plan_version,
            as_of,
            units: facts.units(),
            pooled,
            award,
            yardsticks: facts.yardsticks(),
            groups: facts.groups,
            candidates,
        };
        if judges::is_secret(inputs.award.council.as_ref()) {
            judges::hide(&mut inputs);
        }
        Ok(inputs.in_order())
    };
    app.rankings.aside(figures).await
}

/// Data fetched once for all candidates.
struct Facts {
    as_of: DateTime<Utc>,
    /// Whether the plan is of the second format.
    second: bool,
    award: Award,
    groups: Vec<Group>,
    sets: Vec<UnitSet>,
    /// Verified ones, held or not.
    nominations: Vec<Nomination>,
    directory: Directory,
    history: Arc<History>,
    scores: Vec<assessments::Assessment>,
    /// Where the award has a council.
    council: Option<Ballots>,
    recognised: Vec<Recognised>,
    /// Initiatives that serve an award of another form or movement, with that award.
    serving: BTreeMap<InitiativeId, String>,
    /// By the period that a criterion names.
    reports: BTreeMap<Option<String>, Gathered>,
    periods: Vec<movements::Period>,
}

impl Facts {
    async fn gather(
        conn: &mut Conn,
        movement: &Movement,
        version: &Version,
        award: &Award,
        (as_of, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<Self> {
        let groups = replay::groups(&version.plan, award);
        let mut nominations = nominations::as_of(conn, movement, &award.code, as_of).await?;
        nominations.retain(|nomination| nomination.state == State::Verified);
        let ids: Vec<NominationId> = nominations.iter().map(|nomination| nomination.id).collect();
        let candidates = nominations.iter().map(|nomination| nomination.candidate);
        let directory = people::directory(conn, &movement.recall, candidates, day(as_of)).await?;
        let criteria = || groups.iter().flat_map(|group| &group.criteria);
        let measured = criteria().filter(|criterion| reads_figures(criterion));
        let asked = asked(award, criteria());
        let spans = measured.map(|criterion| criterion.period.clone());
        let spans = spans.chain(asked.indicators.iter().map(|(period, _)| (*period).clone()));
        let mut reports = BTreeMap::new();
        for period in spans.chain(asked.answered_share.then_some(None)).collect::<BTreeSet<_>>() {
            let span = progress::AskedSpan::Period(period.as_deref());
            let ask = progress::Ask { span, as_of, submitted: false, indicators: None };
            let gathered = progress::gather(conn, movement, &ask).await?;
            reports.insert(period, gathered);
        }
        let mut recognised = initiatives::recognised(conn, movement, as_of).await?;
        let here: BTreeSet<InitiativeId> = recognised.iter().map(|one| one.id).collect();
        let named: BTreeSet<InitiativeId> =
            nominations.iter().flat_map(|one| one.initiatives.iter().copied()).collect();
        let earlier: Vec<InitiativeId> = named.difference(&here).copied().collect();
        recognised.extend(initiatives::recognised_among(conn, movement.locality, &earlier, as_of).await?);
        let owned: BTreeSet<InitiativeId> = here.union(&named).copied().collect();
        let mut serving = BTreeMap::new();
        for used in nominations::uses(conn, movement.locality, &owned, Some(as_of)).await? {
            if used.movement != movement.id || !nominations::same_form(&version.plan, &used.award, &award.code) {
                let award = format!("movements/{}/awards/{}", used.movement_code, used.award);
                serving.entry(used.initiative).or_insert(award);
            }
        }
        let council = match &award.council {
            Some(rules) => Some(Ballots::of(conn, movement, rules, &nominations, today, Some(as_of)).await?),
            None => None,
        };
        let stored = movements::list_periods(conn, movement).await?;
        let periods = periods::due_as_of(conn, movement, stored, as_of).await?;
        Ok(Self {
            as_of,
            second: version.plan.is_second(),
            award: award.clone(),
            groups,
            sets: version.plan.unit_sets.clone(),
            directory,
            history: units::history(conn, &movement.recall).await?,
            council,
            scores: assessments::as_of(conn, movement.locality, &ids, Some(as_of)).await?,
            recognised,
            serving,
            reports,
            periods,
            nominations,
        })
    }

    fn candidate(
        &self,
        kind: CandidateKind,
        nomination: &Nomination,
        reporting: &BTreeMap<UnitId, Timeliness>,
    ) -> Candidate {
        let party = nomination.candidate;
        let shown = self.directory.view(party);
        // What the unit that a household lives in reports is not the household's.
        let unit = self.directory.unit_of(party).filter(|_| party.household().is_none());
        let kept = unit.filter(|_| self.judges_reporting(nomination));
        let kept = kept.and_then(|unit| reporting.get(&unit)).copied().unwrap_or_default();
        Candidate {
            kind,
            group: Some(nomination.group.clone()),
            unit: shown.unit,
            held: nomination.hold.as_ref().map(|hold| hold.reason.clone()),
            direct_work: nomination.direct_work,
            women: nomination.facts.women.as_ref().map(nominations::Women::share),
            achievement_from: nomination.facts.achievement_from.as_ref().map(|from| from.day),
            attained: unit.map(|unit| self.attained(nomination, unit)).unwrap_or_default(),
            initiatives: self.initiatives(nomination),
            answered: unit.filter(|_| self.asked(nomination).answered_share).map(|unit| self.answered(unit)),
            reporting: Reports { due: kept.due, on_time: kept.on_time, excused: kept.excused },
            assessments: self.assessments(nomination, &shown.code),
            recused: self.council.as_ref().map_or(0, |council| council.panel.recused(nomination.id).count() as u32),
            anew: self.council.as_ref().map(|council| council.anew(nomination.id)).unwrap_or_default(),
            name: shown.name,
            code: shown.code,
        }
    }

    fn criteria<'a>(&'a self, nomination: &Nomination) -> impl Iterator<Item = &'a Criterion> {
        let group = self.groups.iter().find(|group| group.code == nomination.group);
        group.into_iter().flat_map(|group| &group.criteria)
    }

    /// What conditions ask of a candidate.
    fn asked(&self, nomination: &Nomination) -> Asked<'_> {
        asked(&self.award, self.criteria(nomination))
    }

    fn judges_reporting(&self, nomination: &Nomination) -> bool {
        let by_points = self.criteria(nomination).any(|criterion| criterion.kind == CriterionKind::Reporting);
        by_points || self.asked(nomination).late_reports
    }

    /// What a unit owed for the periods that were due by the cut, and has answered.
    fn answered(&self, unit: UnitId) -> Answered {
        let due = self.periods.iter().map(|period| &period.dates).filter(|dates| dates.due_at <= self.as_of);
        let due: BTreeSet<&str> = due.map(|dates| dates.code.as_str()).collect();
        let mut counted = Answered { answered: 0, owed: 0 };
        let Some(gathered) = self.reports.get(&None) else { return counted };
        for indicator in gathered.frame().indicators() {
            let leaves = gathered.by_period(indicator, Scope::Units(&[unit])).into_iter();
            for (_, figure) in leaves.filter(|(code, _)| due.contains(code.as_str())) {
                counted.owed += figure.coverage.expected;
                counted.answered += figure.coverage.reported;
            }
        }
        counted
    }

    /// What the unit itself owes, in every span that a criterion of the candidate's group judges: all of it for an
    /// `indicators` criterion, else what a scale reads or a condition asks for.
    fn attained(&self, nomination: &Nomination, unit: UnitId) -> Vec<Attained> {
        let mut spans: BTreeMap<&Option<String>, (bool, BTreeSet<&str>)> = BTreeMap::new();
        for criterion in self.criteria(nomination).filter(|criterion| reads_figures(criterion)) {
            let (all, read) = spans.entry(&criterion.period).or_default();
            *all |= criterion.kind == CriterionKind::Indicators;
            read.extend(criterion.measure().map(|(indicator, _)| indicator));
        }
        let asked = self.asked(nomination);
        let parts_equals =
            |period: &Option<String>, indicator: &Indicator| period.is_none() && asked.ties.contains(&&*indicator.code);
        for (period, indicator) in asked.indicators.iter().copied() {
            spans.entry(period).or_default().1.insert(indicator);
        }
        let mut found = Vec::new();
        for (period, (all, read)) in spans {
            let Some(gathered) = self.reports.get(period) else { continue };
            let is_read = |indicator: &Indicator| read.contains(indicator.code.as_str());
            for indicator in gathered.frame().indicators().into_iter().filter(|indicator| all || is_read(indicator)) {
                let figure = gathered.figure(indicator, Scope::Units(&[unit]));
                // what the unit never owed is none of its business, and what the service counts nobody owes
                if figure.coverage.expected > 0 && figure.whole.verdict != Verdict::NotOwed {
                    let attainment = match self.second {
                        true => progress::attainment_of_second(indicator, &figure),
                        false => progress::attainment(indicator, &figure),
                    };
                    let one = attained(period, attainment, &figure);
                    let one = if is_read(indicator) { with_figure(one, indicator, &figure) } else { one };
                    found.push(if parts_equals(period, indicator) { with_direction(one, indicator) } else { one });
                }
            }
        }
        found
    }

    /// How many units the award's groups have, where its quota is a share of them.
    fn units(&self) -> Option<u64> {
        let Some(QuotaBy::Share(_, ShareOf::Units)) = self.award.quota.read() else { return None };
        let tree = self.history.on(day(self.as_of));
        let of_group = |group: &Group| membership::candidates(group, &self.sets, tree.iter()).count() as u64;
        Some(self.groups.iter().map(of_group).sum())
    }

    /// What scales read figures against.
    fn yardsticks(&self) -> Vec<Yardstick> {
        let tree = self.history.on(day(self.as_of));
        let criteria =
            self.groups.iter().flat_map(|group| group.criteria.iter().map(move |criterion| (group, criterion)));
        let yardstick = |(group, criterion): (&Group, &Criterion)| {
            let gathered = self.reports.get(&criterion.period)?;
            let indicators = gathered.frame().indicators();
            yardstick(group, criterion, &self.sets, &tree, |code, scope| {
                let indicator = *indicators.iter().find(|known| known.code == code)?;
                Some((indicator, gathered.figure(indicator, scope)))
            })
        };
        criteria.filter_map(yardstick).collect()
    }

    /// Of a dossier that names initiatives those, else all that the candidate owns of the movement; a joint one counts in
    /// full for each owner.
    fn initiatives(&self, nomination: &Nomination) -> Vec<Initiative> {
        let named = &nomination.initiatives;
        let counts = |one: &&Recognised| {
            one.owners.contains(&nomination.candidate) && (named.is_empty() || named.contains(&one.id))
        };
        let one = |one: &Recognised| Initiative {
            id: one.id.into(),
            title: one.title.clone(),
            level: one.level.clone(),
            recognised_on: Some(day(one.decided_at)),
            serves: self.serving.get(&one.id).cloned(),
        };
        self.recognised.iter().filter(counts).map(one).collect()
    }

    /// How the units whose group judges it kept the reports that they owed and that were due by the cut.
    async fn reporting(&self, conn: &mut Conn, movement: &Movement) -> Result<BTreeMap<UnitId, Timeliness>> {
        let judged = self.nominations.iter().filter(|one| self.judges_reporting(one));
        let units: BTreeSet<UnitId> = judged.filter_map(|one| self.directory.unit_of(one.candidate)).collect();
        let windows = self.periods.iter().map(|period| &period.dates);
        let reporting = &movement.versions.newest().plan.reporting;
        let windows = windows.filter(|window| !reporting.is_base(&window.code));
        let due: Vec<&periods::PeriodDates> = windows.filter(|window| window.due_at <= self.as_of).collect();
        let trees: BTreeMap<NaiveDate, Arc<Tree>> =
            due.iter().map(|window| (window.cutoff_on, self.history.on(window.cutoff_on))).collect();
        let owes = |unit: UnitId, leaf: Window| {
            let cutoff = leaf.cutoff_on;
            let (node, plan) = (trees.get(&cutoff).and_then(|tree| tree.by_id(unit)), &movement.on(cutoff).plan);
            let sets = &plan.unit_sets;
            node.is_some_and(|node| periods::reported_in(plan, leaf).any(|one| movements::owes(one, sets, node)))
        };
        let came = submissions::arrivals(conn, movement, self.as_of).await?.into_iter();
        let came: BTreeMap<_, _> = came.map(|arrival| ((arrival.unit, arrival.period), arrival.came)).collect();
        let kept = |unit: UnitId| {
            let owed = due.iter().filter(|window| owes(unit, window.window()));
            (unit, submissions::timeliness(owed.map(|window| came.get(&(unit, window.code.clone())).copied())))
        };
        Ok(units.into_iter().map(kept).collect())
    }

    /// The self-scores, the agency's newest answers, and the council's ballots that are disclosed.
    fn assessments(&self, nomination: &Nomination, code: &str) -> Vec<Assessment> {
        let own = nomination.self_scores.iter().map(|(criterion, points)| Assessment {
            criterion: criterion.clone(),
            stage: Stage::Own,
            assessor: code.to_owned(),
            points: Some(*points),
            passed: None,
            comment: None,
            sent_back: false,
        });
        let given = self.scores.iter().filter(|score| score.nomination == nomination.id);
        let given = given.map(|score| Assessment {
            criterion: score.criterion.clone(),
            stage: Stage::Appraisal,
            // by id: frozen inputs outlive logins
            assessor: score.assessor.to_string(),
            points: score.points,
            passed: score.passed,
            comment: score.comment.clone(),
            sent_back: score.sent_back.is_some(),
        });
        let cast = self.council.as_ref().map(|council| council.counted(nomination.id)).unwrap_or_default();
        let cast = cast.into_iter().map(|ballot| Assessment {
            criterion: ballot.criterion.to_owned(),
            stage: Stage::Council,
            assessor: ballot.member.to_string(),
            points: Some(ballot.points),
            passed: None,
            comment: None,
            sent_back: false,
        });
        own.chain(given).chain(cast).collect()
    }
}

fn attained(period: &Option<String>, attainment: Attainment, figure: &progress::Figure) -> Attained {
    let whole = &figure.whole;
    let attainment = match attainment {
        Attainment::Reached(part) => Some(Fraction(part)),
        Attainment::Excluded(_) | Attainment::NoData => None,
    };
    Attained {
        period: period.clone(),
        indicator: figure.indicator.clone(),
        verdict: whole.verdict,
        attainment,
        numerator: whole.numerator,
        denominator: whole.denominator,
        value: whole.value.clone(),
        figure: None,
        aim: whole.target.clone().filter(|aim| aim.is_of_table()),
        target: None,
        kind: None,
        decimals: None,
        less_is_better: false,
    }
}

/// Whether a criterion is computed from figures of indicators.
fn reads_figures(criterion: &Criterion) -> bool {
    criterion.kind == CriterionKind::Indicators || criterion.measure().is_some()
}

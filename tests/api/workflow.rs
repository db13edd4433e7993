//! A random walk over HTTP: 20 reports, 50 steps each, every answer foretold from the pure rules. A step not allowed
//! changes nothing, whoever takes it and whatever tag they hold; and everybody is told just what they may do.

mod held;
mod wire;

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use proptest::{
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use thidua::{
    movements::PeriodState,
    submissions::{Action, State, next, period_lets},
};

use wire::{body, figures, path, said};

use crate::support::{
    Client, TestApp,
    story::{Movement, Place, Report},
};

const WALKS: usize = 20;
const STEPS: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Reporter,
    Head,
    Agency,
    OtherAgency,
    Chair,
    /// Head of another unit.
    Stranger,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Present,
    Stale,
    Missing,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Whether the content is whole, and said to be on the unit's behalf.
    Act(Who, Action, Tag, bool, bool),
    /// One of the acts that would be taken now.
    Forward(Index),
    ClosePeriod,
    ReopenPeriod,
}

const EVERYBODY: [Who; 6] = [Who::Reporter, Who::Head, Who::Agency, Who::OtherAgency, Who::Chair, Who::Stranger];

fn any_step() -> impl Strategy<Value = Step> {
    let who = prop_oneof![6 => select(&EVERYBODY[1..4]), 2 => select(&EVERYBODY[..])];
    let tag = prop_oneof![8 => Just(Tag::Present), 1 => Just(Tag::Stale), 1 => Just(Tag::Missing)];
    let act = (who, select(&Action::ALL[..]), tag, prop::bool::weighted(0.8), any::<bool>());
    prop_oneof![
        10 => act.prop_map(|(who, action, tag, whole, on_behalf)| Step::Act(who, action, tag, whole, on_behalf)),
        10 => any::<Index>().prop_map(Step::Forward),
        1 => Just(Step::ClosePeriod),
        4 => Just(Step::ReopenPeriod),
    ]
}

/// What the walk has come to.
#[derive(Debug, Clone, Default)]
struct Told {
    /// None before the first draft.
    state: Option<State>,
    version: i32,
    /// What each revision says, the first at 0.
    revisions: Vec<i64>,
    in_force: Option<i64>,
    /// Number of the revision in force.
    approved: Option<usize>,
    /// Number of the first revision that was not taken back.
    first: Option<usize>,
    late: bool,
    whole: bool,
    on_behalf: bool,
    /// The number that the draft says.
    number: i64,
    submitter: Option<Who>,
    /// Who has written it since it was last approved.
    authors: Vec<Who>,
}

impl Told {
    fn has_eyes_of(&self, who: Who) -> bool {
        self.submitter == Some(who) || self.authors.contains(&who)
    }
}

impl Who {
    fn is_agency(self) -> bool {
        matches!(self, Self::Agency | Self::OtherAgency)
    }

    fn may(self, action: Action, told: &Told) -> bool {
        match action {
            Action::Edit => matches!(self, Self::Reporter | Self::Head) || self.is_agency(),
            Action::Submit => self == Self::Head || self.is_agency(),
            Action::Withdraw => self == Self::Head || self.is_agency() && told.on_behalf,
            _ => self.is_agency(),
        }
    }
}

/// Why a step is refused: status and code; for whatever content.
fn refusal(told: &Told, period: PeriodState, who: Who, action: Action, tag: Tag) -> Option<(u16, &'static str)> {
    let state = told.state.unwrap_or(State::Draft);
    match tag {
        _ if who == Who::Stranger || told.state.is_none() && action != Action::Edit => Some((404, "not_found")),
        _ if !who.may(action, told) => Some((403, "forbidden")),
        Tag::Missing => Some((428, "precondition_required")),
        Tag::Stale => Some((412, "precondition_failed")),
        Tag::Present if !period_lets(period, state, action) => Some((409, "period_state")),
        Tag::Present if next(state, action).is_none() => Some((409, "submission_state")),
        Tag::Present if action == Action::Approve && told.has_eyes_of(who) => Some((409, "four_eyes")),
        Tag::Present if action == Action::Excuse && !told.late => Some((409, "not_late")),
        Tag::Present => None,
    }
}

/// The same, for its content.
fn fault(told: &Told, who: Who, action: Action, on_behalf: bool) -> Option<(u16, &'static str)> {
    let stops = match action {
        Action::Edit => who.is_agency() != on_behalf,
        Action::Submit => !told.whole || who.is_agency() && !told.on_behalf,
        _ => false,
    };
    stops.then_some((422, "content_invalid"))
}

struct Walk<'a> {
    app: &'a TestApp,
    movement: &'a Movement<'a>,
    place: Place<'a>,
    /// By [`Who`].
    clients: [Client; 6],
    /// A whole report.
    report: Report,
    unit: &'a str,
    code: &'a str,
    /// Whether the period was due before the walk.
    overdue: bool,
    told: Told,
    period: PeriodState,
    drafts: i64,
    /// The acts taken.
    acts: BTreeSet<&'static str>,
    /// What it had come to after each step.
    past: Vec<(DateTime<Utc>, Told)>,
}

impl Walk<'_> {
    fn client(&self, who: Who) -> &Client {
        &self.clients[who as usize]
    }

    fn step(&mut self, step: Step) {
        self.app.clock.advance(TimeDelta::seconds(1));
        match step {
            Step::Act(who, action, tag, whole, on_behalf) => self.act(who, action, tag, whole, on_behalf),
            Step::Forward(index) => {
                let open = self.open();
                if !open.is_empty() {
                    let (who, action) = open[index.index(open.len())];
                    self.act(who, action, Tag::Present, true, who.is_agency());
                }
            }
            Step::ClosePeriod if self.period != PeriodState::Closed => {
                self.movement.close_period(self.code);
                self.period = PeriodState::Closed;
            }
            Step::ReopenPeriod if self.period == PeriodState::Closed => {
                let why = json!({"reason": "Mất điện"});
                self.movement.period_act(&self.app.agency(), self.code, "reopen", why).ok();
                self.period = PeriodState::Reopened;
            }
            Step::ClosePeriod | Step::ReopenPeriod => {}
        }
        self.past.push((self.app.clock.now(), self.told.clone()));
        self.hold();
    }

    /// Who could do what now, with a fit content.
    fn open(&self) -> Vec<(Who, Action)> {
        let all = EVERYBODY.into_iter().flat_map(|who| Action::ALL.map(|action| (who, action)));
        let free = |who, action| refusal(&self.told, self.period, who, action, Tag::Present);
        all.filter(|(who, action)| {
            let fits = fault(&self.told, *who, *action, who.is_agency());
            free(*who, *action).or(fits).is_none()
        })
        .collect()
    }

    fn act(&mut self, who: Who, action: Action, tag: Tag, whole: bool, on_behalf: bool) {
        self.drafts += 1;
        let client = self.client(who);
        let request = match action {
            Action::Edit => client.put(&self.place.path, self.content(whole, on_behalf)),
            _ => client.post(&format!("{}/{}", self.place.path, path(action)), body(action)),
        };
        let present = format!("\"{}\"", self.told.version);
        let request = match (tag, self.told.state) {
            (Tag::Missing, _) => request,
            (Tag::Present, None) => request.if_none_match_any(),
            (Tag::Present, Some(_)) => request.if_match(&present),
            (Tag::Stale, _) => request.if_match("\"999\""),
        };
        let refused = refusal(&self.told, self.period, who, action, tag);
        let refused = refused.or_else(|| fault(&self.told, who, action, on_behalf));
        match refused {
            Some((status, code)) => drop(request.problem(status, code)),
            None => {
                let status = if self.told.state.is_none() { 201 } else { 200 };
                self.take(who, action, whole, on_behalf);
                self.acts.insert(path(action));
                let answer = request.send().is(status);
                self.fits(answer.json());
            }
        }
    }

    /// Every draft says another number.
    fn content(&self, whole: bool, on_behalf: bool) -> Value {
        let report = self.report.clone().ratio("CCHC-18", self.drafts, 1_000_000);
        let report = if whole { report } else { report.without("CCHC-18") };
        let content = if on_behalf { report.on_behalf().0 } else { report.0 };
        self.app.as_known(&self.movement.path, self.code, content)
    }

    fn take(&mut self, who: Who, action: Action, whole: bool, on_behalf: bool) {
        let told = &mut self.told;
        told.version += 1;
        match action {
            Action::Edit => {
                // Only a whole draft says its number.
                let same = !whole && !told.whole && told.on_behalf == on_behalf;
                if told.state.is_none() || !same {
                    told.authors.push(who);
                }
                (told.whole, told.on_behalf, told.number) = (whole, on_behalf, self.drafts);
            }
            Action::Submit => {
                told.on_behalf &= who.is_agency();
                told.submitter = Some(who);
                told.revisions.push(told.number);
                told.first.get_or_insert(told.revisions.len());
            }
            Action::Withdraw => told.first = told.first.filter(|first| *first < told.revisions.len()),
            Action::Approve => {
                told.in_force = told.revisions.last().copied();
                told.approved = Some(told.revisions.len());
                told.authors.clear();
            }
            _ => {}
        }
        told.late = self.overdue && told.first.is_some();
        told.state = next(told.state.unwrap_or(State::Draft), action);
    }

    /// Whether a view is what the walk has come to.
    fn fits(&self, view: &Value) {
        let told = &self.told;
        assert_eq!(view["state"], json!(told.state), "{told:?}");
        assert_eq!(view["revision"], told.revisions.len(), "{told:?}");
        assert_eq!((&view["late"], view["on_behalf"].is_null()), (&json!(told.late), !told.on_behalf), "{told:?}");
        assert_eq!(view["approved_revision"], json!(told.approved), "{told:?}");
        let remarked = view["remarks"].as_array().is_some_and(|remarks| !remarks.is_empty());
        assert_eq!(remarked, told.state == Some(State::Returned), "{told:?}");
    }

    /// What stands there, and what somebody may do with it.
    fn look(&self, who: Who) {
        let request = self.client(who).get(&self.place.path);
        if who == Who::Stranger {
            return drop(request.problem(404, "not_found"));
        }
        if who == Who::Chair {
            return self.look_from_outside(request);
        }
        if self.told.state.is_none() {
            let owed = request.ok();
            assert_eq!((&owed["state"], owed.header("etag")), (&json!("not_begun"), None));
            return;
        }
        let shown = request.ok();
        self.fits(shown.json());
        assert_eq!(shown.etag(), format!("\"{}\"", self.told.version));
        let allowed = Action::ALL.into_iter();
        let allowed = allowed.filter(|action| refusal(&self.told, self.period, who, *action, Tag::Present).is_none());
        let allowed: Vec<_> = allowed.map(|action| path(action).replace('-', "_")).collect();
        assert_eq!(shown["allowed_actions"], json!(allowed), "{who:?} {:?} {:?}", self.told, self.period);
    }

    /// The figure that counts, and the revisions that stay.
    fn recall(&self) {
        let query = format!("{}/progress/CCHC-18?unit={}&period={}", self.movement.path, self.unit, self.code);
        assert_eq!(self.app.auditor().get(&query).ok()["numerator"], json!(self.told.in_force), "{:?}", self.told);
        for (n, number) in self.told.revisions.iter().enumerate() {
            let frozen = self.app.auditor().get(&format!("{}/revisions/{}", self.place.path, n + 1)).ok();
            assert_eq!(said(&frozen), *number, "revision {} stays as it was", n + 1);
        }
        self.past.iter().step_by(4).for_each(|(at, then)| self.remember(*at, then));
        let figures = || figures(&self.app.auditor(), &query, self.past.iter().step_by(9).map(|(at, _)| *at));
        let read = figures();
        self.app.sql("UPDATE submissions SET updated_at = '2199-01-01'");
        assert_eq!(read, figures(), "read off the row, and replayed from the acts: {:?}", self.told);
    }

    /// What was known then, of what was handed in.
    fn remember(&self, at: DateTime<Utc>, then: &Told) {
        let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let asked = self.app.auditor().get(&format!("{}?as_of={at}", self.place.path));
        let Some(number) = then.revisions.last() else { return drop(asked.problem(404, "not_found")) };
        let shown = asked.ok();
        assert_eq!((&shown["state"], &shown["revision"]), (&json!(then.state), &json!(then.revisions.len())), "{at}");
        assert_eq!(shown["approved_revision"], json!(then.approved), "{at}");
        assert_eq!(shown["allowed_actions"], json!([]), "{at}");
        assert_eq!(said(&shown), *number, "{at}");
    }
}

#[test]
fn no_walk_of_fifty_steps_leaves_the_rules() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let units = ["thon-1", "thon-2", "mat-tran", "hoi-phu-nu"];
    let (mut taken, mut approvals, mut acts) = (0, 0, BTreeSet::new());
    for walk in 0..WALKS {
        // The first two periods are due before the walk, the others after.
        let (code, begins) = [
            ("2025-07", "2025-08-20T02:00:00Z"),
            ("2025-08", "2025-08-21T02:00:00Z"),
            ("2025-09", "2025-08-22T02:00:00Z"),
            ("2025-10", "2025-09-16T02:00:00Z"),
            ("2025-11", "2025-10-16T02:00:00Z"),
        ][walk / units.len()];
        if walk % units.len() == 0 {
            app.at(begins);
        }
        let unit = units[walk % units.len()];
        let mut walk = Walk {
            app: &app,
            movement: &movement,
            place: movement.at(code, unit),
            clients: [
                app.reporter(unit),
                app.head(unit),
                app.agency(),
                app.agency_2(),
                app.chair(),
                app.head("phong-kinh-te"),
            ],
            report: movement.report(unit),
            unit,
            code,
            overdue: code < "2025-09",
            told: Told::default(),
            period: serde_json::from_value(movement.period(code)["state"].clone()).unwrap(),
            drafts: 0,
            acts: BTreeSet::new(),
            past: Vec::new(),
        };
        for n in 0..STEPS {
            let step = any_step().new_tree(&mut runner).unwrap().current();
            walk.step(step);
            walk.look(EVERYBODY[n % EVERYBODY.len()]);
        }
        walk.recall();
        taken += walk.told.version;
        approvals += walk.told.in_force.is_some() as u32;
        acts.extend(walk.acts);
    }
    assert_eq!(acts.len(), Action::ALL.len(), "every act is taken at least once: {acts:?}");
    println!("{taken} steps of {} taken, {approvals} reports approved", WALKS * STEPS);
    assert!(taken > 100 && approvals >= 5, "a walk that goes nowhere proves nothing: {taken}, {approvals}");
}

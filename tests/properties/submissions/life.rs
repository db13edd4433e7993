//! The life of a report in sequences of 50 steps, against a model that knows no states: it reads off the story told so
//! far what may come next and what was known when.

use std::{cell::RefCell, collections::BTreeMap};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::{TestCaseError, TestRunner},
};
use thidua::{
    db::AccountId,
    movements::{self, PeriodState},
    submissions::{Action, Event, HandIns, Snapshot, State, lets, may_approve, period_lets},
};
use uuid::Uuid;

const STEPS: usize = 50;
const PEOPLE: usize = 4;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// By one of the people.
    Act(usize, Action),
    /// One of the acts that would be taken now.
    Forward(Index),
    ClosePeriod,
    ReopenPeriod,
    CloseMovement,
}

/// Steps with the minutes between them.
fn any_steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let step = prop_oneof![
        100 => (0..PEOPLE, select(&Action::ALL[..])).prop_map(|(who, action)| Step::Act(who, action)),
        100 => any::<Index>().prop_map(Step::Forward),
        8 => Just(Step::ClosePeriod),
        14 => Just(Step::ReopenPeriod),
        1 => Just(Step::CloseMovement),
    ];
    vec((0..600i64, step), STEPS)
}

fn account(who: usize) -> AccountId {
    AccountId::from(Uuid::from_u128(who as u128 + 1))
}

/// The last of them acts for the one before.
fn persons(who: usize) -> Vec<AccountId> {
    if who == PEOPLE - 1 { vec![account(who), account(who - 1)] } else { vec![account(who)] }
}

fn start() -> DateTime<Utc> {
    "2025-08-05T02:00:00Z".parse().unwrap()
}

fn due_at() -> DateTime<Utc> {
    start() + TimeDelta::days(3)
}

/// An act that happened.
#[derive(Debug, Clone, Copy)]
struct Done {
    at: DateTime<Utc>,
    who: usize,
    action: Action,
}

/// The story so far: all that the model knows.
#[derive(Debug, Clone, Default)]
struct Story {
    acts: Vec<Done>,
    period_closed: bool,
    movement_closed: bool,
}

impl Story {
    fn by(&self, at: DateTime<Utc>) -> Self {
        Self { acts: self.acts.iter().copied().filter(|done| done.at <= at).collect(), ..self.clone() }
    }

    fn all(&self, action: Action) -> impl DoubleEndedIterator<Item = (usize, &Done)> {
        self.acts.iter().enumerate().filter(move |(_, done)| done.action == action)
    }

    /// The last act that moved the report.
    fn last_move(&self) -> Option<Action> {
        let moves = self.acts.iter().rev().map(|done| done.action);
        moves.into_iter().find(|action| !matches!(action, Action::Edit | Action::Excuse))
    }

    fn takes(&self, who: usize, action: Action) -> bool {
        use Action::*;
        let last = self.last_move();
        let correction = matches!(last, Some(Return | Reopen));
        let lies_open = correction || matches!(last, None | Some(Withdraw));
        let fits = match action {
            Edit | Submit => lies_open && (correction || !self.period_closed),
            Withdraw => last == Some(Submit) && !self.period_closed,
            Approve => last == Some(Submit) && !self.same_eyes(who),
            Return => last == Some(Submit),
            Reopen => last == Some(Approve),
            Excuse => !matches!(last, None | Some(Withdraw)) && self.was_late(),
        };
        fits && (!self.movement_closed || action == Excuse)
    }

    fn same_eyes(&self, who: usize) -> bool {
        let submitter = self.all(Action::Submit).last().map(|(_, done)| done.who);
        let lends = |lender, to| lender + 1 == PEOPLE - 1 && to == PEOPLE - 1;
        submitter.is_some_and(|by| by == who || lends(by, who) || lends(who, by))
    }

    /// The first hand-in that was not taken back, and where it stands in the story.
    fn first(&self) -> Option<(usize, &Done)> {
        let moved = |action| !matches!(action, Action::Edit | Action::Excuse);
        let then = |at: usize| self.acts[at + 1..].iter().map(|done| done.action).find(|action| moved(*action));
        self.all(Action::Submit).find(|(at, _)| then(*at) != Some(Action::Withdraw))
    }

    fn was_late(&self) -> bool {
        self.first().is_some_and(|(_, first)| first.at > due_at())
    }

    fn hand_ins(&self) -> i32 {
        self.all(Action::Submit).count() as i32
    }

    /// Number of the hand-in that was approved last.
    fn counts(&self) -> Option<i32> {
        let (at, _) = self.all(Action::Approve).last()?;
        Some(self.acts[..at].iter().filter(|done| done.action == Action::Submit).count() as i32)
    }

    fn state(&self) -> State {
        match self.last_move() {
            None | Some(Action::Withdraw) => State::Draft,
            Some(Action::Submit) => State::Submitted,
            Some(Action::Return) => State::Returned,
            Some(Action::Approve) => State::Approved,
            _ => State::Reopened,
        }
    }
}

/// The report as the code makes it: nothing is decided here.
struct Report {
    movement: movements::State,
    period: PeriodState,
    state: State,
    hand_ins: HandIns,
    submitter: Option<usize>,
    version: i32,
    events: Vec<Event>,
}

impl Report {
    fn new() -> Self {
        Self {
            movement: movements::State::Launched,
            period: PeriodState::Open,
            state: State::Draft,
            hand_ins: HandIns { revision: 0, first_at: None, late: false },
            submitter: None,
            version: 0,
            events: Vec::new(),
        }
    }

    fn act(&mut self, who: usize, action: Action, now: DateTime<Utc>) -> bool {
        let Ok(state) = lets(self.movement, self.period, self.state, action) else { return false };
        if action == Action::Approve && !may_approve(&persons(who), &persons(self.submitter.expect("handed in"))) {
            return false;
        }
        if action == Action::Excuse && !self.hand_ins.late {
            return false;
        }
        if action == Action::Withdraw {
            let known = Snapshot::as_of(&self.events, now).and_then(|known| known.first);
            self.hand_ins = self.hand_ins.taken_back(known.map(|(revision, _)| revision));
        }
        if action == Action::Submit {
            self.hand_ins = self.hand_ins.one_more(now, due_at());
            self.submitter = Some(who);
        }
        (self.state, self.version) = (state, self.version + 1);
        if action != Action::Edit {
            self.events.push(self.event(who, action, now));
        }
        true
    }

    fn event(&self, who: usize, action: Action, at: DateTime<Utc>) -> Event {
        Event {
            action,
            revision: self.hand_ins.revision,
            version: self.version,
            persons: persons(who),
            actor: who.to_string(),
            at,
            reason: Some(self.version.to_string()),
            remarks: Vec::new(),
        }
    }
}

struct Walk {
    story: Story,
    report: Report,
    now: DateTime<Utc>,
}

impl Walk {
    fn step(&mut self, minutes: i64, step: Step) -> Result<(), TestCaseError> {
        self.now += TimeDelta::minutes(minutes);
        match step {
            Step::Act(who, action) => self.act(who, action)?,
            Step::Forward(index) => {
                let all = (0..PEOPLE).flat_map(|who| Action::ALL.map(|action| (who, action)));
                let open: Vec<_> = all.filter(|(who, action)| self.story.takes(*who, *action)).collect();
                if let Some((who, action)) = (!open.is_empty()).then(|| open[index.index(open.len())]) {
                    self.act(who, action)?;
                }
            }
            Step::ClosePeriod => {
                (self.story.period_closed, self.report.period) = (true, PeriodState::Closed);
            }
            Step::ReopenPeriod if self.story.period_closed => {
                (self.story.period_closed, self.report.period) = (false, PeriodState::Reopened);
            }
            Step::ReopenPeriod => {}
            Step::CloseMovement => {
                (self.story.movement_closed, self.report.movement) = (true, movements::State::Closed);
            }
        }
        Ok(())
    }

    fn act(&mut self, who: usize, action: Action) -> Result<(), TestCaseError> {
        let (expected, before) = (self.story.takes(who, action), self.report.version);
        let taken = self.report.act(who, action, self.now);
        prop_assert_eq!(taken, expected, "{} {:?} in {:?}", who, action, &self.story);
        prop_assert_eq!(self.report.version, before + i32::from(taken), "one step, or none");
        if taken {
            self.story.acts.push(Done { at: self.now, who, action });
        }
        self.agree()
    }

    fn agree(&self) -> Result<(), TestCaseError> {
        let (story, report) = (&self.story, &self.report);
        prop_assert_eq!(report.state, story.state());
        prop_assert_eq!(report.hand_ins.revision, story.hand_ins(), "numbered without a gap");
        let first = story.first().map(|(_, done)| done.at);
        prop_assert_eq!(report.hand_ins.first_at, first, "kept over any number of returns, and not over a withdrawal");
        prop_assert_eq!(report.hand_ins.late, story.was_late());
        Ok(())
    }

    /// What was known just before, at and after every act.
    fn remember(&self) -> Result<(), TestCaseError> {
        let around = |done: &Done| [-1, 0, 1].map(|seconds| done.at + TimeDelta::seconds(seconds));
        for as_of in self.story.acts.iter().flat_map(around) {
            let (then, told) = (self.story.by(as_of), Snapshot::as_of(&self.report.events, as_of));
            prop_assert_eq!(told.is_some(), then.hand_ins() > 0, "a draft is known to nobody else");
            let Some(told) = told else { continue };
            prop_assert_eq!((told.state, told.revision), (then.state(), then.hand_ins()));
            prop_assert_eq!(told.approved, then.counts());
            let first = then.first();
            prop_assert_eq!(told.first.map(|(_, at)| at), first.map(|(_, done)| done.at));
            let excused = then.all(Action::Excuse).any(|(at, _)| first.is_some_and(|(first, _)| first < at));
            prop_assert_eq!(told.lateness_excuse.is_some(), excused, "an excuse goes with the hand-in that it excused");
            let asked = matches!(then.last_move(), Some(Action::Return | Action::Reopen));
            prop_assert_eq!(told.sent_back.is_some(), asked, "until the correction is handed in");
            let by_then: Vec<Event> = self.report.events.iter().filter(|event| event.at <= as_of).cloned().collect();
            prop_assert_eq!(Snapshot::as_of(&by_then, as_of), Some(told), "what comes later changes nothing");
        }
        Ok(())
    }
}

#[test]
fn a_thousand_sequences_of_fifty_steps_agree_with_the_story_told() {
    let taken = RefCell::new(BTreeMap::<String, u32>::new());
    let count = |what: String| *taken.borrow_mut().entry(what).or_default() += 1;
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) });
    let walked = runner.run(&any_steps(), |steps| {
        let mut walk = Walk { story: Story::default(), report: Report::new(), now: start() };
        for (minutes, step) in steps {
            walk.step(minutes, step)?;
        }
        walk.remember()?;
        walk.story.acts.iter().for_each(|done| count(format!("{:?}", done.action)));
        if walk.story.all(Action::Approve).count() > 1 {
            count("corrections approved".into());
        }
        Ok(())
    });
    walked.unwrap_or_else(|wrong| panic!("{wrong}"));
    let taken = taken.into_inner();
    println!("{taken:?}");
    let seldom: Vec<_> = taken.iter().filter(|(_, times)| **times < 100).collect();
    assert!(taken.len() == Action::ALL.len() + 1 && seldom.is_empty(), "a walk that goes nowhere: {seldom:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_was_approved_stands_until_its_correction_is(steps in any_steps()) {
        let mut walk = Walk { story: Story::default(), report: Report::new(), now: start() };
        for (minutes, step) in steps {
            let before = Snapshot::as_of(&walk.report.events, walk.now).and_then(|told| told.approved);
            walk.step(minutes, step)?;
            let told = Snapshot::as_of(&walk.report.events, walk.now);
            let after = told.and_then(|told| told.approved);
            prop_assert!(after >= before, "what was approved is never taken away: {before:?} {after:?}");
            if let Some(told) = told {
                prop_assert!(after.is_none_or(|revision| (1..=told.revision).contains(&revision)));
                prop_assert!(told.state != State::Approved || after == Some(told.revision));
                prop_assert!(told.state != State::Reopened || after.is_some());
            }
        }
    }

    #[test]
    fn a_closed_period_takes_only_what_the_agency_sent_back(steps in any_steps()) {
        let mut walk = Walk { story: Story::default(), report: Report::new(), now: start() };
        for (minutes, step) in steps {
            let (state, hand_ins, closed) = (walk.report.state, walk.story.hand_ins(), walk.story.period_closed);
            walk.step(minutes, step)?;
            if closed && walk.story.hand_ins() > hand_ins {
                prop_assert!(matches!(state, State::Returned | State::Reopened), "{state:?}");
            }
            if closed && walk.story.period_closed {
                prop_assert_eq!(state == State::Draft, walk.report.state == State::Draft, "nothing is begun or undone");
            }
        }
    }

    #[test]
    fn no_path_leaves_a_closed_movement(steps in any_steps()) {
        let mut walk = Walk { story: Story::default(), report: Report::new(), now: start() };
        for (minutes, step) in steps {
            let (closed, before) = (walk.story.movement_closed, (walk.report.state, walk.report.hand_ins));
            walk.step(minutes, step)?;
            prop_assert!(!closed || before == (walk.report.state, walk.report.hand_ins));
        }
    }

    #[test]
    fn what_a_closed_period_lets_an_open_one_lets_too(state in select(&State::ALL[..]), action in select(&Action::ALL[..])) {
        prop_assert!(period_lets(PeriodState::Open, state, action));
        prop_assert!(period_lets(PeriodState::Reopened, state, action));
    }
}

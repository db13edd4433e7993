//! The life of a submission against a model of it, in sequences of 50 steps.

use proptest::{collection::vec, prelude::*, sample::select};
use thidua::{
    movements::PeriodState,
    submissions::{Action, State, next, period_lets},
};

/// The life as the rules of the domain tell it: from, act, to.
const LIFE: [(State, Action, State); 14] = [
    (State::Draft, Action::Edit, State::Draft),
    (State::Draft, Action::Submit, State::Submitted),
    (State::Submitted, Action::Withdraw, State::Draft),
    (State::Submitted, Action::Approve, State::Approved),
    (State::Submitted, Action::Return, State::Returned),
    (State::Returned, Action::Edit, State::Returned),
    (State::Returned, Action::Submit, State::Submitted),
    (State::Approved, Action::Reopen, State::Reopened),
    (State::Reopened, Action::Edit, State::Reopened),
    (State::Reopened, Action::Submit, State::Submitted),
    (State::Submitted, Action::Excuse, State::Submitted),
    (State::Returned, Action::Excuse, State::Returned),
    (State::Approved, Action::Excuse, State::Approved),
    (State::Reopened, Action::Excuse, State::Reopened),
];

#[derive(Debug, Clone, Copy)]
enum Step {
    Act(Action),
    Close,
    Reopen,
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => select(&Action::ALL[..]).prop_map(Step::Act),
        1 => Just(Step::Close),
        1 => Just(Step::Reopen),
    ];
    vec(step, 50)
}

/// What a sequence of steps has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    state: State,
    period: PeriodState,
    revision: u32,
    /// The revision that stands as approved.
    in_force: Option<u32>,
}

impl Told {
    const START: Self = Self { state: State::Draft, period: PeriodState::Open, revision: 0, in_force: None };

    fn take(self, step: Step) -> Self {
        match step {
            Step::Close => Self { period: PeriodState::Closed, ..self },
            Step::Reopen if self.period == PeriodState::Closed => Self { period: PeriodState::Reopened, ..self },
            Step::Reopen => self,
            Step::Act(action) => match next(self.state, action) {
                Some(state) if period_lets(self.period, self.state, action) => Self {
                    state,
                    revision: self.revision + u32::from(action == Action::Submit),
                    in_force: if action == Action::Approve { Some(self.revision) } else { self.in_force },
                    ..self
                },
                _ => self,
            },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_path_leaves_the_graph(steps in any_steps()) {
        let mut told = Told::START;
        for step in steps {
            let before = told;
            told = told.take(step);
            if let Step::Act(action) = step {
                let drawn = LIFE.contains(&(before.state, action, told.state));
                prop_assert!(told == before || drawn, "{before:?} {action:?} {told:?}");
                prop_assert_eq!(
                    next(before.state, action).is_some(),
                    LIFE.iter().any(|(from, by, _)| (*from, *by) == (before.state, action))
                );
            }
        }
    }

    #[test]
    fn what_is_approved_was_handed_in_and_stands(steps in any_steps()) {
        let mut told = Told::START;
        for step in steps {
            let before = told;
            told = told.take(step);
            prop_assert!(told.in_force >= before.in_force, "what was approved is never taken away");
            prop_assert!(told.revision >= before.revision, "revisions only grow");
            prop_assert!(told.in_force.is_none_or(|revision| (1..=told.revision).contains(&revision)));
            if told.state == State::Approved {
                prop_assert_eq!(told.in_force, Some(told.revision));
            }
            if told.state == State::Reopened {
                prop_assert!(told.in_force.is_some());
            }
            if before.state != told.state {
                prop_assert_eq!(told.state == State::Submitted, told.revision > before.revision);
            }
        }
    }

    #[test]
    fn a_closed_period_takes_only_what_the_agency_sent_back(steps in any_steps()) {
        let mut told = Told::START;
        for step in steps {
            let before = told;
            told = told.take(step);
            if before.period == PeriodState::Closed && told.revision > before.revision {
                prop_assert!(matches!(before.state, State::Returned | State::Reopened), "{before:?} {told:?}");
            }
            if before.period == PeriodState::Closed && told.period == PeriodState::Closed {
                prop_assert_eq!(before.state == State::Draft, told.state == State::Draft, "nothing is begun or undone");
            }
        }
    }

    #[test]
    fn what_a_closed_period_lets_an_open_one_lets_too(state in select(&State::ALL[..]), action in select(&Action::ALL[..])) {
        prop_assert!(period_lets(PeriodState::Open, state, action));
        prop_assert!(period_lets(PeriodState::Reopened, state, action));
    }
}

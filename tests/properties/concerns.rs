//! Concerns: the life that no act leaves, who sees which words, and which may stand together.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select};
use thidua::{
    concerns::{Action, State, check_together, next, shows},
    db::ConcernId,
};
use uuid::Uuid;

/// The life as the domain tells it: from, act, to.
const LIFE: [(State, Action, State); 4] = [
    (State::Raised, Action::Consolidate, State::Consolidated),
    (State::Consolidated, Action::Consolidate, State::Consolidated),
    (State::Consolidated, Action::Decide, State::Decided),
    (State::Decided, Action::Reply, State::Replied),
];

fn concern(n: u8) -> ConcernId {
    Uuid::from_u128(u128::from(n)).into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_act_leaves_the_life_and_none_comes_back(acts in vec(select(&Action::ALL[..]), 50)) {
        let mut state = State::Raised;
        let (mut decided, mut replied) = (0, 0);
        for action in acts {
            let drawn = LIFE.iter().find(|(from, by, _)| (*from, *by) == (state, action)).map(|(.., to)| *to);
            let to = next(state, action);
            prop_assert_eq!(to, drawn);
            let Some(to) = to else { continue };
            decided += u32::from(action == Action::Decide);
            replied += u32::from(action == Action::Reply);
            prop_assert!(decided <= 1 && replied <= decided, "decided once, and replied to once after it");
            prop_assert!(to as u8 >= state as u8, "no way leads back");
            state = to;
        }
        prop_assert_eq!(decided == 1, matches!(state, State::Decided | State::Replied));
    }

    #[test]
    fn exactly_those_that_may_be_consolidated_stand_together_once(
        states in vec(select(&State::ALL[..]), 1..8),
        named in vec(0u8..10, 0..12),
    ) {
        let known: BTreeMap<ConcernId, State> = (0u8..).zip(states).map(|(n, state)| (concern(n), state)).collect();
        let with: Vec<ConcernId> = named.iter().map(|n| concern(*n)).collect();
        let findings = check_together(concern(0), &with, &known);
        for (i, id) in with.iter().enumerate() {
            let first = *id != concern(0) && !with[..i].contains(id);
            let may = known.get(id).is_some_and(|state| next(*state, Action::Consolidate).is_some());
            let found = findings.iter().filter(|finding| finding.pointer == format!("/with/{i}")).count();
            prop_assert_eq!(found, usize::from(!(first && may)), "{:?} in {:?}", id, findings);
        }
        prop_assert!(findings.iter().all(|finding| finding.pointer.starts_with("/with/")));
    }
}

#[test]
fn a_unit_reads_everything_but_the_summary() {
    for action in Action::ALL {
        assert!(shows(action, true));
        assert_eq!(shows(action, false), action != Action::Consolidate);
    }
}

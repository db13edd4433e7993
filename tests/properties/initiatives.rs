//! Initiatives: decided once, duplicates for good, and the hint of likeness is the same from both sides.

use proptest::{collection::vec, prelude::*, sample::select};
use thidua::{
    db::InitiativeId,
    initiatives::{Action, Described, State, are_similar, check_duplicate, next},
    people::Party,
};
use uuid::Uuid;

const WORDS: [&str; 8] = ["trả", "kết", "quả", "tại", "nhà", "một", "cửa", "số"];

fn any_told() -> impl Strategy<Value = (Vec<&'static str>, Vec<Party>)> {
    let owner = (0u128..3).prop_map(|n| Party::Unit(Uuid::from_u128(n).into()));
    (vec(select(&WORDS[..]), 1..8), vec(owner, 1..3))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn it_is_decided_once_and_a_duplicate_stays_one(acts in vec(select(&Action::ALL[..]), 50)) {
        let (mut state, mut decided) = (State::Proposed, 0);
        for action in acts {
            let Some(to) = next(state, action) else { continue };
            prop_assert!(!matches!(state, State::Rejected | State::Duplicate), "nothing follows");
            prop_assert!(to != State::Proposed || state == State::Proposed);
            if matches!(action, Action::Replicate | Action::WithdrawReplication) {
                prop_assert_eq!((state, to), (State::Recognised, State::Recognised));
            }
            decided += u32::from(matches!(action, Action::Recognise | Action::Reject));
            prop_assert!(decided <= 1);
            state = to;
        }
    }

    #[test]
    fn likeness_is_mutual_and_grows_with_a_common_owner((a, of_a) in any_told(), (b, of_b) in any_told()) {
        let (title_a, title_b) = (a.join(" "), b.join(" "));
        let (one, other) = (Described { title: &title_a, owners: &of_a }, Described { title: &title_b, owners: &of_b });
        prop_assert_eq!(are_similar(&one, &other), are_similar(&other, &one));
        prop_assert!(are_similar(&one, &one));
        let strangers = Described { owners: &[], ..other };
        prop_assert!(!are_similar(&one, &strangers) || are_similar(&one, &other));
        let shouted = title_b.to_uppercase();
        prop_assert_eq!(are_similar(&one, &other), are_similar(&one, &Described { title: &shouted, ..other }));
    }
}

#[test]
fn only_what_counts_or_may_count_stands_for_another() {
    let id = |n: u128| -> InitiativeId { Uuid::from_u128(n).into() };
    for state in State::ALL {
        for recognised in [true, false] {
            let fit = state == State::Recognised || state == State::Proposed && !recognised;
            assert_eq!(check_duplicate((id(1), recognised), id(2), Some(state)).is_none(), fit);
            assert!(check_duplicate((id(1), recognised), id(1), Some(state)).is_some());
        }
    }
    assert!(check_duplicate((id(1), false), id(2), None).is_some());
}

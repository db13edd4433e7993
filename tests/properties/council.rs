//! Votes of a council at the exact edge of a share, and the spread of points.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use thidua::{
    assessments::Spread,
    council::{Attendance, Count, Roll, Vote, check_count, counted, has_quorum, passes},
    db::AccountId,
    exact::ratio,
    movements::plan::{Council, CouncilBase},
};

fn council(over: &Value) -> Council {
    let mut rules =
        json!({"quorum": "2/3", "pass": ">1/2", "of": "all", "ballot": "open", "combine": "mean", "min_ballots": 1});
    rules.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
    serde_json::from_value(rules).unwrap()
}

fn members(count: usize) -> Vec<AccountId> {
    (0..count).map(|n| AccountId::from(uuid::Uuid::from_u128(n as u128 + 1))).collect()
}

fn any_roll() -> impl Strategy<Value = (Roll, BTreeSet<AccountId>)> {
    let one = (0..3_u8, any::<bool>());
    proptest::collection::vec(one, 1..20).prop_map(|all| {
        let kinds = [Attendance::Present, Attendance::Written, Attendance::Absent];
        let ids = members(all.len());
        let roll = ids.iter().zip(&all).map(|(id, (kind, _))| (*id, kinds[usize::from(*kind)])).collect();
        let recused = ids.into_iter().zip(&all).filter(|(_, (_, recused))| *recused).map(|(id, _)| id).collect();
        (Roll(roll), recused)
    })
}

proptest! {
    #[test]
    fn the_least_number_of_votes_passes_and_one_less_does_not(part in 1..20_u32, more in 0..20_u32, base in 1..200_u32) {
        let whole = part + more;
        let rules = council(&json!({"pass": format!("{part}/{whole}")}));
        // ⌈base × part / whole⌉
        let least = (base * part).div_ceil(whole);
        let of = |in_favour| Count { in_favour, ..Count::default() };
        prop_assert!(passes(&rules, &of(least), base));
        prop_assert!(!passes(&rules, &of(least - 1), base));
    }

    #[test]
    fn more_than_a_share_is_one_more_than_its_floor(part in 1..20_u32, more in 1..20_u32, base in 1..200_u32) {
        let whole = part + more;
        let rules = council(&json!({"pass": format!(">{part}/{whole}"), "quorum": format!(">{part}/{whole}")}));
        let least = base * part / whole + 1;
        let of = |in_favour| Count { in_favour, ..Count::default() };
        prop_assert!(passes(&rules, &of(least), base));
        prop_assert!(!passes(&rules, &of(least - 1), base));
        let roll = |present: u32| Roll(members(base as usize).into_iter().enumerate().map(|(n, id)| {
            (id, if (n as u32) < present { Attendance::Present } else { Attendance::Written })
        }).collect());
        prop_assert!(has_quorum(&rules, &roll(least)), "who is in the room");
        prop_assert!(!has_quorum(&rules, &roll(least - 1)), "and not who votes in writing");
    }

    #[test]
    fn the_recused_neither_vote_nor_count((roll, recused) in any_roll()) {
        let voters = roll.voters(&recused);
        prop_assert!(voters.is_disjoint(&recused));
        prop_assert_eq!(roll.base(CouncilBase::Present, &recused) as usize, voters.len());
        prop_assert_eq!(roll.base(CouncilBase::All, &recused) as usize, roll.0.len() - recused.len());
        prop_assert!(voters.iter().all(|member| roll.0[member] != Attendance::Absent));
        prop_assert!(roll.base(CouncilBase::All, &recused) >= roll.base(CouncilBase::Present, &recused));
    }

    #[test]
    fn the_count_of_open_votes_adds_up(votes in proptest::collection::vec(0..3_u8, 0..20), more in 0..5_usize) {
        let kinds = [Vote::For, Vote::Against, Vote::Invalid];
        let by: BTreeMap<_, _> = members(votes.len()).into_iter().zip(votes.iter().map(|vote| kinds[usize::from(*vote)])).collect();
        let voters = votes.len() + more;
        let count = counted(&by, voters);
        prop_assert_eq!(check_count(&count, voters), vec![]);
        prop_assert_eq!(count.issued as usize, voters);
        if voters > 0 {
            prop_assert!(!check_count(&count, voters - 1).is_empty());
        }
    }
}

#[test]
fn a_spread_is_what_one_works_out_by_hand() {
    let spread = Spread::of([2, 4, 4, 4, 5, 5, 7, 9].map(|n| ratio(n, 1))).unwrap();
    assert_eq!((&spread.mean, &spread.median, &spread.variance), (&ratio(5, 1), &ratio(9, 2), &ratio(4, 1)));
    assert_eq!((spread.deviation(), spread.z(&ratio(9, 1))), (ratio(2, 1), Some(ratio(2, 1))));
    assert_eq!(Spread::of([ratio(7, 3)]).unwrap().z(&ratio(7, 3)), None, "no spread, no z-score");
    assert_eq!(Spread::of([]), None);
}

//! Activities: what is withdrawn changes no more, and a content is right or everything wrong with it is said.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::{collection::vec, prelude::*, sample::select};
use thidua::{
    activities::{Action, Content, Kind, State, check, next},
    movements::plan::Span,
};
use uuid::Uuid;

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 7, 1).unwrap() + chrono::TimeDelta::days(n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_withdrawn_changes_no_more(acts in vec(select(&Action::ALL[..]), 20)) {
        let mut state = State::Recorded;
        for action in acts {
            let to = next(state, action);
            prop_assert_eq!(to.is_some(), state == State::Recorded && action != Action::Record);
            state = to.unwrap_or(state);
            prop_assert!(action != Action::Withdraw || state == State::Withdrawn);
        }
    }

    #[test]
    fn it_was_held_within_the_span_and_not_after_today(held in -30i64..230, today in 0i64..200) {
        let content = Content {
            kind: Kind::Broadcast, title: "Phát thanh".into(), held_on: day(held), place: None,
            participants: Some(0), description: None, evidence: Vec::new(),
        };
        let span = Span { from: day(0), to: day(183), section: None };
        let findings = check(&content, &span, day(today), &BTreeSet::new());
        prop_assert_eq!(findings.is_empty(), (0..=183).contains(&held) && held <= today);
        prop_assert!(findings.len() <= 1 && findings.iter().all(|finding| finding.pointer == "/held_on"));
    }

    #[test]
    fn it_names_only_known_documents_and_each_once(named in vec(0u128..6, 0..10), known in vec(0u128..6, 0..6)) {
        let ids = |of: &[u128]| of.iter().map(|n| Uuid::from_u128(*n)).collect::<Vec<_>>();
        let content = Content {
            kind: Kind::Article, title: "Bài viết".into(), held_on: day(1), place: None,
            participants: None, description: None, evidence: ids(&named),
        };
        let span = Span { from: day(0), to: day(183), section: None };
        let findings = check(&content, &span, day(2), &ids(&known).into_iter().collect());
        let right = named.iter().enumerate().filter(|(i, n)| known.contains(n) && !named[..*i].contains(n)).count();
        prop_assert_eq!(findings.len(), named.len() - right);
    }
}

//! What one hand-in says otherwise than another.

use std::collections::BTreeSet;

use proptest::prelude::*;
use thidua::submissions::{Content, diff};

use super::checks::any_passing;

/// Some of the values of a report, and another narrative.
fn any_part() -> impl Strategy<Value = Content> {
    (any_passing(), prop::collection::vec(any::<bool>(), 16), prop::option::of("[a-c]")).prop_map(
        |(whole, kept, narrative)| {
            let values = whole.values.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(value, _)| value);
            Content { narrative, values: values.collect(), ..Content::default() }
        },
    )
}

proptest! {
    #[test]
    fn nothing_differs_just_where_the_same_is_said(from in any_part(), to in any_part()) {
        prop_assert_eq!(diff(&from, &from).unwrap(), vec![]);
        let mut turned = from.clone();
        turned.values.reverse();
        prop_assert_eq!(diff(&from, &turned).unwrap(), vec![], "the order says nothing");
        prop_assert_eq!(diff(&from, &to).unwrap().is_empty(), from == to);
    }

    #[test]
    fn each_member_is_told_once_and_the_way_back_is_the_mirror(from in any_part(), to in any_part()) {
        let (there, back) = (diff(&from, &to).unwrap(), diff(&to, &from).unwrap());
        let places: BTreeSet<String> = there.iter().map(|change| change.pointer()).collect();
        prop_assert_eq!(places.len(), there.len());
        prop_assert!(there.iter().all(|change| change.from != change.to));
        let mirrored: Vec<_> = back.iter().map(|change| (change.pointer(), &change.to, &change.from)).collect();
        prop_assert_eq!(there.iter().map(|change| (change.pointer(), &change.from, &change.to)).collect::<Vec<_>>(), mirrored);
    }
}

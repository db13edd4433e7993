//! What a record tells: the same whether a thing is told at once or part by part.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use thidua::{
    canonical::digest,
    record::{Parts, Text, salted},
};

/// Things as records hold them: text, whole numbers, nothing.
fn some_thing() -> impl Strategy<Value = Value> {
    let word = prop_oneof![any::<i32>().prop_map(Value::from), "\\PC{0,6}".prop_map(Value::from), Just(Value::Null)];
    prop::collection::btree_map("[a-z]{1,3}", word, 0..4).prop_map(|members| json!(members))
}

/// A thing before or after.
type Side = Option<Value>;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_told_part_by_part_has_the_digests_of_the_whole(
        parts in prop::collection::btree_map("[-a-z0-9/~]{1,6}", (prop::option::of(some_thing()), prop::option::of(some_thing())), 0..5),
        actor in "\\PC{0,8}",
        reason in prop::option::of("\\PC{0,8}"),
    ) {
        let salt = "0a".repeat(16);
        let mut told = Parts::new(salt.clone(), &actor);
        for (name, (before, after)) in &parts {
            told.tell(name, before.as_ref(), after.as_ref()).unwrap();
        }
        let told = told.end(reason.as_deref());
        let whole = |of: fn(&(Side, Side)) -> &Side| {
            json!(parts.iter().filter_map(|(name, part)| Some((name, of(part).as_ref()?))).collect::<BTreeMap<_, _>>())
        };
        prop_assert_eq!(told.before.as_deref(), Some(&salted(&salt, &whole(|(before, _)| before)).unwrap()[..]));
        prop_assert_eq!(told.after.as_deref(), Some(&salted(&salt, &whole(|(_, after)| after)).unwrap()[..]));
        let changes: Value = serde_json::from_str(&told.changes).unwrap();
        let text = Text { actor, changes, reason, salt };
        prop_assert_eq!(told.text, digest(&text).unwrap());
    }
}

//! What an amendment changes of how an award is judged. PURE.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    finding::escape,
    movements::plan::{Plan, diff::differences},
};

/// Members of an award by which its candidates are judged and chosen.
const JUDGES: [&str; 9] =
    ["groups", "quota", "ranking", "classes", "council", "per_unit", "pool", "places", "eligible"];

/// By award of both versions: what is otherwise, as pointers by codes to a criterion or to a member of the award.
pub fn changes(before: &Plan, after: &Plan) -> Vec<(String, Vec<String>)> {
    let document = |plan: &Plan| serde_json::to_value(plan).unwrap_or(Value::Null);
    let changed: Vec<String> =
        differences(&document(before), &document(after)).into_iter().map(|change| change.pointer).collect();
    let of_award = |code: &str| {
        let both = || [before, after].into_iter().flat_map(|plan| &plan.awards).filter(|award| award.code == code);
        let members = JUDGES.iter().map(|member| format!("/awards/{}/{member}", escape(code)));
        let groups = both().flat_map(|award| &award.groups);
        let criteria = groups.map(|group| format!("/groups/{}/criteria", escape(group)));
        let roots: BTreeSet<String> = members.chain(criteria).collect();
        let touched = changed.iter().filter_map(|pointer| {
            let root = roots.iter().find(|root| is_below(root, pointer))?;
            // Of criteria each by its code; of the award the member.
            let rest = pointer[root.len()..].split('/').nth(1).filter(|_| root.ends_with("/criteria"));
            Some(rest.map_or_else(|| root.clone(), |code| format!("{root}/{code}")))
        });
        touched.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let kept = before.awards.iter().filter(|award| after.awards.iter().any(|other| other.code == award.code));
    let changes = kept.map(|award| (award.code.clone(), of_award(&award.code)));
    changes.filter(|(_, changed)| !changed.is_empty()).collect()
}

fn is_below(root: &str, pointer: &str) -> bool {
    pointer.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

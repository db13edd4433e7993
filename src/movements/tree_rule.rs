//! A change of the organisation tree must not break a movement once launched: no unit may come to report what one below it
//! reports, and what is given once for the locality keeps its one reporter. Held at every period's cut-off. What a
//! concluded movement came to is told again long after, so that the tree of its cut-offs stays as it is.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
};

use super::{
    launch,
    store::{self, State},
};
use crate::{
    db::{Conn, LocalityId},
    finding::Finding,
    http::Result,
    units::{self, Tree},
};

/// What does not go with the movements launched, as the tree stands in this transaction. Its pointers lead nowhere:
/// they are the plan's, and the change is a unit's.
pub fn tree_rule(conn: &mut Conn, locality: LocalityId) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + '_>> {
    Box::pin(async move {
        let (mut broken, mut seen) = (Vec::new(), BTreeSet::new());
        let history = units::history(conn, locality).await?;
        for movement in store::ever_launched(conn, locality).await? {
            for period in store::list_periods(conn, &movement).await? {
                let cutoff = period.window.cutoff_on;
                let tree = history.on(cutoff);
                if movement.state == State::Concluded {
                    let finding = Finding::new("", "tree_concluded").with("movement", &movement.code);
                    // Another mark than before is what the change broke.
                    broken.push(finding.with("day", cutoff).with("mark", mark(&tree)));
                    continue;
                }
                let found = launch::check_tree(&movement.on(cutoff).plan, &tree);
                for finding in found.into_iter().filter(launch::counts_twice) {
                    let finding = Finding { pointer: String::new(), ..finding }.with("movement", &movement.code);
                    if seen.insert((finding.code, finding.args.clone())) {
                        broken.push(finding);
                    }
                }
            }
        }
        Ok(broken)
    })
}

/// What figures take from a tree: who is there, of what kind, below whom, and for whom they go on.
fn mark(tree: &Tree) -> u64 {
    let mut hasher = DefaultHasher::new();
    tree.iter().for_each(|unit| (unit.id, &unit.kind, unit.parent, &unit.absorbed).hash(&mut hasher));
    hasher.finish()
}

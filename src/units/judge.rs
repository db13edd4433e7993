//! A change of the tree held against everything that counts on the tree.

use std::pin::Pin;

use super::change::TreeChange;
use crate::{
    db::{Conn, Recall},
    finding::Finding,
    http::{Error, Result},
};

/// What a change of the tree breaks, by one who counts on the tree: what was broken before is no finding.
pub type TreeRule =
    for<'a> fn(&'a mut Conn, &'a Recall, &'a TreeChange) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + 'a>>;

/// All who count on the tree. The server lists them, for they lie above.
pub struct TreeRules(pub &'static [TreeRule]);

/// The tree of every day is sound, and nothing breaks (422); answers what is worth a warning. `named`: where the change says under what unit one comes to
/// stand. The caller holds the tree.
pub(super) async fn judge(
    conn: &mut Conn,
    rules: &TreeRules,
    recall: &Recall,
    change: &TreeChange,
    named: &str,
) -> Result<Vec<Finding>> {
    if let Some((code, day)) = change.after.fault() {
        Error::check(vec![Finding::new(named, code).with("day", day)])?;
    }
    let mut broken = Vec::new();
    for rule in rules.0 {
        broken.extend(rule(conn, recall, change).await?);
    }
    let warnings = broken.iter().filter(|finding| finding.warning).cloned().collect();
    Error::check(broken)?;
    Ok(warnings)
}

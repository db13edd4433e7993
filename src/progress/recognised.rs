//! The recognised initiatives that an indicator counts, each in the leaf of the day on which it was recognised.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Leaf, Scope};
use crate::{
    clock::day,
    db::Conn,
    http::Result,
    initiatives,
    movements::Movement,
    people::{self, Directory, Party},
    units::History,
};

/// By the leaf's code.
#[derive(Default)]
pub(super) struct Recognitions(BTreeMap<String, OfLeaf>);

struct OfLeaf {
    /// The owners of each initiative.
    owners: Vec<Vec<Party>>,
    /// As it stood on the leaf's cut-off day.
    directory: Directory,
}

impl Recognitions {
    pub async fn gather(
        conn: &mut Conn,
        movement: &Movement,
        history: &History,
        leaves: &[Leaf],
        as_of: DateTime<Utc>,
    ) -> Result<Self> {
        let recognised = initiatives::recognised(conn, movement, as_of).await?;
        let mut by_leaf = BTreeMap::new();
        for leaf in leaves {
            let own = recognised.iter().filter(|one| (leaf.starts_on..=leaf.cutoff_on).contains(&day(one.decided_at)));
            let owners: Vec<Vec<Party>> = own.map(|one| one.owners.clone()).collect();
            if !owners.is_empty() {
                let parties = owners.iter().flatten().copied();
                let directory = people::directory_in(conn, movement.locality, parties, history, leaf.cutoff_on).await?;
                by_leaf.insert(leaf.code.clone(), OfLeaf { owners, directory });
            }
        }
        Ok(Self(by_leaf))
    }

    /// How many initiatives of a leaf have an owner within the scope, each once.
    pub fn count(&self, leaf: &Leaf, scope: Scope) -> u64 {
        let Some(OfLeaf { owners, directory }) = self.0.get(&leaf.code) else { return 0 };
        let within = |owner: &Party| match scope {
            Scope::Locality => true,
            Scope::Below(tops) => directory.is_within(*owner, tops),
            Scope::Units(units) => directory.unit_of(*owner).is_some_and(|unit| units.contains(&unit)),
        };
        owners.iter().filter(|owners| owners.iter().any(within)).count() as u64
    }
}

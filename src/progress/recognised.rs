//! The recognised initiatives that an indicator counts, each in the leaf of the day on which it was recognised.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Leaf, Scope};
use crate::{
    clock::day,
    db::Conn,
    http::Result,
    initiatives::{self, Recognised},
    movements::Movement,
    people::{self, Directory, Party},
    units::History,
};

/// By the leaf's code.
#[derive(Default)]
pub(super) struct Recognitions(BTreeMap<String, OfLeaf>);

struct OfLeaf {
    initiatives: Vec<Recognised>,
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
            let initiatives: Vec<Recognised> = own.cloned().collect();
            if !initiatives.is_empty() {
                let parties = initiatives.iter().flat_map(|one| &one.owners).copied();
                let directory = people::directory_in(conn, movement.locality, parties, history, leaf.cutoff_on).await?;
                by_leaf.insert(leaf.code.clone(), OfLeaf { initiatives, directory });
            }
        }
        Ok(Self(by_leaf))
    }

    /// How many initiatives of a leaf have an owner within the scope, each once.
    pub fn count(&self, leaf: &Leaf, scope: Scope) -> u64 {
        self.of(leaf, scope).count() as u64
    }

    /// These initiatives with their owners as they stood.
    pub fn of<'a>(&'a self, leaf: &Leaf, scope: Scope<'a>) -> impl Iterator<Item = (&'a Recognised, &'a Directory)> {
        let within = move |owner: &Party, directory: &Directory| match scope {
            Scope::Locality => true,
            Scope::Below(tops) => directory.is_within(*owner, tops),
            Scope::Units(units) => directory.unit_of(*owner).is_some_and(|unit| units.contains(&unit)),
        };
        let of_leaf = self.0.get(&leaf.code).into_iter();
        let all = of_leaf.flat_map(|of| of.initiatives.iter().map(|one| (one, &of.directory)));
        all.filter(move |(one, directory)| one.owners.iter().any(|owner| within(owner, directory)))
    }
}

//! Units as clients see them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    store::Row,
    tree::{History, Node, Tree},
};
use crate::{
    db::UnitId,
    finding::Finding,
    http::{Error, FindingView, Locale, Result},
};

/// A unit of the locality.
#[derive(Serialize, ToSchema)]
pub struct Unit {
    #[schema(example = "phong-kinh-te")]
    pub code: String,
    #[schema(example = "Phòng Kinh tế")]
    pub name: String,
    #[schema(example = "division")]
    pub kind: String,
    #[schema(required)]
    pub parent: Option<String>,
    pub valid_from: NaiveDate,
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
    /// Code of the unit that it was merged into.
    #[schema(required)]
    pub successor: Option<String>,
    /// Every name it bore, oldest first.
    pub names: Vec<UnitName>,
    pub external_codes: BTreeMap<String, String>,
    /// What a change leaves behind in launched movements: targets that judge nobody any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FindingView>,
}

#[derive(Serialize, ToSchema)]
pub struct UnitName {
    pub name: String,
    pub from: NaiveDate,
    /// Last day, included; null for the present name.
    #[schema(required)]
    pub to: Option<NaiveDate>,
}

/// A unit in a list.
#[derive(Serialize, ToSchema)]
pub struct UnitSummary {
    #[schema(example = "phong-kinh-te")]
    pub code: String,
    #[schema(example = "Phòng Kinh tế")]
    pub name: String,
    #[schema(example = "division")]
    pub kind: String,
    #[schema(required)]
    pub parent: Option<String>,
}

/// A unit with the units below it.
#[derive(Serialize, ToSchema)]
pub struct UnitBranch {
    pub code: String,
    pub name: String,
    pub kind: String,
    #[schema(no_recursion)]
    pub children: Vec<UnitBranch>,
}

impl Unit {
    /// The unit as it stands today, but on no day before it began or after it ended.
    pub fn of(row: Row, history: &History, today: NaiveDate) -> Result<Self> {
        let shown_on = row.valid_to.map_or(today, |to| to.min(today)).max(row.valid_from);
        let (tree, known) = (history.on(shown_on), history.ever_registered(today));
        let present = tree.by_id(row.id).ok_or_else(|| Error::internal("a unit without a state"))?;
        Ok(Self {
            code: row.code,
            name: present.name.clone(),
            kind: present.kind.clone(),
            parent: present.parent.and_then(|id| tree.by_id(id)).map(|parent| parent.code.clone()),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            successor: row.successor_id.and_then(|id| known.by_id(id)).map(|unit| unit.code.clone()),
            names: names(history.of_unit(row.id)),
            external_codes: serde_json::from_value(row.external_codes).map_err(Error::internal)?,
            warnings: Vec::new(),
        })
    }
}

impl Unit {
    /// The same with what a change of it is warned of.
    pub fn warned(self, found: &[Finding], locale: Locale) -> Self {
        Self { warnings: found.iter().map(|finding| FindingView::of(finding, locale)).collect(), ..self }
    }
}

/// Every name borne: a state that changes something else goes on with the name.
fn names<'a>(states: impl Iterator<Item = &'a (NaiveDate, Node)>) -> Vec<UnitName> {
    let mut names: Vec<UnitName> = Vec::new();
    for (from, state) in states {
        if names.last().is_some_and(|last| last.name == state.name) {
            continue;
        }
        if let Some(last) = names.last_mut() {
            last.to = from.pred_opt();
        }
        names.push(UnitName { name: state.name.clone(), from: *from, to: None });
    }
    names
}

pub fn summary(tree: &Tree, node: &Node) -> UnitSummary {
    let parent = node.parent.and_then(|id| tree.by_id(id)).map(|parent| parent.code.clone());
    UnitSummary { code: node.code.clone(), name: node.name.clone(), kind: node.kind.clone(), parent }
}

/// The units directly below `parent`, each with those below it.
pub fn branches(tree: &Tree, parent: Option<UnitId>) -> Vec<UnitBranch> {
    let branch = |node: &Node| UnitBranch {
        code: node.code.clone(),
        name: node.name.clone(),
        kind: node.kind.clone(),
        children: branches(tree, Some(node.id)),
    };
    tree.children(parent).into_iter().map(branch).collect()
}

//! A run with the version of the plan whose rules ranked it, and what that calls things.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    store::{self, Kept},
    wording::Names,
};
use crate::{
    db::{Conn, RankingId},
    http::{Caller, Error, Locale, Result},
    movements::{
        self, label,
        plan::{Award, Class, Group, Plan},
        versions::Version,
    },
};

/// What the plan calls what a ranking names by code, in the language of `Accept-Language`.
#[derive(Serialize, ToSchema)]
pub struct RankingNames {
    groups: Vec<RankingGroupNames>,
    /// By code.
    indicators: BTreeMap<String, String>,
    /// By code.
    classes: BTreeMap<String, String>,
}

#[derive(Serialize, ToSchema)]
pub struct RankingGroupNames {
    #[schema(example = "1.1")]
    code: String,
    name: String,
    /// By code; a criterion without words is missing.
    criteria: BTreeMap<String, String>,
}

/// The words of a plan for one award.
#[derive(Clone)]
pub struct Words {
    version: Arc<Version>,
    award: String,
}

impl Words {
    pub fn of(version: Arc<Version>, award: &str) -> Self {
        Self { version, award: award.to_owned() }
    }

    fn plan(&self) -> &Plan {
        &self.version.plan
    }

    pub fn award(&self) -> Option<&Award> {
        self.plan().awards.iter().find(|award| award.code == self.award)
    }

    fn classes(&self) -> impl Iterator<Item = &Class> {
        self.award().into_iter().flat_map(|award| &award.classes)
    }

    fn groups(&self) -> impl Iterator<Item = &Group> {
        let codes = self.award().map(|award| award.groups.as_slice()).unwrap_or_default();
        self.plan().groups.iter().filter(|group| codes.contains(&group.code))
    }

    /// As sentences name them.
    pub fn names(&self) -> Names {
        Names::of(self.groups(), self.plan().indicators.iter()).and_classes(self.classes())
    }

    /// As they are shown.
    pub fn shown(&self, locale: Locale) -> RankingNames {
        let group = |group: &Group| RankingGroupNames {
            code: group.code.clone(),
            name: label(&group.name, locale),
            criteria: group
                .criteria
                .iter()
                .filter_map(|criterion| Some((criterion.code.clone(), label(criterion.text.as_ref()?, locale))))
                .collect(),
        };
        let named = self.plan().indicators.iter();
        RankingNames {
            groups: self.groups().map(group).collect(),
            indicators: named.map(|one| (one.code.clone(), label(&one.name, locale))).collect(),
            classes: self.classes().map(|class| (class.code.clone(), label(&class.name, locale))).collect(),
        }
    }
}

/// The run (404), with the words of its plan.
pub async fn found(conn: &mut Conn, caller: &Caller, id: RankingId) -> Result<(Kept, Words)> {
    let kept = store::find(conn, caller.locality()?, id).await?.ok_or_else(Error::not_found)?;
    let movement = movements::by_id(conn, caller.recall()?, kept.run.movement).await?;
    let own = movement.versions.iter().find(|version| version.number == kept.run.plan_version);
    let words = Words::of(own.unwrap_or_else(|| movement.versions.newest()).clone(), &kept.run.award);
    Ok((kept, words))
}

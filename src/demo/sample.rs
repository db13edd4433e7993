//! The people and things of the story, as `plans/demo.json` holds them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::accounts::SampleAccount;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub locality: Value,
    pub units: Vec<Value>,
    pub people: Vec<Value>,
    pub accounts: Vec<SampleAccount>,
    pub initiatives: Vec<SampleInitiative>,
    pub nominations: BTreeMap<String, Vec<SampleNomination>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleInitiative {
    pub title: String,
    pub summary: String,
    /// Units by code, people by name.
    pub owners: Vec<Value>,
    pub level: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleNomination {
    /// A unit's code or a person's name.
    pub candidate: String,
    /// Percent of each criterion's points that the candidate claims.
    pub strength: u32,
    #[serde(default)]
    pub direct_work: bool,
}

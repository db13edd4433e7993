//! The running load: its clock, its client, its accounts.

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{accounts::Accounts, client::Client, sample::Sample};
use crate::{clock::Clock, http::Role};

/// Where the movement is addressed.
pub const MOVEMENT: &str = "/movements/cchc-2025-h2";

/// The running load.
pub struct Story {
    pub clock: Clock,
    pub client: Client,
    pub accounts: Accounts,
    pub sample: Sample,
    pub plan: Value,
}

pub fn instant(text: &str) -> anyhow::Result<DateTime<Utc>> {
    Ok(text.parse()?)
}

impl Story {
    /// The first account of a role.
    pub fn by_role(&self, role: Role) -> anyhow::Result<Client> {
        let username = self.accounts.by_role(role, None).context("a sample account for every role")?;
        Ok(self.account(username))
    }

    /// A unit's own account.
    pub fn of_unit(&self, role: Role, unit: &str) -> anyhow::Result<Client> {
        let username = self.accounts.by_role(role, Some(unit)).with_context(|| format!("accounts of {unit}"))?;
        Ok(self.account(username))
    }

    pub fn account(&self, username: &str) -> Client {
        self.client.of(username, self.accounts.password(username))
    }

    /// The id of a person of this name.
    pub async fn person(&self, client: &Client, name: &str) -> anyhow::Result<Option<String>> {
        let found = client.get(&format!("/people?q={}", name.replace(' ', "+"))).await?;
        let items = found["items"].as_array().into_iter().flatten();
        Ok(items.filter(|person| person["name"] == name).find_map(|person| person["id"].as_str().map(str::to_owned)))
    }
}

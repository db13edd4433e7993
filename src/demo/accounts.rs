//! The sample accounts and their passwords: random, written once to a file that only its owner may read.

use std::{collections::BTreeMap, fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    auth::{self, Hasher},
    db::Db,
    http::Role,
    identity::{self, NewAccount},
};

const FILE: &str = "demo-accounts.json";
const LOCALITY: &str = "10210";

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleAccount {
    pub username: String,
    pub role: Role,
    pub unit: Option<String>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Written {
    username: String,
    password: String,
    roles: Vec<Role>,
    unit: Option<String>,
}

pub struct Accounts {
    accounts: Vec<SampleAccount>,
    passwords: BTreeMap<String, String>,
}

impl Accounts {
    /// Reads the file, or writes it with new passwords.
    pub fn open(data_dir: &Path, accounts: &[SampleAccount]) -> anyhow::Result<Self> {
        fs::create_dir_all(data_dir)?;
        let path = data_dir.join(FILE);
        if !path.exists() {
            write(&path, accounts)?;
        }
        let written: Vec<Written> = serde_json::from_slice(&fs::read(&path)?)
            .with_context(|| format!("{} cannot be read; remove it with its data directory", path.display()))?;
        let passwords = written.into_iter().map(|line| (line.username, line.password)).collect();
        Ok(Self { accounts: accounts.to_vec(), passwords })
    }

    pub fn password(&self, username: &str) -> &str {
        self.passwords.get(username).map_or("", String::as_str)
    }

    pub fn by_role(&self, role: Role, unit: Option<&str>) -> Option<&str> {
        let fits = |account: &&SampleAccount| account.role == role && account.unit.as_deref() == unit;
        self.accounts.iter().find(fits).map(|account| account.username.as_str())
    }

    pub fn all_by_role(&self, role: Role) -> impl Iterator<Item = &str> {
        self.accounts.iter().filter(move |account| account.role == role).map(|account| account.username.as_str())
    }

    pub async fn create(
        &self,
        db: &Db,
        hasher: &Hasher,
        now: DateTime<Utc>,
        which: impl Fn(&SampleAccount) -> bool,
    ) -> anyhow::Result<()> {
        for account in self.accounts.iter().filter(|account| which(account)) {
            let new = NewAccount {
                username: &account.username,
                password: self.password(&account.username),
                role: account.role,
                locality: (!account.role.is_of_city()).then_some(LOCALITY),
                unit: account.unit.as_deref(),
            };
            let made = identity::create_account(db, hasher, new, now).await;
            made.map_err(|error| anyhow::anyhow!("account {}: {}", account.username, error.in_english()))?;
        }
        Ok(())
    }
}

fn write(path: &Path, accounts: &[SampleAccount]) -> anyhow::Result<()> {
    let line = |account: &SampleAccount| Written {
        username: account.username.clone(),
        password: auth::first_password(),
        roles: vec![account.role],
        unit: account.unit.clone(),
    };
    let lines: Vec<Written> = accounts.iter().map(line).collect();
    let aside = path.with_extension("new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(&serde_json::to_vec_pretty(&lines)?)?;
    file.sync_all()?;
    Ok(fs::rename(aside, path)?)
}

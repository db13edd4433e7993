//! `thidua plan`: lints and loads plans.

use std::{path::Path, process::ExitCode};

use anyhow::Context;
use thidua::{
    clock::{Clock, day},
    config::Store,
    db::{AccountId, audit_log},
    http::{self, Actor},
    localities,
    movements::{self, plan::Plan},
};

use crate::{
    database::open,
    output::{in_words, print, say},
};

pub fn lint_plan(file: &Path) -> anyhow::Result<ExitCode> {
    let plan = match read_plan(file) {
        Ok(plan) => plan,
        Err(error) => {
            eprintln!("thidua: {error:#}");
            return Ok(ExitCode::from(1));
        }
    };
    let findings = movements::lint::lint(&plan);
    for finding in &findings {
        print(&format!("{} {}\n", if finding.warning { "warning" } else { "error" }, say(finding)));
    }
    Ok(ExitCode::from(u8::from(findings.iter().any(|finding| !finding.warning))))
}

pub async fn load_plan(file: &Path, locality: &str, store: &Store) -> anyhow::Result<()> {
    let plan = read_plan(file)?;
    let db = open(store).await?;
    let at = Clock::system().now();
    let loaded = db
        .tx(async |conn| {
            let locality = localities::find(conn, locality, day(at)).await?.ok_or_else(http::Error::not_found)?;
            // Nobody is logged in on the command line: it has the nil account.
            let actor = Actor { account: AccountId::nil(), acting_for: Vec::new(), locality: locality.id, at };
            movements::load(conn, &actor, &plan).await?;
            let made = movements::find(conn, locality.id, &plan.code).await?;
            let subject = format!("movements/{}", plan.code);
            let made = movements::Stored::whole(&made);
            audit_log::insert_command(conn, Some(locality.id), "create_movement", subject, at, &made).await
        })
        .await;
    loaded.map_err(|error| in_words(&error))?;
    print(&format!("loaded draft movement {} into {locality}\n", plan.code));
    Ok(())
}

fn read_plan(file: &Path) -> anyhow::Result<Plan> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    http::read(&bytes).map_err(|error| in_words(&error))
}

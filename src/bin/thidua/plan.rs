//! `thidua plan`: lints and loads plans.

use std::{io::Write, path::Path, process::ExitCode};

use serde_json::{Map, Value};
use thidua::{
    clock::{Clock, day},
    config::Store,
    db::{AccountId, Memory, Recall, audit_log},
    http::{self, Actor},
    localities,
    movements::{
        self,
        plan::{Plan, sheet},
    },
};

use crate::{
    database::open,
    output::{self, in_words, print, print_findings, read_file, tell_sheet_findings, told, words},
};

/// The first bytes of a workbook.
const ZIP: &[u8] = b"PK\x03\x04";

pub fn lint_plan(file: &Path) -> anyhow::Result<ExitCode> {
    let findings = match http::read_and_check(&read_plan(file)?, movements::lint::lint) {
        Ok(findings) => findings,
        Err(error) => {
            eprintln!("thidua: {}", told(&error));
            error.findings().to_vec()
        }
    };
    print_findings(&findings);
    Ok(ExitCode::from(u8::from(findings.iter().any(|finding| !finding.warning))))
}

pub fn write_template() -> anyhow::Result<()> {
    write(&sheet::template()?)
}

pub fn write_sheet(file: &Path) -> anyhow::Result<()> {
    let document: Map<String, Value> = http::read(&read_plan(file)?).map_err(|error| in_words(&error))?;
    write(&sheet::xlsx(&sheet::pages(&Value::Object(document)))?)
}

/// A plan's file; a workbook is read first.
fn read_plan(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = read_file(file)?;
    if bytes.starts_with(ZIP) {
        let from = file.display();
        return Err(anyhow::anyhow!(match output::locale() {
            http::Locale::Vi => format!(
                "{from} là bảng tính, không phải JSON. Đọc thành kế hoạch trước: thidua plan from-sheet {from} > \
                 ke-hoach.json; rồi dùng ke-hoach.json"
            ),
            http::Locale::En => format!(
                "{from} is a workbook, not JSON. Read it as a plan first: thidua plan from-sheet {from} > plan.json; \
                 then use plan.json"
            ),
        }));
    }
    Ok(bytes)
}

fn write(bytes: &[u8]) -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(bytes)?)
}

/// What is said of a sheet is beside the plan, so that the plan can be written to a file.
pub fn read_sheet(file: &Path) -> anyhow::Result<ExitCode> {
    let read = sheet::document(&read_file(file)?, movements::lint::lint);
    if let Some(plan) = &read.plan {
        print(&format!("{plan:#}\n"));
    }
    tell_sheet_findings(&read.findings);
    Ok(ExitCode::from(u8::from(read.findings.iter().any(|(_, finding)| !finding.warning))))
}

pub async fn load_plan(file: &Path, locality: &str, replace: bool, store: &Store) -> anyhow::Result<()> {
    let plan: Plan = http::read(&read_plan(file)?).map_err(|error| in_words(&error))?;
    let db = open(store).await?;
    let at = Clock::system().now();
    let loaded = db
        .tx(async |conn| {
            let locality = localities::find(conn, locality, day(at)).await?.ok_or_else(http::Error::not_found)?;
            // Nobody is logged in on the command line: it has the nil account.
            let recall = Recall::read(conn, &Memory::default(), locality.id).await?;
            let locality = locality.id;
            let (account, acting_for) = (AccountId::nil(), Vec::new());
            let actor = Actor { account, acting_for, locality, recall: recall.clone(), at };
            let movement = match replace {
                true => movements::lock(conn, &recall, &plan.code).await.map(Some).or_else(absent)?,
                false => None,
            };
            let (action, movement) = match movement {
                Some(draft) => ("replace_movement", movements::replace(conn, &actor, draft, plan.clone()).await?),
                None => {
                    movements::load(conn, &actor, &plan).await?;
                    ("create_movement", movements::find(conn, &recall, &plan.code).await?)
                }
            };
            let subject = format!("movements/{}", plan.code);
            let stored = movements::Stored::whole(&movement);
            audit_log::insert_command(conn, Some(locality), action, subject, at, &stored).await?;
            Ok(movement.plan_version)
        })
        .await;
    let (version, code) = (loaded.map_err(|error| refused(&error))?, &plan.code);
    print(&match http::Locale::Vi == output::locale() {
        true => format!("đã nạp phong trào {code} (dự thảo, bản {version}) vào {locality}\n"),
        false => format!("loaded draft movement {code} into {locality}, version {version}\n"),
    });
    Ok(())
}

fn refused(error: &http::Error) -> anyhow::Error {
    let taken = error.code() == "movement_code_taken";
    let replace = words(
        "Kế hoạch của phong trào còn dự thảo thay được bằng --replace.",
        "The plan of a movement that is still a draft is replaced with --replace.",
    );
    if taken { anyhow::anyhow!("{:#} {replace}", in_words(error)) } else { in_words(error) }
}

/// No movement, where there is none of the code.
fn absent<T>(error: http::Error) -> http::Result<Option<T>> {
    if error.code() == "not_found" { Ok(None) } else { Err(error) }
}

//! The words of the command line: what `thidua --help` explains.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use thidua::{
    config::{Config, Store},
    http::{Role, Scope},
    submissions::import::ImportMode,
};

/// Runs and judges public-sector emulation movements.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Answer requests: migrates, checks the database's settings, then answers ready.
    Serve(Config),
    /// Bring the schema up to date and end.
    Migrate(Store),
    /// Print the OpenAPI document.
    Openapi,
    /// Ask the service running on an address whether it is ready.
    Health {
        #[arg(long, env = "THIDUA_BIND", default_value = "127.0.0.1:8080")]
        bind: SocketAddr,
    },
    /// Human logins.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Machine clients.
    #[command(subcommand)]
    Client(ClientCommand),
    /// The keys that sign tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Plans as files.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Import values from a file, as an account of the locality and with its rights; exit 1 when not all were taken.
    Import(ImportArgs),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Load the sample story: the Hồng Vân movement with units, people, accounts and reports.
    Demo(Store),
}

#[derive(Subcommand)]
pub enum PlanCommand {
    /// Tell everything that is wrong with a plan; exit 1 when it could not be loaded.
    Lint { file: PathBuf },
    /// Make a draft movement of a plan.
    Load {
        file: PathBuf,
        /// Administrative code of the locality.
        #[arg(long)]
        locality: String,
        #[command(flatten)]
        store: Store,
    },
    /// Print the JSON Schema of plans.
    Schema,
}

#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub store: Store,
    /// What its extension says: .json, .ndjson, .csv or .xlsx.
    pub file: PathBuf,
    /// Code of the movement.
    #[arg(long)]
    pub movement: String,
    /// Administrative code of the locality.
    #[arg(long)]
    pub locality: String,
    /// The account or client that imports; the audit log names it.
    #[arg(long)]
    pub account: String,
    /// `atomic` stores all rows or none, `partial` those that fit.
    #[arg(long, value_enum, default_value = "atomic")]
    pub mode: ImportMode,
    /// Hand in the submissions that are complete.
    #[arg(long)]
    pub submit: bool,
    /// Check everything and store nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Why the agency enters for the units.
    #[arg(long, requires = "on_behalf_source")]
    pub on_behalf_reason: Option<String>,
    /// Where the agency has the figures from.
    #[arg(long, requires = "on_behalf_reason")]
    pub on_behalf_source: Option<String>,
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Look through the whole log, and tell what was edited, deleted, reordered, inserted or cut off; exit 1 when
    /// anything was.
    Verify {
        /// Administrative code of the locality. Absent: every locality, and what was done above them.
        #[arg(long)]
        locality: Option<String>,
        /// A head that was kept, as `GET /audit/head` answered it: finds a tail that was cut off later.
        #[arg(long)]
        head: Option<PathBuf>,
        #[command(flatten)]
        store: Store,
    },
}

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Make a login with one role, or give an existing one another role; the password comes from standard input.
    Create(NewAccountArgs),
}

#[derive(Args)]
pub struct NewAccountArgs {
    #[command(flatten)]
    pub store: Store,
    #[arg(long)]
    pub username: String,
    #[arg(long, value_enum)]
    pub role: Role,
    /// Administrative code of the locality; none for city roles.
    #[arg(long)]
    pub locality: Option<String>,
    /// Code of the unit, for reporter and unit_head.
    #[arg(long)]
    pub unit: Option<String>,
}

#[derive(Subcommand)]
pub enum ClientCommand {
    /// Make a machine client and print its secret, once.
    Create(NewClientArgs),
}

#[derive(Args)]
pub struct NewClientArgs {
    #[command(flatten)]
    pub store: Store,
    #[arg(long)]
    pub client_id: String,
    /// What it is, for people.
    #[arg(long)]
    pub name: String,
    /// Administrative code of the locality; none for the city's clients.
    #[arg(long)]
    pub locality: Option<String>,
    /// Code of the unit in which, with what lies below it, the client acts; none: in the whole locality.
    #[arg(long)]
    pub unit: Option<String>,
    /// What it may do; may be given several times.
    #[arg(long = "scope", value_enum, required = true)]
    pub scopes: Vec<Scope>,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Make a new signing key; a running service signs with it within a second, and the former one verifies for an hour.
    Rotate {
        /// Where the service keeps its own files.
        #[arg(long, env = "THIDUA_DATA_DIR", default_value = ".data")]
        data_dir: PathBuf,
    },
}

//! The command line's arguments, with the texts of `thidua --help`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use thidua::{
    config::{Config, Store},
    http::{Role, Scope},
    submissions::import::ImportMode,
};

/// Runs and judges public-sector emulation movements.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    /// Language of findings and errors; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum Lang {
    Vi,
    En,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the service: migrates the schema, checks the database's settings, then accepts requests.
    Serve(Config),
    /// Migrate the schema and exit.
    Migrate(Store),
    /// Print the OpenAPI document.
    Openapi,
    /// Check whether the service at an address is ready.
    Health {
        #[arg(long, env = "THIDUA_BIND", default_value = "127.0.0.1:8080")]
        bind: SocketAddr,
    },
    /// Accounts of people.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Machine clients.
    #[command(subcommand)]
    Client(ClientCommand),
    /// The keys that sign tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Plan files.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Import values from a file, as an account of the locality and with its rights; exit 1 when not all were taken.
    Import(ImportArgs),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Load the sample data: the Hồng Vân movement with units, people, accounts and reports.
    Demo(Store),
}

#[derive(Subcommand)]
pub enum PlanCommand {
    /// List all findings of a plan; exit 1 if it has errors.
    Lint { file: PathBuf },
    /// Create a draft movement from a plan.
    Load {
        file: PathBuf,
        /// Administrative code of the locality.
        #[arg(long)]
        locality: String,
        /// Replace the plan of the draft movement of the same code, if there is one.
        #[arg(long)]
        replace: bool,
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
    /// The file; its extension is .json, .ndjson, .csv or .xlsx.
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
    /// Submit the reports that are complete.
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
    /// Verify the whole log and list what was edited, deleted, reordered, inserted or truncated; exit 1 if there is any
    /// fault.
    Verify {
        /// Administrative code of the locality. Absent: every locality, and what was done above them.
        #[arg(long)]
        locality: Option<String>,
        /// A kept head, as answered by `GET /audit/head`: detects a later truncation.
        #[arg(long)]
        head: Option<PathBuf>,
        #[command(flatten)]
        store: Store,
    },
}

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Create an account with one role, or grant an existing one another role; the password comes from standard input.
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
    /// Create a machine client and print its secret, once.
    Create(NewClientArgs),
}

#[derive(Args)]
pub struct NewClientArgs {
    #[command(flatten)]
    pub store: Store,
    #[arg(long)]
    pub client_id: String,
    /// Display name.
    #[arg(long)]
    pub name: String,
    /// Administrative code of the locality; none for the city's clients.
    #[arg(long)]
    pub locality: Option<String>,
    /// Code of the client's unit, with its descendants; none: the whole locality.
    #[arg(long)]
    pub unit: Option<String>,
    /// Scope; repeatable.
    #[arg(long = "scope", value_enum, required = true)]
    pub scopes: Vec<Scope>,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Create a new signing key; a running service signs with it within a second, and the previous one verifies for an
    /// hour.
    Rotate {
        /// Where the service keeps its own files.
        #[arg(long, env = "THIDUA_DATA_DIR", default_value = ".data")]
        data_dir: PathBuf,
    },
}

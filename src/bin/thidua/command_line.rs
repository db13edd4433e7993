//! The command line's arguments, with the texts of `thidua --help`.

use std::{net::SocketAddr, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use serde::de::{IntoDeserializer, value::Error as ValueError};
use thidua::{
    config::{Config, Store},
    days,
    documents::PaperKind,
    http::{Role, Scope},
    localities::LocalityKind,
    submissions::import::ImportMode,
    telemetry::VERSION,
    text::{composed, is_forbidden},
};
use uuid::Uuid;

/// Runs and judges public-sector emulation movements.
#[derive(Parser)]
#[command(name = "thidua", version = VERSION)]
pub struct Cli {
    /// Language of what commands say; by default that of LC_ALL, LC_MESSAGES or LANG.
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
    /// Run the service: migrates the schema, checks the database's settings, then accepts requests. Makes a database in
    /// the data directory where none is named.
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
    /// Localities: communes, wards and special zones.
    #[command(subcommand)]
    Locality(LocalityCommand),
    /// Accounts of people.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Machine clients.
    #[command(subcommand)]
    Client(ClientCommand),
    /// The keys that sign tokens, and proofs.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Plan files.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Papers: wordings, documents, the checker of their form.
    #[command(subcommand)]
    Documents(DocumentsCommand),
    /// Import values from a file, as an account of the locality and with its rights; exit 1 when not all were taken.
    Import(ImportArgs),
    /// Verify a ranking from its bundle (GET /rankings/{id}/bundle), without network and database: ranks the frozen
    /// inputs again, compares digests and output, and verifies the signature; exit 1 if anything differs,
    /// 3 if a file is missing or names no key for proofs.
    Verify(VerifyArgs),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The totals that the city's figures come from.
    #[command(subcommand)]
    Totals(TotalsCommand),
    /// Load the sample data: the Hồng Vân movement with units, people, accounts and reports. Refuses a database that
    /// holds anything else.
    Demo(Store),
    /// Print the completion of a shell, such as: thidua completions bash > /etc/bash_completion.d/thidua
    Completions { shell: Shell },
    /// Print the manual page: thidua man > /usr/local/share/man/man1/thidua.1
    Man,
}

#[derive(Subcommand)]
pub enum PlanCommand {
    /// List all findings of a plan; exit 1 if it has errors.
    Lint {
        /// The plan, a JSON file.
        file: PathBuf,
    },
    /// Create a draft movement from a plan.
    Load {
        /// The plan, a JSON file.
        file: PathBuf,
        /// Code of the locality.
        #[arg(long, value_parser = text)]
        locality: String,
        /// Replace the plan of the draft movement of the same code, if there is one.
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        store: Store,
    },
    /// Print the JSON Schema of plans.
    Schema,
    /// Write the workbook in which a plan is written without JSON: thidua plan template > ke-hoach.xlsx
    Template,
    /// Read a plan from a workbook: the plan, as JSON, to standard output, all findings with their cells to standard
    /// error; exit 1 if there are errors.
    FromSheet {
        /// The workbook, an XLSX file.
        file: PathBuf,
    },
    /// Write a plan as a workbook: thidua plan to-sheet plan.json > plan.xlsx
    ToSheet {
        /// The plan, a JSON file.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum DocumentsCommand {
    /// List where a document leaves the form of Nghị định 30/2020/NĐ-CP; exit 1 if it does.
    Check(CheckDocumentArgs),
    /// Write a paper from its values: thidua documents write values.json > paper.docx
    Write {
        /// The values, a JSON file as in examples/papers.
        values: PathBuf,
        /// The wording; absent, the one that is shipped.
        #[arg(long)]
        template: Option<PathBuf>,
        /// Its lists as a workbook.
        #[arg(long)]
        xlsx: bool,
    },
    /// Print the wording that is shipped: thidua documents template quyet_dinh > template.json
    Template {
        /// to_trinh, bao_cao_thanh_tich, bien_ban_hop, bien_ban_kiem_phieu, quyet_dinh, bao_cao_tong_ket, giay_khen.
        #[arg(value_parser = paper)]
        paper: PaperKind,
    },
    /// List all mistakes of a wording; exit 1 if it has any.
    Lint {
        /// The wording, a JSON file.
        template: PathBuf,
    },
}

#[derive(Args)]
pub struct CheckDocumentArgs {
    /// The document, a .docx file.
    pub file: PathBuf,
    /// The values that it is written from: figures that are none of them are found too.
    #[arg(long)]
    pub values: Option<PathBuf>,
    /// The wording that it is written by; absent, the one that is shipped.
    #[arg(long, requires = "values")]
    pub template: Option<PathBuf>,
    /// The lines of its pages, as pdftotext -bbox-layout writes them from the converted document.
    #[arg(long)]
    pub lines: Option<PathBuf>,
}

#[derive(Args)]
pub struct VerifyArgs {
    /// The bundle, as it was downloaded: a byte more or less is another file.
    pub bundle: PathBuf,
    /// The service's DID document (GET /.well-known/did.json), got from the service itself or from whom you trust.
    #[arg(long, conflicts_with = "key")]
    pub did: Option<PathBuf>,
    /// A public key of the service (Multikey, z6Mk…).
    #[arg(long)]
    pub key: Option<String>,
}

#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub store: Store,
    /// The file; its extension is .json, .ndjson, .csv or .xlsx.
    pub file: PathBuf,
    /// Code of the movement.
    #[arg(long, value_parser = text)]
    pub movement: String,
    /// Code of the locality.
    #[arg(long, value_parser = text)]
    pub locality: String,
    /// The account or client that imports; the audit log names it.
    #[arg(long, value_parser = text)]
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
    /// Code of the period of the rows of a table that does not say it.
    #[arg(long, value_parser = text)]
    pub period: Option<String>,
    /// Why the agency enters for the units.
    #[arg(long, value_parser = text, requires = "on_behalf_source")]
    pub on_behalf_reason: Option<String>,
    /// Where the agency has the figures from.
    #[arg(long, value_parser = text, requires = "on_behalf_reason")]
    pub on_behalf_source: Option<String>,
}

#[derive(Subcommand)]
pub enum TotalsCommand {
    /// Compare the totals of every movement with what its approved reports come to; exit 1 if any differs. Each night the
    /// service does the same.
    Check {
        /// Also forget the totals if any differs: the service counts them anew.
        #[arg(long)]
        mend: bool,
        #[command(flatten)]
        store: Store,
    },
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Verify the whole log and list what was edited, deleted, reordered, inserted or truncated; exit 1 if there is any
    /// fault.
    Verify {
        /// Code of the locality. Absent: every locality, and what was done above them.
        #[arg(long, value_parser = text)]
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
    /// Set a new password for an account whose owner lost it; it must be changed at the next login. The password comes
    /// from standard input, or is generated and written to a new file. It is never printed.
    ResetPassword(ResetPasswordArgs),
    /// Confirm a role that waits for a second administrator, where there is none.
    Confirm {
        #[command(flatten)]
        store: Store,
        /// Id of the grant, as `GET /role-grants` lists it.
        #[arg(long)]
        grant: Uuid,
    },
}

#[derive(Args)]
pub struct ResetPasswordArgs {
    #[command(flatten)]
    pub store: Store,
    /// Username of the account.
    #[arg(long, value_parser = text)]
    pub username: String,
    /// Generate a password and write it to this new file, which only its owner may read.
    #[arg(long)]
    pub to_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum LocalityCommand {
    /// Create a locality.
    Create(NewLocalityArgs),
}

#[derive(Args)]
pub struct NewLocalityArgs {
    #[command(flatten)]
    pub store: Store,
    /// Administrative code (5 digits, of a province 2), or a name such as so-noi-vu.
    #[arg(long, value_parser = text)]
    pub code: String,
    /// Name of the locality, such as 'Xã Thường Tín'.
    #[arg(long, value_parser = text)]
    pub name: String,
    /// Commune, ward or special zone, province, agency, school.
    #[arg(long, value_enum)]
    pub kind: LocalityKind,
    /// First day of the code's validity for this locality.
    #[arg(long, value_parser = day)]
    pub valid_from: NaiveDate,
}

/// A day as the API reads it.
fn day(given: &str) -> Result<NaiveDate, ValueError> {
    days::day(IntoDeserializer::<ValueError>::into_deserializer(given))
}

fn paper(given: &str) -> Result<PaperKind, String> {
    let known = PaperKind::ALL.map(PaperKind::code);
    PaperKind::ALL.into_iter().find(|paper| paper.code() == given).ok_or_else(|| known.join(", "))
}

/// A text as the API reads it: composed (NFC), without control characters.
fn text(given: &str) -> Result<String, &'static str> {
    match given.chars().any(is_forbidden) {
        true => Err("it contains a control character, or one that changes the writing direction"),
        false => Ok(composed(given)),
    }
}

#[derive(Args)]
pub struct NewAccountArgs {
    #[command(flatten)]
    pub store: Store,
    /// Username of the account: 3 to 63 of a-z, 0-9, dot, hyphen and underscore.
    #[arg(long, value_parser = text)]
    pub username: String,
    /// The role that it is given.
    #[arg(long, value_enum)]
    pub role: Role,
    /// Code of the locality; none for city roles.
    #[arg(long, value_parser = text)]
    pub locality: Option<String>,
    /// Code of the unit, for reporter and unit_head.
    #[arg(long, value_parser = text)]
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
    /// Id of the client, with which it asks for tokens.
    #[arg(long, value_parser = text)]
    pub client_id: String,
    /// Display name.
    #[arg(long, value_parser = text)]
    pub name: String,
    /// Code of the locality; none for the city's clients.
    #[arg(long, value_parser = text)]
    pub locality: Option<String>,
    /// Code of the client's unit, with its descendants; none: the whole locality.
    #[arg(long, value_parser = text)]
    pub unit: Option<String>,
    /// Scope; repeatable.
    #[arg(long = "scope", value_enum, required = true)]
    pub scopes: Vec<Scope>,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Create a new signing key, for the owner of the directory; a running service signs with it after three seconds,
    /// and the previous one verifies for an hour.
    Rotate {
        /// Where the service keeps its own files.
        #[arg(long, env = "THIDUA_DATA_DIR", default_value = ".data")]
        data_dir: PathBuf,
        /// The key that signs proofs of rankings instead; the previous one verifies for ever.
        #[arg(long)]
        proofs: bool,
    },
}

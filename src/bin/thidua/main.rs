//! The command line: `thidua serve` and what prepares and checks it. Errors go to standard error in one line with
//! their cure. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 cannot reach what it needs.

mod accounts;
mod audit;
mod command_line;
mod database;
mod documents;
mod heap;
mod import;
mod localities;
mod output;
mod plan;
mod serve;
mod totals;
mod verify;

use std::{io::Write, path::Path, process::ExitCode};

use clap::{CommandFactory, Parser};
use command_line::{
    AccountCommand, AuditCommand, Cli, ClientCommand, Command, DocumentsCommand, KeysCommand, LocalityCommand,
    PlanCommand, TotalsCommand,
};
use database::Opener;
use output::print;
use thidua::{
    auth::{Keys, Sealer},
    demo,
    http::Locale,
    movements, openapi, server,
};

/// The system's allocator keeps a heap for each thread and gives back little of what it once took: the blocks of
/// password hashes and the bodies of imports would stay with the process.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    output::speak(cli.lang);
    if let Command::Serve(_) = cli.command {
        heap::give_back_soon();
    }
    let done = actix_web::rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can always be built at start")
    })
    .block_on(run(cli.command));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("thidua: {error:#}");
            ExitCode::from(3)
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(config) => serve::serve(config).await?,
        Command::Migrate(store) => database::open(&store).await.map(drop)?,
        command @ (Command::Completions { .. } | Command::Man) => document(&command)?,
        Command::Openapi => print(&openapi::text(&server::document())),
        Command::Health { bind } => serve::health(bind).await?,
        Command::Locality(LocalityCommand::Create(args)) => localities::create_locality(args).await?,
        Command::Account(AccountCommand::Create(args)) => accounts::create_account(args).await?,
        Command::Account(AccountCommand::ResetPassword(args)) => accounts::reset_password(args).await?,
        Command::Account(AccountCommand::Confirm { store, grant }) => accounts::confirm(&store, grant).await?,
        Command::Client(ClientCommand::Create(args)) => accounts::create_client(args).await?,
        Command::Keys(KeysCommand::Rotate { data_dir, proofs }) => rotate(&data_dir.join("keys"), proofs)?,
        Command::Import(args) => return import::import(args).await,
        Command::Plan(PlanCommand::Lint { file }) => return plan::lint_plan(&file),
        Command::Plan(PlanCommand::Load { file, locality, replace, store }) => {
            plan::load_plan(&file, &locality, replace, &store).await?;
        }
        Command::Documents(DocumentsCommand::Check(args)) => return documents::check_document(&args),
        Command::Documents(DocumentsCommand::Write { values, template, xlsx }) => {
            return documents::write_document(&values, template.as_deref(), xlsx);
        }
        Command::Documents(DocumentsCommand::Template { paper }) => documents::print_template(paper),
        Command::Documents(DocumentsCommand::Lint { template }) => return documents::lint_template(&template),
        Command::Verify(args) => return verify::verify_bundle(&args),
        Command::Audit(AuditCommand::Verify { locality, head, store }) => {
            return audit::verify_audit(locality.as_deref(), head.as_deref(), &store).await;
        }
        Command::Totals(TotalsCommand::Check { mend, store }) => return totals::check_totals(mend, &store).await,
        Command::Plan(PlanCommand::Schema) => print(&movements::schema::plan_schema()),
        Command::Plan(PlanCommand::Template) => plan::write_template()?,
        Command::Plan(PlanCommand::FromSheet { file }) => return plan::read_sheet(&file),
        Command::Plan(PlanCommand::ToSheet { file }) => plan::write_sheet(&file)?,
        Command::Demo(store) => {
            demo::tell(database::open_for(Opener::Demo, &store).await?, &store).await?;
            let passwords =
                output::words("mật khẩu của các tài khoản mẫu ở tệp", "the sample accounts' passwords are in");
            print(&format!("{passwords} {}\n", store.data_dir.join("demo-accounts.json").display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a new key, for tokens or for proofs.
fn rotate(keys: &Path, proofs: bool) -> anyhow::Result<()> {
    let directory = if proofs { Sealer::directory(keys) } else { keys.to_owned() };
    let (kid, file) = Keys::rotate(&directory)?;
    let (vi, en) = match proofs {
        true => ("bằng chứng của xếp hạng", "proofs of rankings are signed"),
        false => ("mã truy cập", "tokens are signed"),
    };
    print(&match output::locale() {
        Locale::Vi => format!("sau ba giây, {vi} được ký bằng khóa {kid}; tệp khóa: {}\n", file.display()),
        Locale::En => format!("{en} by {kid} in three seconds; the key is {}\n", file.display()),
    });
    Ok(())
}

/// The completion of a shell, or the manual page, made of the arguments' own texts.
fn document(command: &Command) -> std::io::Result<()> {
    let (mut cli, mut text) = (Cli::command(), Vec::new());
    match command {
        Command::Completions { shell } => clap_complete::generate(*shell, &mut cli, "thidua", &mut text),
        _ => clap_mangen::Man::new(cli).render(&mut text)?,
    }
    std::io::stdout().write_all(&text)
}

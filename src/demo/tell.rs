//! Loads the sample data into an instance of the service on loopback.

use std::{net::TcpListener, path::Path, sync::Arc};

use anyhow::{Context, ensure};
use clap::Parser;
use serde_json::Value;

use super::{
    accounts::Accounts,
    client::Client,
    sample::Sample,
    store as held,
    story::{Story, instant},
};
use crate::{
    app::App,
    auth::{ExternalIssuers, Hasher, Issuer, Keys, Sealer},
    clock::Clock,
    config::{Config, Store},
    db::{Db, Memory},
    http::Permits,
    server,
};

const PLAN: &str = include_str!("../../plans/hong-van-2025-h2.json");
const SAMPLE: &str = include_str!("../../plans/demo.json");

/// Loads the sample data into `db`; the sample accounts' passwords go to `demo-accounts.json` in the data directory.
pub async fn tell(db: Db, store: &Store) -> anyhow::Result<()> {
    let sample: Sample = serde_json::from_str(SAMPLE).context("plans/demo.json")?;
    let plan: Value = serde_json::from_str(PLAN).context("plans/hong-van-2025-h2.json")?;
    let usernames: Vec<&str> = sample.accounts.iter().map(|account| account.username.as_str()).collect();
    let fit = db.read(async |conn| held::is_fit(conn, &usernames).await).await.map_err(anyhow::Error::msg)?;
    // Everybody who reads the file of passwords would be an administrator there.
    ensure!(
        fit,
        "the database holds data that are not the sample's, and the sample's accounts would come among them; name an \
         empty one"
    );
    let clock = Clock::standing_at(instant("2025-07-21T01:00:00Z")?);
    let accounts = Accounts::open(&store.data_dir, &sample.accounts)?;
    let (client, server) = serve(db.clone(), &store.data_dir, clock.clone())?;
    let story = Story { clock, client, accounts, sample, plan };
    let told = story.tell(&db).await;
    server.stop(false).await;
    told
}

/// An instance of the service on a free loopback port, with the story's clock.
fn serve(db: Db, data_dir: &Path, clock: Clock) -> anyhow::Result<(Client, actix_web::dev::ServerHandle)> {
    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let mut config = Cli::try_parse_from(["thidua"])?.config;
    config.workers = 1;
    // The sample data are loaded without a pause, from one address.
    (config.edge.address_rate, config.edge.account_rate) = (0, 0);
    let directory = data_dir.join("keys");
    let keys = Keys::open(&directory)?;
    let app = App {
        db,
        memory: Memory::default(),
        clock,
        issuer: Issuer::new(Arc::new(keys), url.clone(), config.token_seconds),
        sealer: Sealer::open(&directory, &url)?,
        external: ExternalIssuers::default(),
        hasher: Hasher::new(config.hashers),
        imports: Permits::new(config.imports),
        rankings: Permits::of_cores(),
        draws: Permits::new(1),
        pages: Permits::new(1),
        config: Arc::new(config),
    };
    let server = server::serve(app, listener, Box::pin(std::future::pending()))?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok((Client::new(url), handle))
}

impl Story {
    async fn tell(&self, db: &Db) -> anyhow::Result<()> {
        self.organise(db).await?;
        self.launch().await?;
        self.report().await?;
        self.award().await
    }
}

//! The sample story: the Hồng Vân movement with units, people, accounts and reports, told over HTTP to an instance of
//! this very service whose clock stands in 2025. Whatever stands already is left as it is, so that telling it again
//! changes nothing and a telling that was cut off goes on.
//!
//! Periods 2025-11 and 2025-12 stay open and untouched, for trying out.

mod accounts;
mod awards;
mod client;
mod reports;

use std::{net::TcpListener, path::Path, sync::Arc};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Parser;
use serde::Deserialize;
use serde_json::{Value, json};

use self::{accounts::Accounts, client::Client};
use crate::{
    app::App,
    auth::{ExternalIssuers, Hasher, Issuer, Keys},
    clock::Clock,
    config::{Config, Store},
    db::Db,
    http::{Role, Turns},
    server,
};

const PLAN: &str = include_str!("../../plans/hong-van-2025-h2.json");
const SAMPLE: &str = include_str!("../../plans/demo.json");
/// Where the movement is addressed.
const MOVEMENT: &str = "/movements/cchc-2025-h2";

/// The people and things of the story, as `plans/demo.json` holds them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    locality: Value,
    units: Vec<Value>,
    people: Vec<Value>,
    accounts: Vec<accounts::SampleAccount>,
    initiatives: Vec<awards::SampleInitiative>,
    nominations: std::collections::BTreeMap<String, Vec<awards::SampleNomination>>,
}

/// The story while it is told.
struct Story {
    clock: Clock,
    client: Client,
    accounts: Accounts,
    sample: Sample,
    plan: Value,
}

/// Tells the story on `db`; the sample accounts' passwords go to `demo-accounts.json` in the data directory.
pub async fn tell(db: Db, store: &Store) -> anyhow::Result<()> {
    let sample: Sample = serde_json::from_str(SAMPLE).context("plans/demo.json")?;
    let plan: Value = serde_json::from_str(PLAN).context("plans/hong-van-2025-h2.json")?;
    let clock = Clock::standing_at(instant("2025-07-21T01:00:00Z")?);
    let accounts = Accounts::open(&store.data_dir, &sample.accounts)?;
    let (client, server) = serve(db.clone(), &store.data_dir, clock.clone())?;
    let story = Story { clock, client, accounts, sample, plan };
    let told = story.tell(&db).await;
    server.stop(false).await;
    told
}

fn instant(text: &str) -> anyhow::Result<DateTime<Utc>> {
    Ok(text.parse()?)
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
    // The story is told in one breath, from one address.
    (config.edge.address_rate, config.edge.account_rate) = (0, 0);
    let keys = Keys::open(&data_dir.join("keys"))?;
    let app = App {
        db,
        clock,
        issuer: Issuer::new(Arc::new(keys), url.clone(), config.token_seconds),
        external: ExternalIssuers::default(),
        hasher: Hasher::new(config.hashers),
        imports: Turns::new(config.imports),
        config: Arc::new(config),
    };
    let server = server::serve(app, listener, std::future::pending())?;
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

    /// The first account of a role.
    fn by_role(&self, role: Role) -> anyhow::Result<Client> {
        let username = self.accounts.by_role(role, None).context("a sample account for every role")?;
        Ok(self.account(username))
    }

    /// A unit's own account.
    fn of_unit(&self, role: Role, unit: &str) -> anyhow::Result<Client> {
        let username = self.accounts.by_role(role, Some(unit)).with_context(|| format!("accounts of {unit}"))?;
        Ok(self.account(username))
    }

    fn account(&self, username: &str) -> Client {
        self.client.of(username, self.accounts.password(username))
    }

    /// Locality, accounts, units and people: each account as soon as what it belongs to stands.
    async fn organise(&self, db: &Db) -> anyhow::Result<()> {
        let hasher = Hasher::new(2);
        let now = self.clock.now();
        self.accounts.create(db, &hasher, now, |account| account.role.is_of_city()).await?;
        let city = self.by_role(Role::CityAdmin)?;
        city.make("/localities", &self.sample.locality).await?;
        self.accounts.create(db, &hasher, now, |account| !account.role.is_of_city() && account.unit.is_none()).await?;
        let admin = self.by_role(Role::LocalityAdmin)?;
        for unit in &self.sample.units {
            let mut body = unit.clone();
            let code = body["code"].take();
            body.as_object_mut().context("a unit is an object")?.remove("code");
            body["valid_from"] = json!("2025-07-01");
            body["external_codes"] = json!({"sample": "thidua demo"});
            admin.put_new(&format!("/units/{}", code.as_str().unwrap_or_default()), &body).await?;
        }
        self.accounts.create(db, &hasher, now, |account| account.unit.is_some()).await?;
        for person in &self.sample.people {
            if self.person(&admin, person["name"].as_str().unwrap_or_default()).await?.is_none() {
                let mut body = person.clone();
                body["valid_from"] = json!("2025-07-01");
                admin.post("/people", &body).await?;
            }
        }
        Ok(())
    }

    /// The id of a person of this name.
    async fn person(&self, client: &Client, name: &str) -> anyhow::Result<Option<String>> {
        let found = client.get(&format!("/people?q={}", name.replace(' ', "+"))).await?;
        let items = found["items"].as_array().into_iter().flatten();
        Ok(items.filter(|person| person["name"] == name).find_map(|person| person["id"].as_str().map(str::to_owned)))
    }

    async fn launch(&self) -> anyhow::Result<()> {
        self.clock.set(instant("2025-08-05T02:00:00Z")?);
        self.by_role(Role::StandingAgency)?.make("/movements", &self.plan).await?;
        let chair = self.by_role(Role::Chair)?;
        let movement = chair.get_tagged(MOVEMENT).await?;
        if movement.body["state"] == "draft" {
            chair.act(&format!("{MOVEMENT}/launch"), &movement.etag, &json!({})).await?;
        }
        Ok(())
    }
}

//! The locality, its accounts, units and people, and the launched movement.

use anyhow::Context;
use serde_json::json;

use super::story::{MOVEMENT, Story, instant};
use crate::{auth::Hasher, db::Db, http::Role};

impl Story {
    /// Locality, accounts, units and people: each account as soon as its locality and unit exist.
    pub(super) async fn organise(&self, db: &Db) -> anyhow::Result<()> {
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

    pub(super) async fn launch(&self) -> anyhow::Result<()> {
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

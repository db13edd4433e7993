//! The sample initiatives and dossiers: recognised, nominated by the heads, verified and scored by the agency, so that
//! a ranking of either award has entries.

use anyhow::Context;
use serde_json::{Value, json};

use super::{
    client::Client,
    sample::SampleNomination,
    story::{MOVEMENT, Story, instant},
};
use crate::http::Role;

impl Story {
    pub(super) async fn award(&self) -> anyhow::Result<()> {
        self.clock.set(instant("2025-11-20T02:00:00Z")?);
        let agency = self.by_role(Role::StandingAgency)?;
        let second =
            self.accounts.all_by_role(Role::StandingAgency).nth(1).context("a second official of the agency")?;
        self.recognise(&agency, &self.account(second)).await?;
        let groups = agency.get(&format!("{MOVEMENT}/groups")).await?;
        for (award, nominations) in &self.sample.nominations {
            for nomination in nominations {
                self.nominate(&agency, &groups, award, nomination).await?;
            }
        }
        Ok(())
    }

    /// One official of the agency proposes, another one recognises.
    async fn recognise(&self, agency: &Client, second: &Client) -> anyhow::Result<()> {
        let path = format!("{MOVEMENT}/initiatives");
        let standing = agency.get(&format!("{path}?limit=200")).await?;
        let standing: Vec<Value> = standing["items"].as_array().cloned().unwrap_or_default();
        for initiative in &self.sample.initiatives {
            let id = match standing.iter().find(|found| found["title"] == *initiative.title) {
                Some(found) => found["id"].clone(),
                None => {
                    let mut owners = Vec::new();
                    for owner in &initiative.owners {
                        owners.push(match owner["person"].as_str() {
                            Some(name) => json!({"person": self.person(agency, name).await?}),
                            None => owner.clone(),
                        });
                    }
                    let body = json!({"title": initiative.title, "summary": initiative.summary, "owners": owners});
                    agency.post(&path, &body).await?["id"].clone()
                }
            };
            let one = format!("/initiatives/{}", id.as_str().context("an initiative has an id")?);
            let seen = agency.get_tagged(&one).await?;
            if seen.body["state"] == "proposed" {
                second.act(&format!("{one}/recognise"), &seen.etag, &json!({"level": initiative.level})).await?;
            }
        }
        Ok(())
    }

    async fn nominate(
        &self,
        agency: &Client,
        groups: &Value,
        award: &str,
        sample: &SampleNomination,
    ) -> anyhow::Result<()> {
        let unit = self.sample.units.iter().find(|unit| unit["code"] == *sample.candidate);
        let person = self.sample.people.iter().find(|person| person["name"] == *sample.candidate);
        let (code, home, kind) = match (unit, person) {
            (Some(unit), _) => (sample.candidate.clone(), sample.candidate.as_str(), &unit["kind"]),
            (None, Some(person)) => {
                let id = self.person(agency, &sample.candidate).await?.context("the person exists")?;
                (id, person["unit"].as_str().unwrap_or_default(), &person["kind"])
            }
            (None, None) => anyhow::bail!("{} is no sample unit or person", sample.candidate),
        };
        let group = groups["items"].as_array().into_iter().flatten().find(|group| {
            let kinds = group["kinds"].as_array().into_iter().flatten();
            kinds.into_iter().any(|known| known == kind)
        });
        let criteria = group.and_then(|group| group["criteria"].as_array()).cloned().unwrap_or_default();
        let path = format!("{MOVEMENT}/awards/{award}/nominations/{code}");
        let head = self.of_unit(Role::UnitHead, home)?;
        let mut body =
            json!({"achievement": "Thành tích mẫu để trình diễn", "self_scores": self_scores(&criteria, sample)});
        if person.is_some() {
            body["direct_work"] = json!(sample.direct_work);
        }
        head.put_new(&path, &body).await?;
        self.appraise(agency, &path, &criteria, sample, person.is_some()).await
    }

    /// The agency passes the gates, adopts the claims, and verifies the dossier.
    async fn appraise(
        &self,
        agency: &Client,
        path: &str,
        criteria: &[Value],
        sample: &SampleNomination,
        is_person: bool,
    ) -> anyhow::Result<()> {
        for criterion in criteria.iter().filter(|criterion| criterion["kind"] == "gate") {
            let gate = format!("{path}/assessments/{}", criterion["code"].as_str().unwrap_or_default());
            agency.put_new(&gate, &json!({"passed": true, "comment": "Đạt (mẫu)"})).await?;
        }
        let seen = agency.get_tagged(path).await?;
        if seen.body["state"] == "nominated" {
            agency.act(&format!("{path}/assessments/adopt"), &seen.etag, &json!({})).await?;
            let seen = agency.get_tagged(path).await?;
            let verdict = if is_person { json!({"direct_work": sample.direct_work}) } else { json!({}) };
            agency.act(&format!("{path}/verify"), &seen.etag, &verdict).await?;
        }
        Ok(())
    }
}

/// What the candidate claims on each criterion that people score.
fn self_scores(criteria: &[Value], sample: &SampleNomination) -> Value {
    let scored = criteria.iter().filter(|criterion| criterion["kind"] == "assessed");
    let claim = |criterion: &Value| {
        let max: u32 = criterion["max"].as_str()?.parse().ok()?;
        let points = max * sample.strength;
        Some((criterion["code"].as_str()?.to_owned(), json!(format!("{}.{:02}", points / 100, points % 100))))
    };
    Value::Object(scored.filter_map(claim).collect())
}

//! What a new run is made of: the plan's rules with the facts as of an instant, or those of a past run.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use super::{
    gather::gather,
    inputs::Inputs,
    replay::replay,
    request::{Known, NewRanking},
    store::{self, Kept},
    texts::Texts,
};
use crate::{
    app::App,
    clock::day,
    db::Conn,
    http::{Caller, Error, Result},
    movements::{Movement, plan::Award, versions::Version},
};

pub struct Basis {
    pub as_of: DateTime<Utc>,
    /// Whose rules rank.
    pub version: Arc<Version>,
    /// The run of the award that is replayed.
    past: Option<Kept>,
    /// Whether the version asked for is there.
    has_version: bool,
}

impl Basis {
    pub async fn find(
        conn: &mut Conn,
        caller: &Caller,
        present: &Movement,
        award: &str,
        new: &NewRanking,
    ) -> Result<Self> {
        let past = match new.replay {
            Some(id) => store::find(conn, caller.locality()?, id).await?,
            None => None,
        };
        let past = past.filter(|past| past.run.movement == present.id && past.run.award == award);
        // As exactly as the database keeps it.
        let as_of = new.as_of.unwrap_or(caller.now).trunc_subsecs(6);
        let as_of = past.as_ref().map_or(as_of, |past| past.run.as_of);
        let asked = past.as_ref().map(|past| new.plan_version.unwrap_or(past.run.plan_version));
        let numbered = asked.and_then(|asked| present.versions.iter().find(|version| version.number == asked));
        let has_version = asked.is_some() == numbered.is_some();
        let version = numbered.cloned().unwrap_or_else(|| present.known_at(as_of).on(day(as_of)).clone());
        Ok(Self { as_of, version, past, has_version })
    }

    /// What the request is checked by.
    pub fn known<'a>(
        &'a self,
        new: &NewRanking,
        award: &'a Award,
        launched_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Known<'a> {
        Known {
            plan: &self.version.plan,
            award,
            replayed: new.replay.map(|_| self.past.is_some()),
            version: self.has_version,
            launched_at,
            now,
        }
    }

    /// The frozen facts under the rules of `award`, and the texts beside them.
    pub async fn freeze(
        self,
        conn: &mut Conn,
        app: &App,
        caller: &Caller,
        present: &Movement,
        award: Award,
    ) -> Result<(Inputs, Texts)> {
        let Some(past) = self.past else {
            let locality = caller.locality.as_ref().map(|locality| locality.code.as_str()).unwrap_or_default();
            let movement = present.known_at(self.as_of);
            let known = (self.as_of, caller.today());
            let mut inputs = gather(conn, app, locality, &movement, &self.version, award, known).await?;
            let texts = Texts::take(&mut inputs);
            return Ok((inputs, texts));
        };
        let replayed = move || {
            let rules = (self.version.number.unsigned_abs(), &self.version.plan);
            let frozen = past.inputs()?;
            let inputs = replay(&frozen, rules, award).or_else(|lacking| Error::check(lacking).map(|()| frozen))?;
            Ok((inputs, past.texts()?))
        };
        app.rankings.aside(replayed).await
    }
}

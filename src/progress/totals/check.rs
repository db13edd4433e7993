//! The checking of totals: what is kept, with what is not folded yet, against what the reports come to.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{fold::counted, kept, store};
use crate::{
    app::App,
    db::{Conn, Db, LocalityId, Memory, MovementId, Recall},
    http::Result,
    jobs::Job,
    movements,
    progress::{AskedSpan, Frame},
};

/// Totals of a period that are not what its reports come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// Its code.
    pub locality: String,
    pub movement: String,
    pub period: String,
    pub indicator: String,
}

/// Checks the totals of every movement each day, and notes what is wrong for whoever watches the service.
#[derive(Serialize, Deserialize)]
pub struct CheckTotals {}

impl Job for CheckTotals {
    const NAME: &'static str = "check_totals";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));

    async fn run(self, app: &App) -> Result<()> {
        for (locality, id, wrong) in check_totals(&app.db, &app.memory, app.clock.now()).await? {
            let Some(wrong) = wrong else { continue };
            for wrong in &wrong {
                tracing::error!(?wrong, "totals are not what the reports come to");
            }
            app.db.tx(async |conn| store::note(conn, locality, id, wrong.len()).await).await?;
        }
        Ok(())
    }
}

/// What is wrong of each movement that was ever launched; none of one that is to be counted anew.
pub async fn check_totals(
    db: &Db,
    memory: &Memory,
    now: DateTime<Utc>,
) -> Result<Vec<(LocalityId, MovementId, Option<Vec<Wrong>>)>> {
    let mut checked = Vec::new();
    for (locality, id, code) in db.read(store::all).await? {
        let wrong = db.snapshot(async |conn| check(conn, memory, now, (locality, id, &code)).await).await?;
        checked.push((locality, id, wrong));
    }
    Ok(checked)
}

async fn check(
    conn: &mut Conn,
    memory: &Memory,
    now: DateTime<Utc>,
    (locality, id, code): (LocalityId, MovementId, &str),
) -> Result<Option<Vec<Wrong>>> {
    let recall = Recall::read(conn, memory, locality).await?;
    let movement = movements::by_id(conn, &recall, id).await?;
    let frame = Frame::of(conn, &movement, AskedSpan::WHOLE, now).await?;
    let Some(kept) = kept::read(conn, std::slice::from_ref(&frame)).await?.remove(0) else { return Ok(None) };
    let mut wrong = Vec::new();
    for (leaf, counted) in frame.leaves().iter().zip(counted(conn, &movement, now).await?) {
        let kept = kept.periods().get(&leaf.code).cloned().unwrap_or_default();
        let codes = kept.keys().chain(counted.keys().filter(|code| !kept.contains_key(*code)));
        let differing = codes.filter(|code| kept.get(*code) != counted.get(*code));
        wrong.extend(differing.map(|indicator| Wrong {
            locality: code.to_owned(),
            movement: movement.code.clone(),
            period: leaf.code.clone(),
            indicator: indicator.clone(),
        }));
    }
    Ok(Some(wrong))
}

/// Forgets the totals of every movement, so that they are counted anew.
pub async fn mend_totals(db: &Db) -> Result<()> {
    db.tx(store::forget_all).await
}

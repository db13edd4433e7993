//! The folding of approved changes into the totals, every few seconds.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    kept::Kept,
    store::{self, Parts},
};
use crate::{
    app::App,
    db::{Conn, LocalityId, MovementId, Recall},
    http::Result,
    jobs::Job,
    movements::{self, Movement},
    progress::{Ask, AskedSpan, Frame, gather},
    submissions,
};

/// Folds what was approved since the last run, and counts anew where units, plans or periods were changed.
#[derive(Serialize, Deserialize)]
pub struct FoldTotals {}

impl Job for FoldTotals {
    const NAME: &'static str = "fold_totals";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::seconds(2));

    async fn run(self, app: &App) -> Result<()> {
        let mut failed = None;
        for (locality, movement) in app.db.read(store::unfolded).await? {
            // A movement that fails keeps no other from its totals. An approval beside it is folded at the next run.
            if let Err(error) = app.db.tx_of_snapshot(async |conn| fold(conn, app, locality, movement).await).await {
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

/// In a snapshot: what is folded is what is forgotten.
async fn fold(conn: &mut Conn, app: &App, locality: LocalityId, id: MovementId) -> Result<()> {
    let recall = Recall::read(conn, &app.memory, locality).await?;
    let movement = movements::by_id(conn, &recall, id).await?;
    let frame = Frame::of(conn, &movement, AskedSpan::WHOLE, app.clock.now()).await?;
    let codes: Vec<String> = frame.leaves().iter().map(|leaf| leaf.code.clone()).collect();
    let kept = match store::generation(conn, &movement).await? {
        Some(generation) if generation == recall.generation() => {
            store::read(conn, &[(locality, id)], &codes).await?.remove(&0)
        }
        _ => None,
    };
    match kept {
        Some(stored) => {
            let mut kept = Kept::of(stored.periods);
            let reports = submissions::changed_reports(conn, &[(locality, id)]).await?;
            let touched = kept.change(conn, &frame, &reports).await?;
            let changed = kept.periods().iter().filter(|(period, _)| touched.contains(*period));
            store::write(conn, &movement, &changed.map(|(period, parts)| (period.as_str(), parts)).collect()).await?;
        }
        None => {
            let parts = counted(conn, &movement, app.clock.now()).await?;
            let periods: BTreeMap<&str, &Parts> = codes.iter().map(String::as_str).zip(&parts).collect();
            store::forget(conn, &movement).await?;
            store::write(conn, &movement, &periods).await?;
        }
    }
    store::forget_changes(conn, &movement).await
}

/// The totals of a movement, from its reports.
pub(super) async fn counted(conn: &mut Conn, movement: &Movement, as_of: DateTime<Utc>) -> Result<Vec<Parts>> {
    let ask = Ask { span: AskedSpan::WHOLE, as_of, submitted: false, indicators: None };
    Ok(gather(conn, movement, &ask).await?.parts_of_all())
}

//! What lint and the locality say of a plan that is not stored.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};

use super::{Plan, lint::lint};
use crate::{
    app::App,
    finding::Finding,
    http::{Caller, Result},
    movements::{
        calendar::{self, Calendar},
        continued, launch,
        periods::{self, PeriodDates},
        store,
    },
    units::{self, Tree},
};

/// What a plan is checked against beside itself: the units of today, and the working days.
pub struct Ground {
    tree: Arc<Tree>,
    calendar: Arc<Calendar>,
    years: BTreeSet<i32>,
    movements: BTreeSet<String>,
    now: DateTime<Utc>,
}

impl Ground {
    pub async fn read(app: &App, caller: Caller) -> Result<Self> {
        let now = caller.now;
        let read = caller.snapshot(&app.db, async |conn, caller| {
            let recall = caller.recall()?;
            let (tree, calendar) =
                (units::tree(conn, recall, caller.today()).await?, calendar::of_locality(conn, recall).await?);
            let movements = store::codes(conn, recall.locality).await?;
            Ok((tree, calendar, calendar::years(conn, recall.locality).await?, movements))
        });
        let (tree, calendar, years, movements) = read.await?;
        Ok(Self { tree, calendar, years, movements, now })
    }

    /// All findings, and the periods that a launch now would set, none while there are errors. What the units of the
    /// locality lack today, and would prevent a launch, is a warning.
    pub fn check(&self, plan: &Plan) -> (Vec<Finding>, Vec<PeriodDates>) {
        let mut findings = lint(plan);
        let unknown = plan.continues.as_ref().filter(|code| !self.movements.contains(*code));
        findings.extend(unknown.map(|code| continued::unknown(code)));
        // Of a plan with errors nobody knows when reports are due.
        let sound = findings.iter().all(|finding| finding.warning);
        let generate = || periods::generate(&plan.reporting, &plan.span, self.now, &self.calendar);
        let periods = if sound { generate() } else { Vec::new() };
        findings.extend(launch::foreseen(plan, &self.tree, periods.iter().map(|period| period.due_at), &self.years));
        (findings, periods)
    }
}

//! The list of reports.

use std::{collections::HashMap, sync::Arc};

use actix_web::{HttpRequest, get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    history::{self, Event},
    lifecycle::State,
    list_store::{self, Entry, Filter, Summary},
    position::{ReportPosition, draft_reach},
    view::{AsOf, SubmissionSummary, allowed},
};
use crate::{
    app::App,
    db::{Conn, SubmissionId, UnitId},
    http::{Caller, Error, ListQuery, Page, Path, Query, Reply, Result},
    movements::{self, Movement, Period},
    units::{self, History, Tree},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_submissions);
}

#[derive(Deserialize, IntoParams)]
struct SubmissionFilter {
    /// Code of a period.
    #[param(example = "2025-09")]
    period: Option<String>,
    /// Code of a unit; with the units below it on each period's cut-off day.
    unit: Option<String>,
    /// Only reports in this state.
    state: Option<State>,
    /// Only reports that first came late, or only those that did not.
    late: Option<bool>,
}

/// Submissions
///
/// The reports within the caller's reach, by period and unit; with `as_of` those that were handed in by then, as they
/// were. A draft is listed for its unit and the standing agency only. Sort keys: `period`, `unit`, `state`, `first_submitted_at`, `updated_at`.
#[utoipa::path(
    tag = "submissions", params(SubmissionFilter, AsOf, ListQuery),
    responses((status = 200, description = "A page", body = Page<SubmissionSummary>), Error)
)]
#[get("/movements/{movement}/submissions")]
async fn list_submissions(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    filter: Query<SubmissionFilter>,
    asked: Query<AsOf>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let order = page.order(&list_store::SORTS)?;
    let SubmissionFilter { period, unit, state, late } = filter.into_inner();
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &movement).await?;
            let history = units::history(conn, caller.recall()?).await?;
            let today = history.registered_by(caller.today());
            let tops = units::scope(&today, &caller.reach(), unit.as_deref())?;
            caller.permit()?;
            let units = units::units_of_scope(&today, &caller.reach(), None)?;
            let drafts = units::units_of_scope(&today, &draft_reach(&caller), None)?;
            let mut listing = Listing::of(conn, &caller, &movement, (&history, today)).await?;
            let places = tops.filter(|_| unit.is_some()).map(|tops| listing.places(period.as_deref(), &tops));
            // Where a draft is hidden, so is when it was last edited.
            let order = match &drafts {
                Some(units) if asked.as_of.is_none() => order.keyed("updated_at", list_store::seen_to_change(units)),
                _ => order,
            };
            let filter = Filter { period, units, places, drafts, state, late };
            let rows = match asked.as_of {
                None => list_store::list(conn, &movement, &filter, &order).await?,
                Some(_) => {
                    let as_of = caller.as_of(asked.as_of);
                    history::list_as_of(conn, &movement, &filter, as_of, &order).await?
                }
            };
            if asked.as_of.is_none() {
                listing.learn(conn, rows.items().map(|row| row.id).collect()).await?;
            }
            let rows = rows.try_map(|row| listing.summary(listing.handed_in(row, filter.drafts.as_deref())))?;
            Page::listed(rows, &order, |summary| summary)?.reply(&req)
        })
        .await
}

/// What the rows of a list are shown by.
struct Listing<'a> {
    caller: &'a Caller,
    movement: &'a Movement,
    /// Of each period the units by name and those that stood on its cut-off day.
    periods: HashMap<String, (Period, Arc<Tree>, Arc<Tree>)>,
    today: Arc<Tree>,
    /// The acts on each report; none where nothing can be done to what is shown.
    events: Option<HashMap<SubmissionId, Vec<Event>>>,
    entries: HashMap<SubmissionId, Entry>,
}

impl<'a> Listing<'a> {
    async fn of(
        conn: &mut Conn,
        caller: &'a Caller,
        movement: &'a Movement,
        (history, today): (&History, Arc<Tree>),
    ) -> Result<Self> {
        let trees = |period: Period| {
            let cutoff = period.dates.cutoff_on;
            (period.dates.code.clone(), (period, history.registered_by(cutoff), history.on(cutoff)))
        };
        let periods = movements::list_periods(conn, movement).await?.into_iter().map(trees).collect();
        Ok(Self { caller, movement, periods, today, events: None, entries: HashMap::new() })
    }

    /// The units that were `tops` or lay below them on the cut-off day of each period, or of the one asked about.
    fn places(&self, period: Option<&str>, tops: &[UnitId]) -> Vec<(String, UnitId)> {
        let asked = self.periods.iter().filter(|(code, _)| period.is_none_or(|period| period == code.as_str()));
        asked.flat_map(|(code, (_, tree, _))| tree.below(tops).into_iter().map(|unit| (code.clone(), unit))).collect()
    }

    /// Reads what tells which acts are open.
    async fn learn(&mut self, conn: &mut Conn, ids: Vec<SubmissionId>) -> Result<()> {
        self.events = Some(history::list_many(conn, self.movement.locality, &ids).await?);
        self.entries = list_store::entries(conn, self.movement, &ids).await?;
        Ok(())
    }

    /// Where the caller does not see the draft, when it was last edited is not told either.
    fn handed_in(&self, row: Summary, drafts: Option<&[UnitId]>) -> Summary {
        let hidden = drafts.is_some_and(|drafts| !drafts.contains(&row.unit_id));
        let acts = self.events.as_ref().filter(|_| hidden).and_then(|events| events.get(&row.id));
        match acts.and_then(|acts| acts.last()) {
            Some(last) => Summary { updated_at: last.at, version: last.version, ..row },
            None => row,
        }
    }

    /// With the name that the unit had on the cut-off day.
    fn summary(&self, row: Summary) -> Result<SubmissionSummary> {
        let unit = self.periods.get(&row.period).and_then(|(_, named, _)| named.by_id(row.unit_id));
        let allowed = unit.map(|unit| self.allowed(&row, &unit.code)).transpose()?.unwrap_or_default();
        SubmissionSummary::of(row, unit, allowed)
    }

    fn allowed(&self, row: &Summary, unit: &str) -> Result<Vec<&'static str>> {
        let (Some(events), Some((period, _, then))) = (&self.events, self.periods.get(&row.period)) else {
            return Ok(Vec::new());
        };
        let trees = (&**then, &*self.today);
        let Some(position) = ReportPosition::find(self.caller, self.movement, period, trees, unit) else {
            return Ok(Vec::new());
        };
        let events = events.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let entry = self.entries.get(&row.id).cloned().unwrap_or_default();
        Ok(allowed(self.caller, &position, &row.outline(&entry)?, events))
    }
}

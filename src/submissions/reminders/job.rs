//! The reminding of units that have not reported: looked for every few minutes, told once for each unit, period and
//! time before or after the due instant, however many instances look.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::schedule::{ReminderTime, Schedule, reminder_time};
use crate::{
    app::App,
    db::{
        self, Conn,
        events::{Event, EventType},
    },
    http::Result,
    jobs::Job,
    movements::{self, Movement, PeriodState, periods},
    submissions::{
        completeness::{Arrival, Obligation, arrivals, obligations},
        events,
    },
    units,
};

/// Reminds the owing units of every movement under way.
#[derive(Serialize, Deserialize)]
pub struct RemindUnits {}

impl Job for RemindUnits {
    const NAME: &'static str = "remind_units";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::minutes(5));

    async fn run(self, app: &App) -> Result<()> {
        let (now, config) = (app.clock.now(), &app.config);
        let (before, after) = (config.remind_hours_before.clone(), config.remind_hours_after.clone());
        let schedule = Schedule { before, after };
        let (mut told, mut failed) = (0, None);
        for movement in app.db.read(async |conn| movements::launched(conn, &app.memory).await).await? {
            // One movement that fails keeps no other from its reminders.
            match app.db.tx(async |conn| remind(conn, &movement, &schedule, now).await).await {
                Ok(events) => told += events,
                Err(error) => failed = Some(error),
            }
        }
        tracing::debug!(told, "units reminded");
        failed.map_or(Ok(()), Err)
    }
}

/// Tells what is to be told of one movement; a closed period takes no more reports.
async fn remind(conn: &mut Conn, movement: &Movement, schedule: &Schedule, now: DateTime<Utc>) -> Result<usize> {
    let stored = movements::list_periods(conn, movement).await?;
    let open = stored.into_iter().filter(|period| period.state != PeriodState::Closed);
    let windows: Vec<periods::PeriodDates> = open
        .map(|period| period.dates)
        .filter(|window| reminder_time(schedule, window.due_at, now).is_some())
        .collect();
    if windows.is_empty() {
        return Ok(0);
    }
    let history = units::history(conn, &movement.recall).await?;
    let came = arrivals(conn, movement, now).await?;
    let came = came.into_iter().map(|Arrival { period, unit, came }| ((period, unit), came)).collect();
    let obligations = obligations(movement, &windows.iter().collect::<Vec<_>>(), &history, &came, now, |_, _| true);
    let missing = obligations.iter().filter(|obligation| obligation.report.came.is_none());
    let due = missing
        .filter_map(|obligation| Some(event(reminder_time(schedule, obligation.due_at, now)?, movement, obligation)));
    db::events::emit(conn, movement.locality, now, &due.collect::<Vec<_>>()).await
}

/// The event of a reminder, told once.
fn event(time: ReminderTime, movement: &Movement, obligation: &Obligation) -> Event {
    let (kind, hours) = match time {
        ReminderTime::Before(hours) => (EventType::SubmissionReminder, hours),
        ReminderTime::After(hours) => (EventType::SubmissionOverdue, hours),
    };
    let mut event = events::event(kind, movement, &obligation.period, &obligation.unit.code);
    event.data["due_at"] = json!(obligation.due_at);
    event.data["hours"] = json!(hours);
    // A due instant that moves has reminders of its own.
    let due = obligation.due_at.timestamp();
    let Obligation { period, unit, .. } = obligation;
    event.once = Some(format!("reminder:{}:{period}:{}:{}:{due}", movement.id, unit.id, time.code()));
    event
}

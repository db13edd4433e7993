//! A movement and its periods: what each is and the states it goes through. PURE.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    calendar::Calendar,
    periods,
    plan::versions::{Version, Versions},
};
use crate::{
    clock::day,
    db::{LocalityId, MovementId, Recall},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MovementState)]
pub enum State {
    Draft,
    Launched,
    Closed,
    Concluded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodState {
    Open,
    Closed,
    Reopened,
}

/// Awards, concerns, activities and initiatives move from the launch until all is concluded.
pub(super) const UNDER_WAY: [State; 2] = [State::Launched, State::Closed];

/// A movement with every version of its plan.
#[derive(Clone, Serialize)]
pub struct Movement {
    #[serde(skip)]
    pub locality: LocalityId,
    /// What its locality had when it was read: its periods, its units.
    #[serde(skip)]
    pub recall: Recall,
    pub id: MovementId,
    pub code: String,
    pub state: State,
    pub launched_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub concluded_at: Option<DateTime<Utc>>,
    pub version: i32,
    /// Number of the newest version.
    pub plan_version: i32,
    #[serde(skip)]
    pub versions: Versions,
}

impl Movement {
    /// The plan in force on a day. Before the launch nothing is in force yet, and the newest version is what would be.
    pub fn on(&self, day: NaiveDate) -> &Arc<Version> {
        if self.state == State::Draft { self.versions.newest() } else { self.versions.on(day) }
    }

    /// Of its periods, those that the newest version of its plan reaches.
    pub(super) fn planned(&self, mut periods: Vec<Period>) -> Vec<Period> {
        let plan = &self.versions.newest().plan;
        let extra = |code: &str| plan.reporting.extra_periods.iter().any(|extra| extra.code == code);
        periods.retain(|period| period.dates.cutoff_on <= plan.span.to || extra(&period.dates.code));
        periods
    }

    /// Its periods: those stored or, before the launch, what they would be if it were launched now, by the calendar as it
    /// is.
    pub fn stored_or_planned(&self, stored: Vec<Period>, calendar: &Calendar, now: DateTime<Utc>) -> Vec<Period> {
        if self.state != State::Draft {
            return stored;
        }
        let plan = &self.versions.newest().plan;
        let made = periods::generate(&plan.reporting, &plan.span, now, calendar);
        Period::in_order(made.into_iter().map(Period::open).collect())
    }

    /// From which day the reports of a period are taken, where its plan names one.
    pub fn opens_on(&self, period: &periods::PeriodDates) -> Option<NaiveDate> {
        periods::opens_on(&self.on(period.cutoff_on).plan.reporting.due, period.cutoff_on)
    }

    /// What to show of it; an act asks the movement that it [holds](super::LockedMovement::must_be_under_way).
    pub fn is_under_way(&self) -> bool {
        UNDER_WAY.contains(&self.state)
    }

    /// With the versions of the plan that were issued by an instant: what is to come was not known then.
    pub fn known_at(&self, at: DateTime<Utc>) -> Self {
        Self { versions: self.versions.issued_by(at), ..self.clone() }
    }
}

/// A reporting period of a launched movement.
#[derive(Clone, Serialize)]
pub struct Period {
    #[serde(flatten)]
    pub dates: periods::PeriodDates,
    /// What the plan gives, where the agency postponed the due instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_due_at: Option<DateTime<Utc>>,
    /// Why it was postponed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_reason: Option<String>,
    pub state: PeriodState,
    pub reason: Option<String>,
    pub version: i32,
    /// When the reports of the period after it are due; none of the last.
    #[serde(skip)]
    pub next_due_at: Option<DateTime<Utc>>,
}

impl Period {
    /// As a launch opens it.
    pub fn open(dates: periods::PeriodDates) -> Self {
        Self {
            dates,
            original_due_at: None,
            due_reason: None,
            state: PeriodState::Open,
            reason: None,
            version: 1,
            next_due_at: None,
        }
    }

    /// Periods in their order, each with when the next is due.
    pub fn in_order(mut periods: Vec<Self>) -> Vec<Self> {
        let next: Vec<DateTime<Utc>> = periods.iter().skip(1).map(|period| period.dates.due_at).collect();
        periods.iter_mut().zip(next).for_each(|(period, due_at)| period.next_due_at = Some(due_at));
        periods
    }

    /// Whether the plan makes reports due before the last day is over: then they hold estimates.
    pub fn is_due_early(&self) -> bool {
        day(self.original_due_at.unwrap_or(self.dates.due_at)) <= self.dates.cutoff_on
    }
}

/// What the audit log keeps of an act that makes more than the movement's own row.
#[derive(Serialize)]
pub struct Stored<'a> {
    #[serde(flatten)]
    pub movement: &'a Movement,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<&'a Version>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub periods: &'a [Period],
}

impl<'a> Stored<'a> {
    /// A movement just made of its plan.
    pub fn whole(movement: &'a Movement) -> Self {
        Self { movement, plan: Some(movement.versions.newest()), periods: &[] }
    }
}

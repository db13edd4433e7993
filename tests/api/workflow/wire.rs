//! How an act is asked for, and what a report says.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use thidua::submissions::Action;

use super::Walk;
use crate::support::{Answer, Client, Request};

/// The number that a report says.
pub fn said(shown: &Answer) -> i64 {
    let mut values = shown["values"].as_array().unwrap().iter();
    values.find(|value| value["indicator"] == "CCHC-18").unwrap()["numerator"].as_i64().unwrap()
}

pub fn path(action: Action) -> &'static str {
    match action {
        Action::Edit => "edit",
        Action::Submit => "submit",
        Action::Withdraw => "withdraw",
        Action::Approve => "approve",
        Action::Return => "return",
        Action::Reopen => "reopen",
        Action::Excuse => "excuse-lateness",
    }
}

pub fn body(action: Action) -> Value {
    match action {
        Action::Return => {
            json!({"reason": "Chưa khớp", "remarks": [{"indicator": "CCHC-18", "text": "Kiểm tra lại mẫu số"}]})
        }
        Action::Reopen | Action::Excuse => json!({"reason": "Chưa khớp"}),
        _ => json!({}),
    }
}

/// The figure at each of these instants, of what was approved and of what was submitted.
pub fn figures(who: &Client, query: &str, instants: impl Iterator<Item = DateTime<Utc>>) -> Vec<Value> {
    let instants = instants.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let asked =
        instants.flat_map(|at| ["approved", "submitted"].map(|basis| format!("{query}&as_of={at}&basis={basis}")));
    asked.map(|asked| who.get(&asked).ok().json().clone()).collect()
}

impl Walk<'_> {
    /// What somebody sees who neither drafts nor checks: what was handed in last.
    pub fn look_from_outside(&self, request: Request) {
        let told = &self.told;
        let shown = request.ok();
        let Some(number) = told.revisions.last() else { return assert_eq!(shown["state"], "not_begun", "{told:?}") };
        assert_eq!((&shown["state"], &shown["allowed_actions"]), (&json!(told.state), &json!([])), "{told:?}");
        assert_eq!(said(&shown), *number, "{told:?}");
    }
}

//! Whatever was done to a movement, in whatever order, its totals are what its reports come to.

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use super::city::{agrees, check, fold};
use crate::support::{
    TestApp,
    story::{HONG_VAN, Movement, plan},
};

const HISTORIES: usize = 6;
const STEPS: usize = 60;
const UNITS: [&str; 4] = ["thon-1", "thon-2", "van-phong", "mat-tran"];
const PERIODS: [&str; 3] = ["2025-07", "2025-08", "2025-09"];

#[derive(Debug, Clone)]
enum Step {
    /// Hand in what the unit has not, with a number, and approve it.
    Approve(usize, usize, i64),
    /// Hand it in, and send it back.
    Return(usize, usize),
    /// Reopen what is approved, and correct it to a number, approved or only handed in.
    Correct(usize, usize, i64, bool),
    Move(usize),
    /// Name it otherwise, which changes the tree, too.
    Rename(usize, i64),
    /// Merge the second village into the first.
    Merge,
    /// Another target from a later day on.
    Amend(i64),
    /// A target of one unit.
    OfUnit(usize, i64),
    Fold,
}

fn any_step() -> impl Strategy<Value = Step> {
    let (unit, period) = (|| 0..UNITS.len(), || 0..PERIODS.len());
    prop_oneof![
        8 => (unit(), period(), 1..90i64).prop_map(|(unit, period, n)| Step::Approve(unit, period, n)),
        2 => (unit(), period()).prop_map(|(unit, period)| Step::Return(unit, period)),
        5 => (unit(), period(), 1..90i64, any::<bool>())
            .prop_map(|(unit, period, n, approve)| Step::Correct(unit, period, n, approve)),
        1 => unit().prop_map(Step::Move),
        1 => (unit(), 1..90i64).prop_map(|(unit, n)| Step::Rename(unit, n)),
        1 => Just(Step::Merge),
        3 => (10..90i64).prop_map(Step::Amend),
        2 => (unit(), 10..90i64).prop_map(|(unit, n)| Step::OfUnit(unit, n)),
        4 => Just(Step::Fold),
    ]
}

struct Story<'a> {
    app: &'a TestApp,
    movement: Movement<'a>,
    plan: Value,
    merged: bool,
    amendments: i64,
}

impl Story<'_> {
    fn state(&self, period: &str, unit: &str) -> String {
        let found = self.app.auditor().get(&self.movement.at(period, unit).path).send();
        found["state"].as_str().unwrap_or_default().to_owned()
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Approve(unit, period, n) => self.hand_in(UNITS[*unit], PERIODS[*period], *n, true),
            Step::Return(unit, period) => {
                let (unit, period) = (UNITS[*unit], PERIODS[*period]);
                self.hand_in(unit, period, 1, false);
                if self.state(period, unit) == "submitted" {
                    self.movement.at(period, unit).send_back();
                }
            }
            Step::Correct(unit, period, n, approve) => {
                let (unit, period) = (UNITS[*unit], PERIODS[*period]);
                if self.state(period, unit) == "approved" {
                    self.movement.at(period, unit).reopen();
                    self.hand_in(unit, period, *n, *approve);
                }
            }
            Step::Move(unit) => {
                let parent = json!({"parent": "cum-1", "valid_from": "2025-09-01"});
                self.change(UNITS[*unit], parent);
            }
            Step::Rename(unit, n) => {
                let name = json!({"name": format!("Đơn vị đổi tên {n}"), "valid_from": "2025-09-01"});
                self.change(UNITS[*unit], name);
            }
            Step::Merge if self.merged => {}
            Step::Merge => {
                let tag = self.app.admin().get("/units/thon-2").ok().etag();
                let into = json!({"into": "thon-1", "on": "2025-09-01"});
                self.merged = self.app.admin().post("/units/thon-2/merge", into).if_match(&tag).send().status() == 200;
            }
            Step::Amend(n) => {
                self.amend(|indicator| indicator["target"]["value"] = json!(n.to_string()));
            }
            Step::OfUnit(unit, n) => {
                let target = json!({"unit": UNITS[*unit], "value": n.to_string(), "source": "plan"});
                self.amend(|indicator| indicator["targets"] = json!([target]));
            }
            Step::Fold => fold(self.app),
        }
        assert_eq!(check(self.app).1, [], "after {step:?}");
    }

    /// A report of a unit whose turn it is; nothing where it is not.
    fn hand_in(&self, unit: &str, period: &str, n: i64, approve: bool) {
        if self.merged && unit == "thon-2" {
            return;
        }
        let place = self.movement.at(period, unit);
        if !matches!(self.state(period, unit).as_str(), "submitted" | "approved") {
            let drafted = place.draft(&self.movement.report(unit).ratio("CCHC-18", n, 100));
            if drafted.status() >= 400 {
                return;
            }
            place.submit();
        }
        if approve && self.state(period, unit) == "submitted" {
            place.approve();
        }
    }

    fn change(&self, unit: &str, change: Value) {
        let tag = self.app.admin().get(&format!("/units/{unit}")).ok().etag();
        self.app.admin().patch(&format!("/units/{unit}"), change).if_match(&tag).send();
    }

    /// Another version of the plan, in force from a day that comes later each time.
    fn amend(&mut self, change: impl FnOnce(&mut Value)) {
        let mut plan = self.plan.clone();
        let indicators = plan["indicators"].as_array_mut().unwrap();
        change(indicators.iter_mut().find(|one| one["code"] == "CCHC-18").unwrap());
        plan["format"] = json!("thidua.plan/2");
        let tag = self.app.chair().get(&self.movement.path).ok().etag();
        let day = format!("2025-11-{:02}", self.amendments + 1);
        let body = json!({"plan": plan, "effective_from": day, "reason": "Điều chỉnh chỉ tiêu"});
        let versions = format!("{}/plan-versions", self.movement.path);
        if self.app.chair().post(&versions, body).if_match(&tag).send().status() == 201 {
            self.amendments += 1;
            self.plan = plan;
        }
    }
}

#[test]
fn totals_follow_every_history() {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (mut approvals, mut amendments, mut merges) = (0, 0, 0);
    for _ in 0..HISTORIES {
        let app = TestApp::start();
        let movement = app.hong_van();
        app.cluster("cum-1");
        app.at("2025-10-16T02:00:00Z");
        let mut story = Story { app: &app, movement, plan: plan(HONG_VAN), merged: false, amendments: 0 };
        fold(&app);
        for _ in 0..STEPS {
            let step = any_step().new_tree(&mut runner).unwrap().current();
            story.step(&step);
        }
        agrees(&app);
        fold(&app);
        agrees(&app);
        merges += i64::from(story.merged);
        approvals += app.count("SELECT 1 FROM submission_events WHERE action = 'approve'");
        amendments += story.amendments;
        assert_eq!(check(&app), (1, Vec::new()));
    }
    let done = (approvals, amendments, merges);
    assert!(approvals > 50 && amendments > 20 && merges > 2, "a history that goes nowhere proves nothing: {done:?}");
}

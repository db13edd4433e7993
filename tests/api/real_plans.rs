//! Plans that others wrote, as data: they load, launch, report and rank as the papers mean it, without a change of code.

mod assigned;
mod scored;

use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

/// A launched movement of a plan, in a locality that has the plan's units.
pub struct Real {
    pub app: TestApp,
    /// Its address.
    base: String,
}

impl Real {
    /// Units of one kind below the locality, and the plan launched on a day.
    pub fn launched(plan: &str, kind: &str, units: &[&str], instant: &str) -> Self {
        let plan: Value = serde_json::from_str(plan).expect("a plan");
        let app = TestApp::start();
        app.at(instant);
        for unit in units {
            let body = json!({"name": format!("Đơn vị {unit}"), "kind": kind, "valid_from": "2025-01-01"});
            app.admin().put(&format!("/units/{unit}"), body).if_none_match_any().created();
        }
        let base = format!("/movements/{}", plan["code"].as_str().expect("a code"));
        let made = app.agency().post("/movements", plan).created();
        app.chair().post(&format!("{base}/launch"), json!({})).if_match(&made.etag()).ok();
        Self { app, base }
    }

    pub fn head(&self, unit: &str) -> Client {
        self.app.head(unit)
    }

    /// A report handed in by the head of the unit and approved by the agency.
    pub fn reports(&self, head: &Client, period: &str, unit: &str, values: Value) {
        let place = format!("{}/submissions/{period}/{unit}", self.base);
        let drafted = head.put(&place, json!({"secret": false, "values": values})).if_none_match_any().created();
        let submitted = head.post(&format!("{place}/submit"), json!({})).if_match(&drafted.etag()).ok();
        self.app.agency().post(&format!("{place}/approve"), json!({})).if_match(&submitted.etag()).ok();
    }

    pub fn nominates(&self, head: &Client, award: &str, unit: &str) {
        let place = format!("{}/awards/{award}/nominations/{unit}", self.base);
        let made = head.put(&place, json!({"achievement": "Thành tích"})).if_none_match_any().created();
        self.app.agency().post(&format!("{place}/verify"), json!({})).if_match(&made.etag()).ok();
    }

    /// An answer of the agency on a criterion.
    pub fn assesses(&self, award: &str, unit: &str, criterion: &str, answer: Value) {
        let place = format!("{}/awards/{award}/nominations/{unit}/assessments/{criterion}", self.base);
        self.app.agency().put(&place, answer).if_none_match_any().created();
    }

    /// Another answer in its place.
    pub fn assesses_again(&self, award: &str, unit: &str, criterion: &str, answer: Value) {
        let place = format!("{}/awards/{award}/nominations/{unit}/assessments/{criterion}", self.base);
        self.app.agency().put(&place, answer).if_match("\"1\"").ok();
    }

    pub fn ranking(&self, award: &str) -> Answer {
        self.app.agency().post(&format!("{}/awards/{award}/rankings", self.base), json!({"mode": "official"})).created()
    }

    pub fn progress(&self, rest: &str) -> Answer {
        self.app.agency().get(&format!("{}/progress{rest}", self.base)).ok()
    }
}

pub fn count(indicator: &str, count: i64) -> Value {
    json!({"indicator": indicator, "state": "reported", "count": count, "explanation": "Theo số liệu thực tế"})
}

pub fn share(indicator: &str, numerator: i64, denominator: i64) -> Value {
    json!({"indicator": indicator, "state": "reported", "numerator": numerator, "denominator": denominator,
           "explanation": "Theo số liệu thực tế"})
}

//! The audit log: every write leaves one record, and whatever is done to the records is found.

use serde_json::{Value, json};
use thidua::audit::chain_waiting;

use crate::support::{Answer, MOVEMENT, TestApp, wait};

mod awarded;
mod cost;
mod members;
mod reading;
mod records;
mod redaction;
mod separately;
mod sequence;
mod tampering;

impl TestApp {
    /// Chains what waits.
    pub fn chain(&self) -> usize {
        wait(chain_waiting(self.service())).expect("the records are chained")
    }

    fn verified(&self, head: Option<&Value>) -> Answer {
        self.auditor().post("/audit/verify", json!({ "head": head })).ok()
    }

    /// Records that fit a condition of SQL.
    pub fn records(&self, condition: &str) -> i64 {
        self.count(&format!(
            "SELECT 1 FROM audit_records r JOIN audit_texts t ON t.locality_id = r.locality_id AND t.record_id = r.id
             WHERE {condition}"
        ))
    }
}

fn report_path(period: &str) -> String {
    format!("{MOVEMENT}/submissions/{period}/phong-kinh-te")
}

fn report(numerator: i64) -> Value {
    let value = json!({"indicator": "HS", "state": "reported", "numerator": numerator, "denominator": 100});
    json!({ "values": [value] })
}

//! The sample reports of four months: made by a plain rule from unit, month and indicator, with the cases worth seeing:
//! a report that comes late and is excused, one returned and corrected, a hamlet with nothing to report, one entered by
//! the agency, 24,999 of 25,000 dossiers in time, and meetings at exactly 60%.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    client::Client,
    story::{MOVEMENT, Story},
};
use crate::http::Role;

/// Periods with sample reports; the others stay untouched.
const TOLD: [&str; 4] = ["2025-07", "2025-08", "2025-09", "2025-10"];
/// The narrative of every sample report.
const MARK: &str = "Số liệu mẫu để trình diễn, không phải số liệu thật.";

const LATE: (&str, &str) = ("hoi-phu-nu", "2025-09");
const RETURNED: (&str, &str) = ("phong-kinh-te", "2025-08");
const BY_PHONE: &str = "thon-van-la";
const QUIET: &str = "thon-cam-co";

impl Story {
    pub(super) async fn report(&self) -> anyhow::Result<()> {
        let agencies: Vec<&str> = self.accounts.all_by_role(Role::StandingAgency).collect();
        let (first, second) = (self.account(agencies[0]), self.account(agencies[1]));
        let periods = first.get(&format!("{MOVEMENT}/periods")).await?;
        let units: Vec<&str> = self.sample.units.iter().filter_map(|unit| unit["code"].as_str()).collect();
        let told = periods["items"].as_array().into_iter().flatten();
        for (month, period) in told.filter(|p| TOLD.iter().any(|code| p["code"] == *code)).enumerate() {
            let code = period["code"].as_str().unwrap_or_default();
            let due: DateTime<Utc> = period["due_at"].as_str().unwrap_or_default().parse()?;
            for (nth, unit) in units.iter().enumerate() {
                let owed = first.get(&format!("{MOVEMENT}/indicators?unit={unit}")).await?;
                let owed: Vec<Value> = owed["items"].as_array().cloned().unwrap_or_default();
                if owed.is_empty() {
                    continue;
                }
                let report = Report { period: code, unit, due, content: content(&owed, unit, code, nth, month) };
                self.hand_in(&report, &first, &second).await?;
            }
        }
        Ok(())
    }

    /// Continues from the report's current state, until it is approved.
    async fn hand_in(&self, report: &Report<'_>, first: &Client, second: &Client) -> anyhow::Result<()> {
        let path = format!("{MOVEMENT}/submissions/{}/{}", report.period, report.unit);
        let place = (report.unit, report.period);
        let late = place == LATE;
        let came = report.due + if late { TimeDelta::days(2) } else { -TimeDelta::hours(5) };
        self.clock.set(came);
        let (writer, submitter) = match report.unit {
            BY_PHONE => (second.clone(), second.clone()),
            unit => (self.of_unit(Role::Reporter, unit)?, self.of_unit(Role::UnitHead, unit)?),
        };
        writer.put_new(&path, &report.content).await?;
        let mut seen = submitter.get_tagged(&path).await?;
        if seen.body["state"] == "draft" {
            seen = submitter.act(&format!("{path}/submit"), &seen.etag, &json!({})).await?;
        }
        if place == RETURNED && seen.body["state"] == "submitted" && seen.body["revision"] == 1 {
            self.clock.set(report.due + TimeDelta::hours(15));
            let why = json!({"reason": "Số hồ sơ lĩnh vực khác chưa khớp với hệ thống của Thành phố",
                "remarks": [{"indicator": "CCHC-05", "field": "khac", "text": "Kiểm tra lại mẫu số"}]});
            seen = first.act(&format!("{path}/return"), &seen.etag, &why).await?;
        }
        if seen.body["state"] == "returned" {
            self.clock.set(report.due + TimeDelta::hours(20));
            seen = submitter.put(&path, &seen.etag, &report.content).await?;
            seen = submitter.act(&format!("{path}/submit"), &seen.etag, &json!({})).await?;
        }
        self.clock.set(came.max(report.due) + TimeDelta::days(1));
        if seen.body["state"] == "submitted" {
            seen = first.act(&format!("{path}/approve"), &seen.etag, &json!({})).await?;
        }
        if late && seen.body["lateness_excuse"].is_null() {
            let why = json!({"reason": "Mất mạng do bão, đã báo qua điện thoại trước hạn"});
            first.act(&format!("{path}/excuse-lateness"), &seen.etag, &why).await?;
        }
        Ok(())
    }
}

struct Report<'a> {
    period: &'a str,
    unit: &'a str,
    due: DateTime<Utc>,
    content: Value,
}

fn content(owed: &[Value], unit: &str, period: &str, nth: usize, month: usize) -> Value {
    let values: Vec<Value> = owed
        .iter()
        .enumerate()
        .flat_map(|(i, indicator)| {
            let fields: Vec<Option<&str>> = match indicator["fields"].as_array() {
                Some(fields) if !fields.is_empty() => fields.iter().map(|field| field["code"].as_str()).collect(),
                _ => vec![None],
            };
            let place = Place { unit, period, turn: nth * 7 + month * 3 + i * 5, month };
            fields.into_iter().map(|field| value(indicator, field, &place)).collect::<Vec<_>>()
        })
        .collect();
    let mut content = json!({"narrative": MARK, "secret": false, "values": values});
    if unit == BY_PHONE {
        content["on_behalf"] =
            json!({"reason": "Thôn chưa có máy tính", "source": "Điện thoại của trưởng thôn, ghi sổ trực"});
    }
    content
}

struct Place<'a> {
    unit: &'a str,
    period: &'a str,
    turn: usize,
    month: usize,
}

fn value(indicator: &Value, field: Option<&str>, place: &Place) -> Value {
    let code = indicator["code"].as_str().unwrap_or_default();
    let mut value =
        json!({"indicator": code, "state": "reported", "explanation": "Theo sổ theo dõi của đơn vị (số liệu mẫu)"});
    if let Some(field) = field {
        value["field"] = json!(field);
    }
    if place.unit == QUIET {
        return json!({"indicator": code, "state": "none_arose"});
    }
    match indicator["kind"].as_str().unwrap_or_default() {
        "level" => value["level"] = json!(if place.month < 2 { "in_progress" } else { "done" }),
        "index" => value["value"] = json!("91.25"),
        "rank" => (value["rank"], value["population"]) = (json!(45), json!(126)),
        "count" => value["count"] = json!(place.turn % 4),
        _ => {
            let (numerator, denominator) = fraction(code, field, place);
            (value["numerator"], value["denominator"]) = (json!(numerator), json!(denominator));
        }
    }
    value
}

/// Numerator and denominator.
fn fraction(code: &str, field: Option<&str>, place: &Place) -> (usize, usize) {
    match (code, field, place.unit, place.period) {
        ("CCHC-05", Some("khac"), "ttpvhcc", "2025-09") => (24_999, 25_000),
        ("CCHC-19", ..) => (12, 20),
        ("CCHC-12", ..) => (4 + place.month, 12),
        // Headcounts are the same each month.
        ("CCHC-11" | "CCHC-16", ..) => (12, 12),
        _ => {
            let denominator = 20 + place.turn % 41;
            (denominator - usize::from(place.turn.is_multiple_of(9)), denominator)
        }
    }
}

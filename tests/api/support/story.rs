//! A movement under way: the plan of Hồng Vân at home, the example plan next door, and reports handed in for them.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Answer, Client, Commune, Request, TestApp};

pub const HONG_VAN: &str = include_str!("../../../plans/hong-van-2025-h2.json");
pub const EXAMPLE: &str = include_str!("../../../plans/example-calendar.json");

/// Units that the plan of Hồng Vân counts on beside those of the fixture.
const UNITS: [(&str, &str, &str); 3] = [
    ("ttpvhcc", "Trung tâm Phục vụ hành chính công", "division"),
    ("tt-vhtt-tt", "Trung tâm Văn hóa - Thông tin và Thể thao", "service"),
    ("hoi-phu-nu", "Hội Liên hiệp Phụ nữ xã", "front"),
];

/// A shipped plan.
pub fn plan(text: &str) -> Value {
    serde_json::from_str(text).expect("a plan")
}

impl TestApp {
    /// The movement of Hồng Vân, launched at 9 o'clock on 5/8/2025. It leaves the clock there.
    pub fn hong_van(&self) -> Movement<'_> {
        self.at("2025-08-05T02:00:00Z");
        self.organise();
        self.launched(&plan(HONG_VAN))
    }

    /// The movement of Hồng Vân where it is launched already.
    pub fn standing(&self) -> Movement<'_> {
        Movement { commune: self, path: "/movements/cchc-2025-h2".into() }
    }

    /// The movement of the example plan, launched in the neighbouring locality on 12/1/2026.
    pub fn example(&self) -> Movement<'_> {
        self.at("2026-01-12T02:00:00Z");
        self.elsewhere.organise();
        self.elsewhere.launched(&plan(EXAMPLE))
    }
}

impl Commune {
    /// Marks the figures of a content as estimates while its period runs: final ones are not taken yet.
    pub fn as_known(&self, movement: &str, period: &str, mut content: Value) -> Value {
        let periods = self.auditor().get(&format!("{movement}/periods")).ok();
        let mut found = periods["items"].as_array().into_iter().flatten().filter(|one| one["code"] == period);
        let cutoff = found.next().and_then(|period| period["cutoff_on"].as_str()?.parse::<NaiveDate>().ok());
        if cutoff.is_some_and(|cutoff| cutoff >= thidua::clock::day(self.service().clock.now())) {
            let values = content["values"].as_array_mut().into_iter().flatten();
            values.filter(|value| value["state"] == "reported").for_each(|value| value["estimated"] = json!(true));
        }
        content
    }

    /// The units of the plan; the team below a division reports with it, and owes nothing of its own.
    pub fn organise(&self) {
        let admin = self.admin();
        for (code, name, kind) in UNITS {
            let unit = json!({"name": name, "kind": kind, "valid_from": "2025-07-01"});
            admin.put(&format!("/units/{code}"), unit).if_none_match_any().created();
        }
        let team = json!({"kind": "related", "valid_from": "2025-07-01"});
        admin.patch("/units/to-so-hoa", team).if_match("\"1\"").ok();
    }

    /// A unit that owes nothing of its own and may stand above those that do.
    pub fn cluster(&self, code: &str) {
        let cluster = json!({"name": "Cụm dân cư", "kind": "related", "valid_from": "2025-07-01"});
        self.admin().put(&format!("/units/{code}"), cluster).if_none_match_any().created();
    }

    /// A plan, loaded by the agency.
    pub fn loaded(&self, plan: &Value) -> Movement<'_> {
        let made = self.agency().post("/movements", plan.clone()).created();
        Movement { commune: self, path: format!("/movements/{}", made["code"].as_str().expect("a code")) }
    }

    /// The same, launched by the chair.
    pub fn launched(&self, plan: &Value) -> Movement<'_> {
        let movement = self.loaded(plan);
        movement.act(&self.chair(), "launch").ok();
        movement
    }
}

/// A movement of one locality.
pub struct Movement<'a> {
    pub commune: &'a Commune,
    /// `/movements/{code}`
    pub path: String,
}

impl<'a> Movement<'a> {
    /// An act on the movement as it stands.
    pub fn act(&self, who: &Client, act: &str) -> Request {
        let tag = self.commune.auditor().get(&self.path).ok().etag();
        who.post(&format!("{}/{act}", self.path), json!({})).if_match(&tag)
    }

    /// An act on one of its periods as it stands.
    pub fn period_act(&self, who: &Client, period: &str, act: &str, body: Value) -> Request {
        let tag = self.period(period)["etag"].as_str().expect("an etag").to_owned();
        who.post(&format!("{}/periods/{period}/{act}", self.path), body).if_match(&tag)
    }

    pub fn close_period(&self, period: &str) {
        self.period_act(&self.commune.agency(), period, "close", json!({})).ok();
    }

    pub fn period(&self, code: &str) -> Value {
        let periods = self.commune.auditor().get(&format!("{}/periods", self.path)).ok();
        let found = periods["items"].as_array().into_iter().flatten().find(|period| period["code"] == code);
        found.unwrap_or_else(|| panic!("no period {code}")).clone()
    }

    /// A complete report of a unit: every indicator it owes is answered and met, with words where they are due.
    pub fn report(&self, unit: &str) -> Report {
        let owed = self.commune.auditor().get(&format!("{}/indicators?unit={unit}", self.path)).ok();
        let values = owed["items"].as_array().into_iter().flatten().flat_map(met);
        Report(json!({"narrative": "Tháng này làm tốt", "values": values.collect::<Vec<_>>()}))
    }

    /// One unit's place in one period.
    pub fn at(&self, period: &str, unit: &str) -> Place<'a> {
        let path = format!("{}/submissions/{period}/{unit}", self.path);
        let (movement, period) = (self.path.clone(), period.to_owned());
        Place { commune: self.commune, movement, period, unit: unit.to_owned(), path }
    }

    /// A complete report, handed in by its unit and approved.
    pub fn approved(&self, period: &str, unit: &str, report: Report) -> Place<'a> {
        let place = self.at(period, unit);
        place.draft(&report).is(201);
        place.submit();
        place.approve();
        place
    }
}

/// The values that meet an indicator, by field where it has fields.
fn met(indicator: &Value) -> Vec<Value> {
    let fields: Vec<Value> = indicator["fields"].as_array().cloned().unwrap_or_default();
    let value = |field: Option<&Value>| {
        let up = indicator["direction"] == "up";
        let mut value = json!({"indicator": indicator["code"], "state": "reported"});
        match indicator["kind"].as_str() {
            Some("ratio") if indicator["may_exceed"] == true => ratio(&mut value, 20, 10),
            Some("ratio") => ratio(&mut value, if up { 10 } else { 0 }, 10),
            Some("count") => value["count"] = if up { json!(1000) } else { json!(0) },
            Some("level") => value["level"] = indicator["levels"].as_array().and_then(|all| all.last()).cloned().into(),
            Some("index") => value["value"] = json!("99.5"),
            _ => (value["rank"], value["population"]) = (json!(1), json!(126)),
        }
        if indicator["evidence"] == "required" {
            value["explanation"] = json!("Công văn số 12/CV-UBND ngày 01/8/2025 của UBND xã");
        }
        if let Some(field) = field {
            value["field"] = field["code"].clone();
        }
        value
    };
    if fields.is_empty() { vec![value(None)] } else { fields.iter().map(|field| value(Some(field))).collect() }
}

fn ratio(value: &mut Value, numerator: i64, denominator: i64) {
    (value["numerator"], value["denominator"]) = (json!(numerator), json!(denominator));
}

/// The content of a report, changed value by value.
#[derive(Clone)]
pub struct Report(pub Value);

impl Report {
    /// These values and nothing else.
    pub fn of(values: Value) -> Self {
        Self(json!({"values": values}))
    }

    /// Answers an indicator (`CCHC-05`, or one of its fields as `CCHC-05/tnmt`) with these members.
    pub fn say(mut self, indicator: &str, members: Value) -> Self {
        let (code, field) = named(indicator);
        self = self.without(indicator);
        let mut value = json!({"indicator": code});
        if let Some(field) = field {
            value["field"] = json!(field);
        }
        value.as_object_mut().expect("an object").extend(members.as_object().expect("members").clone());
        self.values().push(value);
        self
    }

    /// So many of so many, with an explanation should it miss.
    pub fn ratio(self, indicator: &str, numerator: i64, denominator: i64) -> Self {
        let mut members = json!({"state": "reported", "explanation": "Còn hồ sơ chờ ý kiến của sở"});
        ratio(&mut members, numerator, denominator);
        self.say(indicator, members)
    }

    pub fn state(self, indicator: &str, state: &str) -> Self {
        self.say(indicator, json!({"state": state, "explanation": "Chưa có số liệu"}))
    }

    /// Leaves an indicator (or one of its fields) unanswered.
    pub fn without(mut self, indicator: &str) -> Self {
        let (code, field) = named(indicator);
        self.values().retain(|value| value["indicator"] != code || field.is_some_and(|field| value["field"] != field));
        self
    }

    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.0[member] = value;
        self
    }

    /// As the agency enters it for a unit.
    pub fn on_behalf(self) -> Self {
        self.with("on_behalf", json!({"reason": "Thôn chưa có máy tính", "source": "Điện thoại của trưởng thôn"}))
    }

    fn values(&mut self) -> &mut Vec<Value> {
        self.0["values"].as_array_mut().expect("values")
    }
}

fn named(indicator: &str) -> (&str, Option<&str>) {
    indicator.split_once('/').map_or((indicator, None), |(code, field)| (code, Some(field)))
}

/// One unit's place in one period: where its report stands.
pub struct Place<'a> {
    commune: &'a Commune,
    movement: String,
    period: String,
    unit: String,
    pub path: String,
}

impl Place<'_> {
    /// The submission as the agency reads it, which sees drafts.
    pub fn get(&self) -> Answer {
        self.commune.agency().get(&self.path).ok()
    }

    pub fn etag(&self) -> String {
        self.get().etag()
    }

    /// Puts a draft over what stands there, or makes it.
    pub fn put(&self, who: &Client, report: &Report) -> Request {
        let content = self.commune.as_known(&self.movement, &self.period, report.0.clone());
        let put = who.put(&self.path, content);
        let found = self.commune.agency().get(&self.path).send();
        match found.header("etag") {
            None => put.if_none_match_any(),
            Some(tag) => put.if_match(tag),
        }
    }

    /// An act on the submission as it stands.
    pub fn act(&self, who: &Client, act: &str, body: Value) -> Request {
        who.post(&format!("{}/{act}", self.path), body).if_match(&self.etag())
    }

    /// The unit's reporter drafts.
    pub fn draft(&self, report: &Report) -> Answer {
        self.put(&self.commune.reporter(&self.unit), report).send()
    }

    /// The unit's head submits.
    pub fn submit(&self) -> Answer {
        self.act(&self.commune.head(&self.unit), "submit", json!({})).ok()
    }

    /// The agency approves.
    pub fn approve(&self) -> Answer {
        self.act(&self.commune.agency(), "approve", json!({})).ok()
    }

    pub fn send_back(&self) -> Answer {
        self.act(&self.commune.agency(), "return", json!({"reason": "Chưa khớp"})).ok()
    }

    pub fn reopen(&self) -> Answer {
        self.act(&self.commune.agency(), "reopen", json!({"reason": "Đơn vị báo nhầm"})).ok()
    }
}

//! What awards are about, in few words: a launched movement with a small plan, people, dossiers.

use serde_json::{Value, json};

use super::{Answer, Client, Commune};

/// Base of the movement that [`Commune::emulation`] makes.
pub const MOVEMENT: &str = "/movements/thi-dua";

impl Commune {
    /// A movement with the small plan of `awards-plan.json`, launched.
    pub fn emulation(&self) {
        self.emulation_of(|_| ());
    }

    /// The same with another plan.
    pub fn emulation_of(&self, change: impl FnOnce(&mut Value)) {
        let mut plan: Value = serde_json::from_str(include_str!("awards-plan.json")).expect("a plan");
        change(&mut plan);
        let made = self.agency().post("/movements", plan).created();
        self.chair().post(&format!("{MOVEMENT}/launch"), json!({})).if_match(&made.etag()).ok();
    }

    /// A new person; their id.
    pub fn somebody(&self, name: &str, unit: Option<&str>) -> String {
        let kind = if unit.is_some() { "official" } else { "resident" };
        let body = json!({"name": name, "kind": kind, "unit": unit, "valid_from": "2025-07-01"});
        self.admin().post("/people", body).created()["id"].as_str().expect("an id").to_owned()
    }

    /// A new household; its id.
    pub fn household(&self, head: &str, unit: &str) -> String {
        let body = json!({"head": head, "unit": unit, "valid_from": "2025-07-01"});
        self.admin().post("/households", body).created()["id"].as_str().expect("an id").to_owned()
    }

    /// A dossier verified and appraised by the agency; the head of the unit handed it in.
    pub fn appraised_dossier(&self, unit: &str, points: &str) {
        self.appraised_dossier_with(unit, points, vec![]);
    }

    /// The same, relying on initiatives.
    pub fn appraised_dossier_with(&self, unit: &str, points: &str, initiatives: Vec<Value>) {
        let dossier = dossier("tap-the", unit);
        let body = json!({"achievement": "Thành tích", "group": "don-vi", "self_scores": {"mo-hinh": points},
            "initiatives": initiatives});
        let made = self.head(unit).put(&dossier, body).if_none_match_any().created();
        self.agency()
            .put(&format!("{dossier}/assessments/doan-ket"), json!({"passed": true}))
            .if_none_match_any()
            .created();
        self.agency().post(&format!("{dossier}/assessments/adopt"), json!({})).ok();
        self.agency().post(&format!("{dossier}/verify"), json!({})).if_match(&made.etag()).ok();
    }

    /// A person with a verified and appraised dossier, and the official run that ranks them: the run's and the person's id.
    pub fn ranked_person(&self) -> (String, String) {
        let person = self.somebody("Nguyễn Thị Khen", Some("phong-kinh-te"));
        let dossier = dossier("ca-nhan", &person);
        let claim = json!({"achievement": "Trực tiếp giải quyết hồ sơ"});
        let made = self.head("phong-kinh-te").put(&dossier, claim).if_none_match_any().created();
        let points = self.agency().put(&format!("{dossier}/assessments/nhiem-vu"), json!({"points": "80"}));
        points.if_none_match_any().created();
        self.agency().post(&format!("{dossier}/verify"), json!({})).if_match(&made.etag()).ok();
        let run =
            self.agency().post(&format!("{MOVEMENT}/awards/ca-nhan/rankings"), json!({"mode": "official"})).created();
        (run["id"].as_str().expect("an id").to_owned(), person)
    }

    /// A report on `HS` for a period, handed in and approved.
    pub fn reported_on(&self, period: &str, unit: &str, numerator: i64, denominator: i64) {
        let place = format!("{MOVEMENT}/submissions/{period}/{unit}");
        let value = json!({"indicator": "HS", "state": "reported", "numerator": numerator, "denominator": denominator,
                           "explanation": "Chờ ý kiến sở"});
        let (head, body) = (self.head(unit), json!({"secret": false, "values": [value]}));
        let drafted = head.put(&place, self.as_known(MOVEMENT, period, body)).if_none_match_any().created();
        let submitted = head.post(&format!("{place}/submit"), json!({})).if_match(&drafted.etag()).ok();
        self.agency().post(&format!("{place}/approve"), json!({})).if_match(&submitted.etag()).ok();
    }
}

/// Where a candidate's dossier for an award stands.
pub fn dossier(award: &str, candidate: &str) -> String {
    format!("{MOVEMENT}/awards/{award}/nominations/{candidate}")
}

impl Client {
    /// Reads a thing, then acts on the version seen.
    #[track_caller]
    pub fn act_on(&self, path: &str, action: &str, body: Value) -> Answer {
        let seen = self.get(path).ok();
        self.post(&format!("{path}/{action}"), body).if_match(&seen.etag()).send()
    }
}

/// A launched movement with an award for households.
pub fn households(commune: &Commune) {
    commune.emulation_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        let assessed = json!({"code": "guong-mau", "kind": "assessed", "text": {"vi": "Gương mẫu"}, "source": "proposed",
            "max": "90", "from": "appraisal", "window": {"from": "2025-07-01", "to": "2025-12-31"}});
        let initiatives = json!({"code": "sang-kien", "kind": "initiatives", "source": "proposed", "max": "10",
            "points": {"commune": "5"}});
        plan["groups"].as_array_mut().expect("groups").push(json!({"code": "ho", "section": "3",
            "name": {"vi": "Hộ gia đình"}, "candidates": "household", "criteria": [assessed, initiatives]}));
        let mut award = plan["awards"][1].clone();
        (award["code"], award["candidates"], award["groups"]) = (json!("ho"), json!("household"), json!(["ho"]));
        award["ranking"]["ties"] = json!(["kind:initiatives"]);
        plan["awards"].as_array_mut().expect("awards").push(award);
    });
}

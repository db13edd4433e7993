//! Every cell of the access matrix: operation × role (or machine scope) × own or another unit × own or another
//! locality. A role that may not gets exactly 403, a thing of elsewhere is exactly 404, and whoever may is told neither.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use thidua::http::{ALL, Access, Authority, Role, Scope, access};

use crate::support::{
    Answer, Client, Commune, MOVEMENT, Part, TestApp, pdf,
    spec::{Operation, operations, sample},
};

const UNIT: &str = "phong-kinh-te";
const ANOTHER: &str = "van-phong";
const SCOPES: [Scope; 8] = [
    Scope::UnitsRead,
    Scope::MovementsRead,
    Scope::SubmissionsRead,
    Scope::SubmissionsDraft,
    Scope::SubmissionsSubmit,
    Scope::ProgressRead,
    Scope::RankingsRead,
    Scope::EventsRead,
];

/// A locality in which every path of the document leads to something.
struct World {
    app: TestApp,
    /// What stands for a parameter, by the start of the path and the parameter's name.
    things: BTreeMap<(&'static str, &'static str), String>,
}

impl World {
    fn start() -> Self {
        let app = TestApp::start();
        app.emulation_of(|plan| plan["awards"][0]["council"] = council());
        let september = format!("{MOVEMENT}/submissions/2025-09/{UNIT}");
        let evidence = app.head(UNIT).upload(&september, &[Part::file("cong-van.pdf", pdf("12"))]).created();
        app.reported_on("2025-09", UNIT, 9, 10);
        app.appraised_dossier(UNIT, "8");
        let id_of = |answer: &Answer| answer["id"].as_str().unwrap().to_owned();
        let id = |answer: Answer| id_of(&answer);
        let initiative = json!({"title": "Mô hình", "summary": "Tóm tắt", "owners": [{"unit": UNIT}]});
        let initiative = app.head(UNIT).post(&format!("{MOVEMENT}/initiatives"), initiative).created();
        let ranking = json!({"mode": "official"});
        let ranking = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), ranking).created();
        app.council_member();
        let session = json!({"held_on": "2025-09-10", "present": ["council.10210"]});
        let session = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/sessions"), session).created();
        let proposal = json!({"ranking": id_of(&ranking), "selected": [UNIT], "reasons": {UNIT: "Hội đồng chưa họp"}});
        let proposal = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/proposals"), proposal).created();
        let proposed = format!("/proposals/{}", id_of(&proposal));
        app.agency().post(&format!("{proposed}/post"), json!({"working_days": 1})).ok();
        let objection = app.reporter(UNIT).post(&format!("{proposed}/objections"), json!({"text": "Sai"})).created();
        let (decision, certificate) = awarded(&app);
        let concern = json!({"unit": UNIT, "kind": "difficulty", "title": "Máy quét", "text": "Hỏng"});
        let concern = app.head(UNIT).post(&format!("{MOVEMENT}/concerns"), concern).created();
        let activity = json!({"unit": UNIT, "kind": "article", "title": "Bài viết", "held_on": "2025-09-05"});
        let activity = app.head(UNIT).post(&format!("{MOVEMENT}/activities"), activity).created();
        let admin = app.admin();
        admin.post("/accounts", json!({"username": "phong-vhxh-3"})).created();
        let grant = json!({"account": "phong-vhxh-3", "role": "auditor"});
        let grant = admin.post("/role-grants", grant).created();
        let client = json!({"client_id": "phan-mem-mot-cua", "name": "Một cửa", "scopes": []});
        admin.post("/clients", client).created();
        // Asked for by somebody who does not ask here.
        let import = app.agency_2().post(&format!("{MOVEMENT}/submissions/import"), json!([]));
        let import = import.header("Prefer", "respond-async").send().is(202);
        // What the plan's own would do, without another plan.
        app.sql("UPDATE movements SET template = 'thi-dua'");
        let things = BTreeMap::from([
            (("", "template"), "thi-dua".to_owned()),
            (("", "movement"), "thi-dua".to_owned()),
            (("", "period"), "2025-09".to_owned()),
            (("", "unit"), UNIT.to_owned()),
            (("", "candidate"), UNIT.to_owned()),
            (("", "a"), UNIT.to_owned()),
            (("", "b"), UNIT.to_owned()),
            (("", "indicator"), "HS".to_owned()),
            (("", "award"), "tap-the".to_owned()),
            (("", "criterion"), "doan-ket".to_owned()),
            (("/api/v1/activities", "id"), id(activity)),
            (("/api/v1/concerns", "id"), id(concern)),
            (("/api/v1/evidence", "id"), id(evidence)),
            (("/api/v1/households", "id"), app.household("Nguyễn Văn Tám", UNIT)),
            (("/api/v1/imports", "id"), id(import)),
            (("/api/v1/initiatives", "id"), id(initiative)),
            (("/api/v1/people", "id"), app.somebody("Nguyễn Văn An", Some(UNIT))),
            (("/api/v1/rankings", "id"), id(ranking)),
            (("/api/v1/role-grants", "id"), id(grant)),
            (("/api/v1/council-members", "username"), "council.10210".to_owned()),
            (("/api/v1/sessions", "id"), id(session)),
            (("/api/v1/proposals", "id"), id(proposal)),
            (("/api/v1/objections", "id"), id(objection)),
            (("/api/v1/decisions", "id"), decision),
            (("/api/v1/certificates", "id"), certificate),
            (("/api/v1/proposals", "paper"), "to_trinh".to_owned()),
            (("/api/v1/decisions", "paper"), "quyet_dinh".to_owned()),
            (("/api/v1/sessions", "paper"), "bien_ban_hop".to_owned()),
        ]);
        Self { app, things }
    }

    fn thing(&self, path: &str, parameter: &Value) -> String {
        let name = parameter["name"].as_str().unwrap();
        let fits = |((start, known), _): &(&(&str, &str), &String)| path.starts_with(*start) && *known == name;
        let found = self.things.iter().find(fits).map(|(_, thing)| thing.clone());
        found.unwrap_or_else(|| match &parameter["example"] {
            Value::String(example) => example.clone(),
            example => example.to_string(),
        })
    }

    /// Asks for an operation where it leads to something.
    fn ask(&self, client: &Client, operation: &Operation) -> Answer {
        let parameters = || operation.spec["parameters"].as_array().into_iter().flatten();
        let path = parameters().filter(|parameter| parameter["in"] == "path").fold(
            operation.path.clone(),
            |path, parameter| {
                let place = format!("{{{}}}", parameter["name"].as_str().unwrap());
                path.replace(&place, &self.thing(&operation.path, parameter))
            },
        );
        let needed = parameters().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
        let query: Vec<String> = needed
            .map(|parameter| {
                format!("{}={}", parameter["name"].as_str().unwrap(), self.thing(&operation.path, parameter))
            })
            .collect();
        let path = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
        let request = client.request(Method::from_bytes(operation.method.as_bytes()).unwrap(), &path);
        let request = if operation.method == "GET" { request } else { request.if_match("*") };
        match sample(operation) {
            Some(body) => request.json(body).send(),
            None => request.send(),
        }
    }
}

/// A decision with its signed paper, and a certificate of it.
fn awarded(app: &TestApp) -> (String, String) {
    let id = |answer: &Value| answer["id"].as_str().unwrap().to_owned();
    let (run, person) = app.ranked_person();
    let new = json!({"ranking": run, "selected": [person]});
    let proposal = app.agency().post(&format!("{MOVEMENT}/awards/ca-nhan/proposals"), new).created();
    let proposal = format!("/proposals/{}", id(proposal.json()));
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 0})).ok();
    let decide = json!({"accepted": [person], "signed_as": "chair"});
    let decided = id(app.chair().post(&format!("{proposal}/decide"), decide).created().json());
    let decision = format!("/decisions/{decided}");
    app.agency().post(&format!("{decision}/register"), json!({"number": 1, "date": "2025-09-10"})).ok();
    let file = app.agency().put(&format!("{decision}/signed-file"), json!({})).body("application/pdf", pdf("1"));
    file.created();
    let certificates = app.agency().post(&format!("{decision}/certificates"), json!({})).ok();
    (decided, id(&certificates["items"][0]))
}

fn council() -> Value {
    json!({"quorum": "2/3", "pass": ">1/2", "of": "all", "ballot": "secret", "combine": "mean", "min_ballots": 1})
}

fn guarded() -> Vec<(Operation, Access)> {
    let guarded = operations().into_iter().filter(|operation| !operation.spec["x-roles"].is_null());
    guarded
        .map(|operation| {
            let access = access(&operation.id);
            (operation, access)
        })
        .collect()
}

/// Operations whose path names something of one unit: for the people of others it is not there.
fn is_of_unit(operation: &Operation) -> bool {
    let path = &operation.path;
    path.contains("/submissions/{period}/{unit}")
        || path.contains("/nominations/{candidate}")
        || path.contains("/votes/{candidate}")
        || path.starts_with("/api/v1/people/{id}")
        || path.starts_with("/api/v1/households/{id}")
        || path.starts_with("/api/v1/initiatives/{id}")
        || ["activities", "concerns", "evidence"].iter().any(|of| path.starts_with(&format!("/api/v1/{of}/{{id}}")))
}

fn holder(commune: &Commune, app: &TestApp, role: Role, unit: &str) -> Client {
    match role {
        Role::Reporter => commune.reporter(unit),
        Role::UnitHead => commune.head(unit),
        Role::StandingAgency => commune.agency(),
        Role::CouncilMember => commune.council_member(),
        Role::Chair => commune.chair(),
        Role::Auditor => commune.auditor(),
        Role::LocalityAdmin => commune.admin(),
        Role::CityViewer => app.city_viewer().of_locality("10210"),
        Role::CityAdmin => app.city_admin().of_locality("10210"),
    }
}

/// Goes over the cells of one placement, by what is expected of each who asks.
fn walk<Who: Copy + std::fmt::Debug>(
    world: &World,
    everybody: &[(Who, Client)],
    expected: impl Fn(&Operation, Access, Who) -> Expected,
) {
    let (mut cells, mut deviations) = (0, Vec::new());
    for (operation, access) in guarded() {
        for (who, client) in everybody {
            world.app.sql("UPDATE sign_ins SET ended_at = NULL, ended_because = NULL WHERE ended_at IS NOT NULL");
            let answer = world.ask(client, &operation);
            if !expected(&operation, access, *who).holds(answer.status()) {
                deviations.push(format!("{who:?} asks {}: {answer}", operation.id));
            }
            cells += 1;
        }
    }
    println!("{cells} cells, {} deviations", deviations.len());
    assert!(cells > 500 && deviations.is_empty(), "{}", deviations.join("\n"));
}

/// What the matrix says of a cell.
enum Expected {
    Exactly(u16),
    Answered,
}

impl Expected {
    fn holds(&self, status: u16) -> bool {
        match self {
            Self::Exactly(exactly) => status == *exactly,
            Self::Answered => ![401, 403, 404].contains(&status),
        }
    }
}

/// What is asked beyond the role: a lender or an administrator ends a grant; what a unit handed in itself only the unit
/// takes back; an import is there for whoever asked for it.
fn by_role(operation: &Operation, access: Access, role: Role) -> Expected {
    let administers = [Role::LocalityAdmin, Role::CityAdmin].contains(&role);
    match operation.id.as_str() {
        "get_import" => Expected::Exactly(404),
        "end_role_grant" if !administers => Expected::Exactly(403),
        "withdraw_submission" if !role.is_of_unit() => Expected::Exactly(403),
        _ if access.answers(Authority::Role(role)) => Expected::Answered,
        _ => Expected::Exactly(403),
    }
}

fn names_a_thing(operation: &Operation) -> bool {
    ["{movement}", "{id}", "{username}", "{client}"].iter().any(|name| operation.path.contains(name))
}

#[test]
fn in_the_own_locality_and_unit_the_role_decides() {
    let world = World::start();
    walk(&world, &residents(&world.app, UNIT), by_role);
}

#[test]
fn what_is_of_another_unit_is_not_there_for_people_of_one_unit() {
    let world = World::start();
    let everybody = residents(&world.app, ANOTHER);
    walk(&world, &everybody, |operation, access, role| match role.is_of_unit() && is_of_unit(operation) {
        true => Expected::Exactly(404),
        false => by_role(operation, access, role),
    });
}

/// Everybody of the locality itself, and of the city.
fn residents(app: &TestApp, unit: &str) -> Vec<(Role, Client)> {
    ALL.iter().map(|role| (*role, holder(app, app, *role, unit))).collect()
}

/// Everybody of the neighbouring locality.
fn neighbours(app: &TestApp) -> Vec<(Role, Client)> {
    let of_locality = ALL.iter().filter(|role| !role.is_of_city());
    of_locality.map(|role| (*role, holder(&app.elsewhere, app, *role, UNIT))).collect()
}

#[test]
fn another_locality_is_not_there_for_anybody_but_the_city() {
    let world = World::start();
    let asking = |(role, client): (Role, Client)| (role, client.of_locality("10210"));
    let everybody: Vec<_> = neighbours(&world.app).into_iter().map(asking).collect();
    walk(&world, &everybody, |_, _, _| Expected::Exactly(404));
}

#[test]
fn codes_and_ids_of_another_locality_lead_nowhere_in_ones_own() {
    let world = World::start();
    walk(&world, &neighbours(&world.app), |operation, access, role| match names_a_thing(operation) {
        true => Expected::Exactly(404),
        false => by_role(operation, access, role),
    });
}

#[test]
fn a_machine_does_what_its_scope_says_and_nothing_else() {
    let world = World::start();
    let app = &world.app;
    let at_home = SCOPES.map(|scope| ((scope, true), machine(app, app, scope)));
    let elsewhere = SCOPES.map(|scope| ((scope, false), machine(app, &app.elsewhere, scope)));
    let everybody: Vec<_> = at_home.into_iter().chain(elsewhere).collect();
    walk(&world, &everybody, |operation, access, (scope, at_home)| match operation.id.as_str() {
        "get_me" => Expected::Answered,
        "get_import" => Expected::Exactly(404),
        "log_out" | "change_password" => Expected::Exactly(403),
        _ if !at_home && names_a_thing(operation) => Expected::Exactly(404),
        // Of the whole locality, it withdraws only what it entered on behalf.
        "withdraw_submission" => Expected::Exactly(403),
        _ if access.answers(Authority::Scope(scope)) => Expected::Answered,
        _ => Expected::Exactly(403),
    });
}

fn machine(app: &TestApp, commune: &Commune, scope: Scope) -> Client {
    let id = format!("may.{}.{}", commune.code, Scope::write(&[scope]).replace(':', "-"));
    let new = json!({"client_id": id, "name": "Máy", "scopes": [scope]});
    let secret = commune.admin().post("/clients", new).created()["client_secret"].as_str().unwrap().to_owned();
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let request = app.anon().request(Method::POST, "/oauth/token").body("application/x-www-form-urlencoded", form);
    app.anon().bearing(request.ok()["access_token"].as_str().unwrap())
}

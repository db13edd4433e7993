//! What whoever ranks officially should know: nothing is there to judge yet, or newer facts are superseded.

use serde_json::{Value, json};

use super::{contest, ranked, runs};
use crate::support::{Answer, TestApp};

fn codes(run: &Answer) -> Vec<&Value> {
    run["notices"].as_array().unwrap().iter().map(|one| &one["code"]).collect()
}

#[test]
fn an_official_run_without_figures_for_anybody_says_so() {
    let app = TestApp::start();
    app.emulation_of(|plan| plan["groups"][0]["criteria"][2]["missing"] = json!("exclude"));
    app.at("2025-09-15T02:00:00Z");
    app.appraised_dossier("phong-kinh-te", "38.5");
    app.appraised_dossier("phong-vhxh", "30");
    app.at("2025-09-20T02:00:00Z");
    let run = ranked(&app, "official");
    assert_eq!(codes(&run), ["scaled_for_all"]);
    assert_eq!(run["notices"][0]["params"]["criteria"], "chi-tieu");
    assert_eq!(app.chair().get(run.header("location").unwrap()).ok().json(), run.json(), "also when it is read");
    assert_eq!(ranked(&app, "preview")["notices"], json!([]));
    app.reported_on("2025-09", "phong-vhxh", 90, 100);
    assert_eq!(ranked(&app, "official")["notices"], json!([]), "one has figures");
}

#[test]
fn an_official_run_as_of_an_earlier_instant_than_the_one_before_says_so() {
    let app = contest();
    assert_eq!(ranked(&app, "official")["notices"], json!([]));
    let body = json!({"mode": "official", "as_of": "2025-09-16T02:00:00Z"});
    let run = app.agency().post(&runs("tap-the"), body).created();
    assert_eq!(codes(&run), ["supersedes_newer"]);
    assert_eq!(run["notices"][0]["params"]["former"], "2025-09-20T02:00:00Z");
    let preview = json!({"mode": "preview", "as_of": "2025-09-15T02:00:00Z"});
    assert_eq!(app.agency().post(&runs("tap-the"), preview).created()["notices"], json!([]));
    assert_eq!(ranked(&app, "official")["notices"], json!([]));
}

//! How firm places are: draws by their seed, over HTTP as by hand, and variants of the method.

use serde_json::{Value, json};

use super::{contest, runs};
use crate::support::{Answer, TestApp, wait};

/// A preview whose method asks for draws.
fn drawn(app: &TestApp, draws: u32) -> Answer {
    let method = json!({"source": "proposed", "blocks": "together", "compare": {"on": "exact"}, "ties": ["kind:initiatives"],
                        "robustness": {"draws": draws, "spread": "0.25", "seed": 20251214}});
    app.agency().post(&runs("tap-the"), json!({"mode": "preview", "method": method})).created()
}

fn path(run: &Answer) -> String {
    format!("{}/robustness", run.header("location").unwrap())
}

/// SplitMix64 as its paper has it, and the rule of `docs/how-firm-a-place-is.md`.
fn weight(seed: u64, draw: u64, place: u64) -> i128 {
    let mut z = seed.wrapping_add((draw * 65_536 + place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    750_000 + ((u128::from(z) * 500_001) >> 64) as i128
}

/// Kinh tế has 38.5, 30, 10/3 and 5, Văn hóa - Xã hội 30, 40, 10/3 and nothing: by weights a … d Kinh tế is ahead while
/// 8.5a + 5d > 10b, for both are out of the same.
#[test]
fn the_draws_are_those_that_anybody_makes_by_hand() {
    let app = contest();
    let run = drawn(&app, 300);
    let table = app.agency().get(&format!("{}/draws", path(&run))).ok();
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(table.header("cache-control"), Some("no-store"));
    let text = table.text();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let heading = "draw,weight mo-hinh,weight chi-tieu,weight bao-cao,weight sang-kien,weight phuc-vu,rank phong-kinh-te,rank phong-vhxh";
    assert_eq!(lines.next(), Some(heading));
    let mut ahead = 0;
    for draw in 1..=300 {
        let own: Vec<i128> = (0..5).map(|place| weight(20_251_214, draw, place)).collect();
        let first = 85 * own[0] + 50 * own[3] > 100 * own[1];
        ahead += u32::from(first);
        let weights: String = own.iter().map(|one| format!(",{}.{:06}", one / 1_000_000, one % 1_000_000)).collect();
        let ranks = if first { "1,2" } else { "2,1" };
        assert_eq!(lines.next(), Some(format!("{draw}{weights},{ranks}").as_str()));
    }
    assert_eq!(lines.next(), None);
    let firm = app.agency().get(&path(&run)).ok();
    assert_eq!((&firm["draws"], &firm["spread"], &firm["seed"]), (&json!(300), &json!("0.25"), &json!(20251214)));
    let share: f64 = firm["cut_line"]["share_of_draws"].as_str().unwrap().parse().unwrap();
    assert!((share - f64::from(ahead) / 300.0).abs() < 0.000_6, "{share} {ahead}");
    assert_eq!(firm["entries"][0]["within_quota"], firm["cut_line"]["share_of_draws"]);
    assert_eq!((&firm["entries"][1]["rank_p05"].is_u64(), &firm["entries"][1]["rank_p95"]), (&true, &json!(2)));
    let one = app.agency().get(&format!("{}/draws?draw=17", path(&run))).ok().text();
    assert_eq!(one.lines().nth(1), text.lines().nth(17));
}

#[test]
fn while_one_draws_another_waits_and_is_told_to_come_back() {
    let app = contest();
    let run = drawn(&app, 100);
    let turn = wait(app.service().draws.take()).unwrap();
    let refused = app.agency().get(&path(&run)).problem(503, "turns_taken");
    assert_eq!(refused.header("retry-after"), Some("5"));
    app.agency().get(run.header("location").unwrap()).ok();
    drop(turn);
    app.agency().get(&path(&run)).ok();
}

#[test]
fn a_run_shows_how_firm_it_is_where_its_method_asks_for_draws() {
    let app = contest();
    let run = drawn(&app, 300);
    let firm = app.agency().get(&path(&run)).ok();
    assert_eq!(run["cut_line"], firm["cut_line"]);
    for (shown, one) in run["entries"].as_array().unwrap().iter().zip(firm["entries"].as_array().unwrap()) {
        for member in ["rank_p05", "rank_p95", "within_quota"] {
            assert_eq!(shown["robustness"][member], one[member]);
        }
    }
    assert_eq!(app.chair().get(run.header("location").unwrap()).ok().json(), run.json());
    let plain = app.agency().post(&runs("tap-the"), json!({"mode": "preview"})).created();
    assert_eq!((&plain["cut_line"], &plain["entries"][0]["robustness"]), (&json!(null), &json!(null)));
    // The service's own draws, or those of the caller.
    let firm = app.agency().get(&path(&plain)).ok();
    assert_eq!((&firm["draws"], &firm["spread"], &firm["seed"]), (&json!(1000), &json!("0.25"), &json!(0)));
    let asked = app.agency().get(&format!("{}?draws=100&spread=0.01&seed=5", path(&plain))).ok();
    assert_eq!(asked["cut_line"], json!({"stable": true, "share_of_draws": "1"}));
    assert_eq!(app.agency().get(&format!("{}?draws=100&spread=0.01&seed=5", path(&plain))).ok().json(), asked.json());
}

fn variant<'a>(firm: &'a Answer, kind: &str, of: Option<&str>) -> &'a Value {
    let all = firm["variants"].as_array().unwrap();
    all.iter().find(|one| one["kind"] == kind && one["of"].as_str() == of).unwrap_or_else(|| panic!("{all:#?}"))
}

/// Without `mo-hinh` they have 230/6 and 260/6 of 60.
#[test]
fn variants_say_what_moves_and_what_could_not_be_tried() {
    let app = contest();
    let run = drawn(&app, 100);
    let firm = app.agency().get(&path(&run)).ok();
    let without = variant(&firm, "criterion_left_out", Some("mo-hinh"));
    assert_eq!((&without["skipped"], &without["keeps_line"]), (&json!(null), &json!(false)));
    assert_eq!(without["moved"][0], json!({"candidate": "phong-kinh-te", "from": 1, "to": 2}));
    assert_eq!(variant(&firm, "criterion_left_out", Some("chi-tieu"))["moved"], json!([]));
    assert_eq!(variant(&firm, "judge_left_out", None)["skipped"], "no_ballots");
    assert_eq!(variant(&firm, "tie_added", Some("female_first"))["skipped"], "facts_absent");
    assert_eq!(variant(&firm, "tie_left_out", Some("kind:initiatives"))["keeps_line"], true);
    assert_eq!(variant(&firm, "compared_rounded", Some("0"))["moved"], json!([]));
    let moved = json!({"kind": "criterion_left_out", "of": "mo-hinh", "rank": 2});
    assert_eq!(firm["entries"][0]["most_moved_by"], moved);
    let sentence = firm["entries"][0]["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("Phòng Kinh tế đứng thứ 1; khi đổi trọng số, 9 trên 10 lần"), "{sentence}");
    assert!(sentence.ends_with("thứ hạng đổi nhiều nhất khi bỏ tiêu chí «Mô hình mới»: thứ 2."), "{sentence}");
    let english = app.agency().get(&path(&run)).lang("en").ok();
    let sentence = english["entries"][0]["sentence"].as_str().unwrap();
    assert!(sentence.ends_with("what moves it most is leaving out «Mô hình mới»: rank 2."), "{sentence}");
    assert!(english["sentence"].as_str().unwrap().starts_with("The list within the quota is"));
}

#[test]
fn draws_have_bounds_and_their_readers() {
    let app = contest();
    let path = path(&drawn(&app, 100));
    let refused =
        app.agency().get(&format!("{path}?draws=99&spread=1&seed=9007199254740992")).problem(422, "content_invalid");
    refused
        .finding("/draws", "draws_out_of_range")
        .finding("/spread", "spread_out_of_range")
        .finding("/seed", "seed_too_large");
    app.agency()
        .get(&format!("{path}/draws?draw=0"))
        .problem(422, "content_invalid")
        .finding("/draw", "draw_out_of_range");
    app.agency().get(&format!("{path}?draws=many")).problem(400, "query_invalid");
    for part in ["", "/draws"] {
        app.council_member().get(&format!("{path}{part}")).ok();
        app.head("phong-kinh-te").get(&format!("{path}{part}")).problem(403, "forbidden");
        app.elsewhere.chair().get(&format!("{path}{part}")).problem(404, "not_found");
    }
    let none = "/rankings/0197a1b2-0000-7000-8000-000000000000/robustness";
    app.agency().get(none).problem(404, "not_found");
}

/// A hundred thousand draws are some megabytes: they come in pieces, and the whole of them.
#[test]
fn many_draws_come_in_pieces() {
    let app = contest();
    let run = drawn(&app, 100);
    let table = app.agency().get(&format!("{}/draws?draws=60000", path(&run))).ok();
    let text = table.text();
    assert_eq!(text.lines().count(), 60_001);
    assert!(text.lines().last().unwrap().starts_with("60000,"));
}

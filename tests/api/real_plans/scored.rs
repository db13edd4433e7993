//! Scoring tables: points that follow the figure, headings, classes with conditions, shares of a quota.

use serde_json::{Value, json};

use super::{Real, count, share};

const CASHLESS: &str = include_str!("../../../plans/chi-tra-khong-tien-mat-can-tho.json");
const HEADS: &str = include_str!("../../../plans/nguoi-dung-dau-hai-phong.json");

/// Twenty communes, of which three report: asked, accounts, cards, paid without cash, checked.
fn payments() -> Real {
    let units: Vec<String> = (1..=20).map(|n| format!("xa-{n:02}")).collect();
    let units: Vec<&str> = units.iter().map(String::as_str).collect();
    let real = Real::launched(CASHLESS, "xa-phuong", &units, "2026-10-02T02:00:00Z");
    real.app.at("2027-01-04T02:00:00Z");
    let figures = [
        ("xa-01", [(46, 50), (900, 1000), (500, 900), (880, 1000), (1000, 1000)]),
        ("xa-02", [(46, 50), (860, 1000), (860, 860), (700, 1000), (990, 1000)]),
        ("xa-03", [(50, 50), (1000, 1000), (640, 800), (950, 1000), (1000, 1000)]),
    ];
    for (unit, shares) in figures {
        let head = real.head(unit);
        let shares = shares.iter().enumerate().map(|(i, (n, d))| share(&format!("CT-{}", i + 1), *n, *d));
        let values: Vec<Value> = shares.chain([count("MOI", 1400), count("LUOT", 3000)]).collect();
        real.reports(&head, "2026-Q4", unit, json!(values));
        real.nominates(&head, "tap-the", unit);
    }
    real
}

fn totals(run: &Value) -> Vec<(&Value, &Value)> {
    let entries = run["entries"].as_array().unwrap().iter();
    entries.map(|entry| (&entry["candidate"]["code"], &entry["total_exact"])).collect()
}

#[test]
fn points_are_the_share_of_their_maximum_and_the_quota_a_share_of_the_communes() {
    let real = payments();
    for unit in ["xa-01", "xa-02", "xa-03"] {
        real.assesses("tap-the", unit, "tuyen-truyen", json!({"passed": true}));
    }
    let run = real.ranking("tap-the");
    let (first, second, third) =
        ((json!("xa-03"), json!("109")), (json!("xa-01"), json!("811/9")), (json!("xa-02"), json!("434/5")));
    assert_eq!(totals(run.json()), [(&first.0, &first.1), (&second.0, &second.1), (&third.0, &third.1)]);
    // A tenth of twenty communes.
    assert_eq!(run["quota"], 2);
    let standing: Vec<&Value> = run["entries"].as_array().unwrap().iter().map(|entry| &entry["standing"]).collect();
    assert_eq!(standing, [&json!("within_quota"), &json!("within_quota"), &json!("below_quota")]);
}

#[test]
fn without_a_plan_for_propaganda_its_criterion_gives_nothing() {
    let real = payments();
    real.assesses("tap-the", "xa-01", "tuyen-truyen", json!({"passed": true}));
    real.assesses("tap-the", "xa-02", "tuyen-truyen", json!({"passed": true}));
    real.assesses("tap-the", "xa-03", "tuyen-truyen", json!({"passed": false}));
    let run = real.ranking("tap-the");
    assert_eq!(totals(run.json())[1].1, "89", "109 without the 20 of the first criterion");
}

/// Two communes: the first misses four of the five lines, the second all but full.
fn heads() -> Real {
    let real = Real::launched(HEADS, "xa-phuong", &["hp-a", "hp-c"], "2026-10-02T02:00:00Z");
    real.app.at("2027-01-04T02:00:00Z");
    let full = ["N3A", "N3B", "N3C", "N4A", "N4B", "N4C"].map(|code| share(code, 10, 10));
    let lines = |cleared: &str, revenue: &str, breaches, digital| {
        let decimal = |code: &str, n: &str, d: &str| json!({"indicator": code, "state": "reported", "numerator": n, "denominator": d, "explanation": "Theo số liệu"});
        [
            decimal("GPMB", cleared, "100"),
            decimal("GNDTC", "40.125", "40.125"),
            decimal("THU", revenue, "100"),
            count("VPDD", breaches),
            share("CDS", digital, 10),
        ]
    };
    for (unit, lines) in [("hp-a", lines("94.99", "99.999", 3, 9)), ("hp-c", lines("95", "100", 0, 10))] {
        let head = real.head(unit);
        let values: Vec<Value> = full.iter().cloned().chain(lines).collect();
        real.reports(&head, "2026-Q4", unit, json!(values));
        real.nominates(&head, "xep-loai", unit);
        let general = if unit == "hp-a" { "20" } else { "11" };
        for (code, points) in
            [("1", general), ("2.1", "5"), ("2.2", "5"), ("5.1a", "2"), ("5.1b", "1"), ("5.1c", "1"), ("5.3", "2.5")]
        {
            real.assesses("xep-loai", unit, code, json!({"points": points, "comment": "Theo hồ sơ"}));
        }
        real.assesses("xep-loai", unit, "vuot-muc", json!({"passed": true}));
    }
    real
}

#[test]
fn exactly_ninety_is_good_and_all_or_nothing_gives_nothing() {
    let run = heads().ranking("xep-loai");
    let (first, second) = ((json!("hp-c"), json!("90")), (json!("hp-a"), json!("89")));
    assert_eq!(totals(run.json()), [(&first.0, &first.1), (&second.0, &second.1)]);
    let classes: Vec<&Value> = run["entries"].as_array().unwrap().iter().map(|entry| &entry["class"]).collect();
    assert_eq!(classes, [&json!("tot"), &json!("tot")], "above 90 is outstanding");
    let heading = run["entries"][1]["criteria"].as_array().unwrap().iter().find(|one| one["code"] == "5.2").unwrap();
    assert_eq!((&heading["kind"], &heading["points_exact"]), (&json!("sum"), &json!("5/2")));
}

#[test]
fn what_does_not_apply_is_made_up_for_by_its_heading() {
    let real = heads();
    real.assesses_again("xep-loai", "hp-c", "5.1b", json!({"not_applicable": true, "comment": "Không được đánh giá"}));
    let run = real.ranking("xep-loai");
    // 11 + 10 + 20 + 30 + 18 of 18, which count as 20
    assert_eq!(totals(run.json())[0], (&json!("hp-c"), &json!("91")));
    assert_eq!(run["entries"][0]["class"], "xuat-sac");
}

//! What is shown of how the council judges: by criterion, by member, harsh and lenient.

use serde_json::json;

use super::{ballot, council, judging, kinh_te, member, vhxh};

#[test]
fn the_spread_by_criterion_and_each_members_own_level_stand_beside_mean_and_median() {
    let app = council(json!({"normalise": "centre_per_judge"}), 3);
    app.appraised_dossier("phong-vhxh", "30");
    // hd-1 is harsh by 6, hd-3 lenient.
    for (n, first, second) in [(1, "10", "20"), (2, "16", "26"), (3, "19", "35")] {
        ballot(&member(&app, n), &kinh_te(), first).created();
        ballot(&member(&app, n), &vhxh(), second).created();
    }
    let seen = judging(&app.chair());
    let item = &seen["items"][0];
    assert_eq!(
        (&item["candidate"]["code"], &item["cast"], &item["open"]),
        (&json!("phong-kinh-te"), &json!(3), &json!(0))
    );
    assert_eq!(
        (&item["mean"], &item["median"], &item["lowest"], &item["highest"]),
        (&json!("15.00"), &json!("16.00"), &json!("10.00"), &json!("19.00"))
    );
    // √((25 + 1 + 16) / 3)
    assert_eq!((&item["deviation"], &item["z"]), (&json!("3.74"), &json!("-1.00")));
    let levels: Vec<_> = seen["levels"].as_array().unwrap().iter().collect();
    let told: Vec<_> = levels
        .iter()
        .map(|one| {
            (one["member"].as_str().unwrap(), one["mean"].as_str().unwrap(), one["against_panel"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [("hd-1.10210", "15.00", "-6.00"), ("hd-2.10210", "21.00", "0.00"), ("hd-3.10210", "27.00", "6.00")]
    );
    assert_eq!((&levels[2]["deviation"], &levels[2]["over"]), (&json!("8.00"), &json!(2)));
    // The run brings them to one level: 10 + 6, 16, 19 − 6.
    let runs = format!("{}/awards/tap-the/rankings", crate::support::MOVEMENT);
    let run = app.agency().post(&runs, json!({"mode": "preview"})).created();
    let of = |place: usize| {
        let criteria = run["entries"][place]["criteria"].as_array().unwrap();
        criteria.iter().find(|one| one["code"] == "mo-hinh").unwrap().clone()
    };
    let (first, second) = (of(0), of(1));
    assert_eq!((&first["points_exact"], &second["points_exact"]), (&json!("27"), &json!("15")));
    assert_eq!(second["ballots"]["cast"], json!(["10", "16", "19"]), "beside the raw points");
    assert_eq!(
        second["ballots"]["centred"],
        json!({"over": 2, "cast": ["13", "16", "16"], "counted": ["13", "16", "16"]})
    );
}

#[test]
fn a_member_who_has_not_voted_on_something_sees_no_number_of_it() {
    let app = council(json!({}), 2);
    app.appraised_dossier("phong-vhxh", "30");
    for place in [kinh_te(), vhxh()] {
        ballot(&member(&app, 1), &place, "20").created();
    }
    ballot(&member(&app, 2), &kinh_te(), "30").created();
    let seen = judging(&member(&app, 2));
    let (known, hidden) = (&seen["items"][0], &seen["items"][1]);
    assert_eq!((&known["mean"], &known["hidden"]), (&json!("25.00"), &json!(false)));
    for number in ["mean", "mean_exact", "median", "lowest", "highest", "deviation", "z"] {
        assert_eq!(hidden[number], json!(null), "{number}");
    }
    // Nor is the hidden ballot in the level of the one who cast it.
    assert!(seen["levels"].as_array().unwrap().iter().all(|level| level["over"] == 1), "{seen}");
    let of_two = &seen["members"][1];
    assert_eq!((&of_two["cast"], &of_two["open"]), (&json!(1), &json!(1)));
    app.head("phong-kinh-te")
        .get(&format!("{}/awards/tap-the/judging", crate::support::MOVEMENT))
        .problem(403, "forbidden");
}

#[test]
fn what_the_ballots_come_to_is_what_a_run_makes_of_them() {
    let app = council(json!({"normalise": "centre_per_judge", "combine": "median", "min_ballots": 3}), 3);
    app.appraised_dossier("phong-vhxh", "30");
    for (n, first, second) in [(1, "10", "30"), (2, "16", "16"), (3, "40", "20")] {
        ballot(&member(&app, n), &kinh_te(), first).created();
        assert_eq!(judging(&member(&app, n))["items"][0]["combined"].is_null(), n < 3, "none before it is disclosed");
        ballot(&member(&app, n), &vhxh(), second).created();
    }
    let seen = judging(&app.chair());
    // Their means are 20, 16 and 30, the panel's 22: 12, 22 and 32; 32, 22 and 12.
    let runs = format!("{}/awards/tap-the/rankings", crate::support::MOVEMENT);
    let run = app.agency().post(&runs, json!({"mode": "preview"})).created();
    for item in seen["items"].as_array().unwrap() {
        let mut entries = run["entries"].as_array().unwrap().iter();
        let entry = entries.find(|entry| entry["candidate"]["code"] == item["candidate"]["code"]).unwrap();
        let ranked = entry["criteria"].as_array().unwrap().iter().find(|one| one["code"] == "mo-hinh").unwrap();
        assert_eq!(
            (&item["combined_exact"], &item["combined"]),
            (&ranked["points_exact"], &ranked["points"]),
            "{seen} {run}"
        );
        assert_eq!(item["combined"], "22.00");
    }
}

//! What moved an entry from one run to another, in sentences.

use serde_json::json;
use thidua::{
    progress::Verdict,
    rankings::{
        Attained, Candidate, Inputs, difference, rank,
        wording::{Names, Sentence, of_moved},
    },
};

use super::build::*;

/// Points of four criteria, and how far of the way to 80 an indicator is.
fn judged(given: [&str; 4], part: &str, value: &str) -> Inputs {
    let hs = Attained { value: Some(value.into()), ..attained("HS", Verdict::NotMet, Some(part)) };
    let own = ["a", "b", "c", "d"].iter().zip(given).map(|(code, points)| appraised(code, points)).collect();
    let mut criteria = vec![criterion("chi-tieu", "indicators", "40", json!({"missing": "exclude", "otherwise": "1"}))];
    criteria.extend(["a", "b", "c", "d"].map(|code| criterion(code, "assessed", "20", json!({}))));
    let classes = json!([{"code": "xs", "name": {"vi": "Xuất sắc"}, "from": "60"},
                         {"code": "t", "name": {"vi": "Tốt"}, "from": "50"}]);
    let one = Candidate { attained: vec![hs], assessments: own, ..candidate("c0") };
    inputs(json!({"classes": classes}), &[json!(criteria)], vec![one])
}

fn told(from: &Inputs, to: &Inputs) -> Sentence {
    let moved = difference((from, &rank(from)), (to, &rank(to))).unwrap().moved;
    of_moved(&moved[0], &Names::default().and_classes(to.award.classes.iter()))
}

#[test]
fn every_cause_that_counts_is_named_the_most_first_with_its_figures_and_the_class() {
    let before = judged(["10", "10", "10", "10"], "3/4", "60.00");
    let after = judged(["4", "15", "9", "10.5"], "1/2", "40.00");
    let vi = "Name of c0 vẫn đứng thứ 1; tổng điểm giảm 11,50; \
              do «chi-tieu» bớt 10,00 điểm (từ 30,00 xuống 20,00; chỉ tiêu «HS» từ 60,00 thành 40,00); \
              do «a» bớt 6,00 điểm (từ 10,00 xuống 4,00); do «b» thêm 5,00 điểm (từ 10,00 lên 15,00); \
              và do 2 tiêu chí khác; xếp loại từ Xuất sắc xuống Tốt.";
    assert_eq!(told(&before, &after).vi, vi);
    let en = told(&after, &before).en;
    assert!(
        en.contains("by 10.00 points more in «chi-tieu» (from 20.00 to 30.00; indicator «HS» from 40.00 to 60.00)")
    );
    assert!(en.ends_with("and by 2 other criteria; its class rises from Tốt to Xuất sắc."), "{en}");
}

#[test]
fn a_class_that_comes_or_goes_is_told() {
    let (low, high) = (judged(["1", "1", "1", "1"], "3/4", "60.00"), judged(["10", "10", "10", "10"], "3/4", "60.00"));
    assert!(told(&low, &high).vi.ends_with("nay được xếp loại Xuất sắc."));
    assert!(told(&high, &low).vi.ends_with("không còn được xếp loại, lần trước Xuất sắc."));
}

#[test]
fn a_criterion_that_is_judged_no_more_and_a_penalty_are_told_as_such() {
    let made = |met: bool, given: &str| {
        let criteria = json!([
            criterion("chi-tieu", "indicators", "10", json!({"missing": "exclude", "otherwise": "1"})),
            criterion("a", "assessed", "10", json!({})),
            criterion("phat", "penalty", "5", json!({})),
        ]);
        let hs = met.then(|| Attained { value: Some("90.00".into()), ..attained("HS", Verdict::Met, Some("1")) });
        let assessments = vec![appraised("a", "5"), appraised("phat", given)];
        let one = Candidate { attained: hs.into_iter().collect(), assessments, ..candidate("c0") };
        inputs(json!({}), &[criteria], vec![one])
    };
    let said = told(&made(true, "0"), &made(false, "3")).vi;
    let dropped = "do nay không xét «chi-tieu», lần trước 10,00 điểm \
                   (chỉ tiêu «HS» không còn được tính, lần trước 90,00)";
    assert!(said.contains(dropped), "{said}");
    assert!(said.contains("do điểm trừ «phat» từ 0,00 thành 3,00"), "{said}");
    let said = told(&made(false, "0"), &made(true, "0")).vi;
    assert!(said.contains("do nay có xét «chi-tieu»: 10,00 điểm (chỉ tiêu «HS» nay được tính: 90,00)"), "{said}");
}

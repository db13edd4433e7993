//! From a list to a decision: where lists differ, what is missing, the order of steps, ordinals, what is published.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use thidua::{
    awards::{
        Act, Answer, BITS, Bar, Consultation, Consulted, Correction, Facts, Ground, Hearing, Listed, Lists, Member,
        Numbered, Objection, Posting, Recipient, check_accepted, check_chosen, check_order, check_reasons, code,
        current, is_by, missing, needed, ordered, permits, published,
    },
    db::{AccountId, ObjectionId},
    movements::plan::BeyondQuota,
    rankings::Standing,
};

fn any_standing() -> impl Strategy<Value = Option<Standing>> {
    prop_oneof![
        Just(None),
        Just(Some(Standing::WithinQuota)),
        Just(Some(Standing::TiedAtCutoff)),
        Just(Some(Standing::BelowQuota)),
        Just(Some(Standing::OverUnitLimit)),
    ]
}

prop_compose! {
    fn any_listed(n: usize)(
        rank in 1..5_u32, group in 0..2_u8, standing in any_standing(), passed in any::<Option<bool>>(),
        selected in any::<bool>(), awarded in proptest::bool::weighted(0.1),
    ) -> Listed {
        let code = format!("c{n}");
        Listed { name: code.to_uppercase(), code, group: group.to_string(), rank, standing, passed, selected: selected && !awarded, awarded }
    }
}

fn any_lists() -> impl Strategy<Value = Lists> {
    let candidates = (0..12_usize).prop_flat_map(|count| (0..count).map(any_listed).collect::<Vec<_>>());
    (candidates, any::<bool>()).prop_map(|(candidates, council)| Lists { candidates, council })
}

fn codes(findings: &[thidua::finding::Finding], code: &str) -> Vec<String> {
    findings.iter().filter(|one| one.code == code).map(|one| one.pointer.clone()).collect()
}

proptest! {
    #[test]
    fn every_difference_lacks_a_reason_until_it_has_one(lists in any_lists(), quota in 0..8_u32) {
        let differing: Vec<&Listed> = lists.candidates.iter().filter(|one| !lists.differences(one).is_empty()).collect();
        let bare = check_reasons(&lists, &BTreeMap::new(), (quota, BeyondQuota::WithReason, Some("Lý do")));
        let pointers: Vec<String> = differing.iter().map(|one| format!("/reasons/{}", one.code)).collect();
        prop_assert_eq!(codes(&bare, "difference_unexplained"), pointers);
        let reasons = differing.iter().map(|one| (one.code.clone(), "Lý do".to_owned())).collect();
        prop_assert_eq!(check_reasons(&lists, &reasons, (quota, BeyondQuota::WithReason, Some("Lý do"))), vec![]);
        let unexplained = check_reasons(&lists, &reasons, (quota, BeyondQuota::WithReason, None));
        prop_assert_eq!(unexplained.is_empty(), lists.count() == needed(&lists, quota));
    }

    #[test]
    fn who_has_the_award_is_in_no_list(lists in any_lists()) {
        let mut awarded = lists.candidates.iter().filter(|one| one.awarded);
        prop_assert!(awarded.all(|one| lists.differences(one).is_empty()));
        let chosen: Vec<String> = lists.candidates.iter().map(|one| one.code.clone()).collect();
        let refused = check_chosen("selected", &lists, &chosen);
        prop_assert_eq!(refused.len(), lists.candidates.iter().filter(|one| one.awarded).count());
    }

    #[test]
    fn the_machines_list_alone_needs_no_reason(mut lists in any_lists()) {
        lists.council = false;
        for one in &mut lists.candidates {
            one.standing = Some(if one.selected { Standing::WithinQuota } else { Standing::BelowQuota });
            one.awarded = false;
        }
        prop_assert!(lists.candidates.iter().all(|one| lists.differences(one).is_empty()));
    }

    #[test]
    fn nobody_stands_before_somebody_they_are_passed_over_for(mut lists in any_lists()) {
        lists.council = false;
        lists.candidates.iter_mut().for_each(|one| one.standing = None);
        for one in lists.candidates.iter().filter(|one| !one.selected && !one.awarded) {
            let behind = lists.candidates.iter().any(|other| {
                other.selected && other.group == one.group && other.rank >= one.rank
            });
            prop_assert_eq!(!lists.differences(one).is_empty(), behind);
        }
    }

    #[test]
    fn no_sequence_of_acts_skips_or_repeats_a_step(acts in proptest::collection::vec(0..Act::ALL.len(), 0..40)) {
        let (mut facts, mut done) = (Facts::default(), Vec::new());
        for act in acts.into_iter().map(|at| Act::ALL[at]) {
            if permits(facts, act).is_err() {
                continue;
            }
            done.push(act);
            match act {
                Act::Register => facts.registered = true,
                Act::TakeFile => facts.has_file = true,
                Act::Certify => facts.certified = true,
                Act::Publish => facts.published = true,
                Act::Revoke | Act::Correct | Act::Replace => {}
            }
        }
        let at = |act| done.iter().position(|one| *one == act);
        for once in [Act::Register, Act::Certify, Act::Publish] {
            prop_assert!(done.iter().filter(|one| **one == once).count() <= 1);
        }
        if let Some(published) = at(Act::Publish) {
            prop_assert!(at(Act::Register) < at(Act::Certify) && at(Act::Certify) < Some(published));
            let files = done[published..].iter().filter(|one| **one == Act::TakeFile).count();
            prop_assert!(files <= 1 && (files == 0 || !done[..published].contains(&Act::TakeFile)));
        }
        let early = |act| at(act).is_none_or(|first| at(Act::Register).is_some_and(|registered| registered < first));
        prop_assert!([Act::TakeFile, Act::Revoke, Act::Correct, Act::Replace].into_iter().all(early));
    }

    #[test]
    fn ordinals_have_no_gap_and_nobody_of_the_proposal_is_lost(
        selected in proptest::sample::subsequence((0..9).collect::<Vec<i32>>(), 0..9).prop_shuffle(),
        accepted in proptest::sample::subsequence((0..9).collect::<Vec<i32>>(), 0..9).prop_shuffle(),
    ) {
        let text = |all: Vec<i32>| all.into_iter().map(|one| one.to_string()).collect::<Vec<_>>();
        let (selected, accepted) = (text(selected), text(accepted));
        let all = ordered(&selected, &accepted);
        let ordinals: Vec<u32> = all.iter().filter_map(|one| one.ordinal).collect();
        prop_assert_eq!(ordinals, (1..=accepted.len() as u32).collect::<Vec<_>>());
        prop_assert!(selected.iter().chain(&accepted).all(|code| all.iter().filter(|one| one.code == *code).count() == 1));
        let bare = check_accepted(&selected, &accepted, &BTreeMap::new());
        let differ = |code: &&String| selected.contains(code) != accepted.contains(code);
        let differing = selected.iter().chain(accepted.iter().filter(|code| !selected.contains(code))).filter(differ);
        let reasons: BTreeMap<String, String> = differing.map(|code| (code.clone(), "Lý do".into())).collect();
        prop_assert_eq!(bare.len(), reasons.len());
        prop_assert_eq!(check_accepted(&selected, &accepted, &reasons), vec![]);
    }

    #[test]
    fn numbers_of_one_registry_are_in_the_order_of_their_dates_or_both_are_told(
        a in (1..9_u32, 1..28_u32), b in (1..9_u32, 1..28_u32),
    ) {
        let numbered = |(number, day): (u32, u32)| Numbered {
            issuer: "UBND".into(), paper_type: "QĐ".into(), number, date: NaiveDate::from_ymd_opt(2026, 1, day).unwrap(),
        };
        let (one, other) = (numbered(a), numbered(b));
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let told = |of: &Numbered, others: &Numbered| !check_order(of, day, std::slice::from_ref(others)).is_empty();
        prop_assert_eq!(told(&one, &other), told(&other, &one));
        prop_assert_eq!(told(&one, &other), (a.0 as i64 - b.0 as i64) * (a.1 as i64 - b.1 as i64) < 0);
        let elsewhere = Numbered { paper_type: "GK".into(), ..other };
        prop_assert!(!told(&one, &elsewhere), "another registry has numbers of its own");
        prop_assert_eq!(check_order(&one, one.date.succ_opt().unwrap(), &[]).len(), 1);
    }

    #[test]
    fn nobody_acts_on_their_own_or_for_whom_it_was_done(who in any::<u128>(), other in any::<u128>(), third in any::<u128>()) {
        let id = |n: u128| AccountId::from(uuid::Uuid::from_u128(n));
        prop_assume!(who != other && other != third && who != third);
        let (a, b, c) = (id(who), id(other), id(third));
        prop_assert!(is_by(&[a], a, &[]) && is_by(&[a, b], b, &[]) && is_by(&[a], b, &[a]) && is_by(&[c, a], b, &[a]));
        prop_assert!(!is_by(&[a], b, &[c]) && !is_by(&[a, c], b, &[]));
    }

    #[test]
    fn a_proposal_is_ready_when_nothing_at_all_is_missing(
        answers in proptest::collection::vec((any::<Option<u8>>(), any::<bool>()), 0..4),
        posting in proptest::option::of((0..4_u32, -3..4_i64)),
        answered in proptest::collection::vec(any::<bool>(), 0..4),
        held in any::<bool>(), superseded in any::<bool>(),
    ) {
        let today = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
        let kinds = [Answer::NoObjection, Answer::Objection, Answer::NoAnswerBy];
        let answer = |kind: Option<u8>| kind.map(|kind| kinds[usize::from(kind % 3)]);
        let consultations: Vec<Consultation> = answers.iter().map(|(kind, settled)| Consultation {
            agency: "ca".into(), version: 1,
            said: Consulted {
                name: "Công an".into(), asked_on: today, answer: answer(*kind), answered_on: kind.map(|_| today), document: None,
                response: settled.then(|| "Đã xem".to_owned()),
            },
        }).collect();
        let open = |one: &Consultation| match one.said.answer {
            None => true,
            Some(answer) => answer == Answer::Objection && one.said.response.is_none(),
        };
        let expected = consultations.iter().filter(|one| open(one)).count()
            + answered.iter().filter(|answered| !**answered).count()
            + usize::from(held) + usize::from(superseded)
            + usize::from(posting.is_none_or(|(days, ends)| days > 0 && ends >= 0));
        let hearing = Hearing {
            consultations,
            posting: posting.map(|(working_days, ends)| Posting {
                working_days, posted_on: today, ends_on: today + chrono::Days::new((ends + 3) as u64) - chrono::Days::new(3),
            }),
            objections: answered.iter().map(|answered| Objection {
                id: ObjectionId::new(), nomination: None, text: "Ý kiến".into(), raised_by: AccountId::nil(),
                at: chrono::DateTime::UNIX_EPOCH,
                answer: answered.then(|| thidua::awards::Answered { text: "Đã xem".into(), by: AccountId::nil(), at: chrono::DateTime::UNIX_EPOCH }),
            }).collect(),
        };
        let chosen = [("a".to_owned(), held.then_some(Bar::Held)), ("b".to_owned(), None)];
        let found = missing(&Ground { hearing: &hearing, superseded, chosen: &chosen, today });
        prop_assert_eq!(found.len(), expected, "{:?}", found);
    }

    #[test]
    fn a_code_is_24_letters_and_digits_for_its_random_bits(random in any::<[u8; BITS / 8]>(), other in any::<[u8; BITS / 8]>()) {
        let text = code(random);
        prop_assert!(text.len() == 24 && text.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b)));
        prop_assert_eq!(text == code(other), random == other);
    }

    #[test]
    fn no_number_of_a_person_is_published(phone in "0[0-9]{9}", spaced in "0[0-9]{3} [0-9]{3} [0-9]{3}", card in "[1-9][0-9]{11}", money in "[1-9][0-9]{0,2}(\\.[0-9]{3}){1,4}") {
        let text = format!("Vượt thu {money} đồng; gọi {phone} hoặc +84{}, {spaced}; CCCD {card}; a.b@xa.gov.vn", &phone[1..]);
        let shown = published(&text);
        for hidden in [&phone, &spaced, &card, &phone[1..].to_owned()] {
            prop_assert!(!shown.contains(hidden.as_str()), "{}", shown);
        }
        prop_assert!(shown.contains(&money) && !shown.contains('@'), "{}", shown);
        prop_assert_eq!(published(&shown), shown.clone());
    }

    #[test]
    fn the_last_correction_of_a_field_stands(texts in proptest::collection::vec(("[a-z]{1,5}", 0..3_usize), 0..6)) {
        let members = [Member::Name, Member::Position, Member::Unit];
        let first = Recipient { name: "A".into(), position: None, unit: None, achievement: "Tốt".into() };
        let corrections = texts.iter().map(|(text, at)| Correction { member: members[*at], text: text.clone() });
        let now = current(first.clone(), corrections);
        let last = |at| texts.iter().rev().find(|(_, of)| *of == at).map(|(text, _)| text.clone());
        prop_assert_eq!(now.name, last(0).unwrap_or(first.name));
        prop_assert_eq!((now.position, now.unit, now.achievement), (last(1), last(2), first.achievement));
    }
}

#[test]
fn days_of_birth_are_not_published_and_years_of_work_are() {
    let shown = published(
        "Ông An, sinh ngày 02/9/1975, (sinh năm 1975), sinh 12 tháng 3 năm 1980; công tác từ năm 1999, đạt 120% kế hoạch",
    );
    assert_eq!(shown, "Ông An, …, (…), …; công tác từ năm 1999, đạt 120% kế hoạch");
}

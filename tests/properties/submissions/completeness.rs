//! Completeness: parts add up, whatever came.

use proptest::{collection::vec, prelude::*};
use rstest::rstest;
use thidua::submissions::{Came, Counts, Expected, percent, timeliness};

fn any_slots() -> impl Strategy<Value = Vec<Expected>> {
    let came = any::<(bool, bool, bool)>().prop_map(|(late, excused, approved)| Came { late, excused, approved });
    vec((proptest::option::of(came), any::<bool>()).prop_map(|(came, due)| Expected { came, due }), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn parts_add_up(slots in any_slots()) {
        let counts = Counts::of(slots.iter().copied());
        prop_assert_eq!(counts.expected as usize, slots.len());
        prop_assert_eq!(counts.received + counts.missing, counts.expected);
        prop_assert_eq!(counts.on_time + counts.late, counts.received);
        prop_assert!(counts.excused <= counts.late && counts.approved <= counts.received);
        prop_assert!(counts.overdue <= counts.missing);
    }

    #[test]
    fn parts_counted_apart_are_the_whole(slots in any_slots(), cut in any::<prop::sample::Index>()) {
        let (a, b) = slots.split_at(cut.index(slots.len() + 1));
        let (a, b, whole) = (Counts::of(a.iter().copied()), Counts::of(b.iter().copied()), Counts::of(slots.iter().copied()));
        let sum = |of: fn(&Counts) -> u32| (of(&a) + of(&b), of(&whole));
        for (parts, whole) in [sum(|c| c.expected), sum(|c| c.received), sum(|c| c.approved), sum(|c| c.on_time),
            sum(|c| c.late), sum(|c| c.excused), sum(|c| c.missing), sum(|c| c.overdue)] {
            prop_assert_eq!(parts, whole);
        }
    }

    #[test]
    fn a_ranking_counts_what_completeness_counts(slots in any_slots()) {
        let (kept, counts) = (timeliness(slots.iter().map(|slot| slot.came)), Counts::of(slots.iter().copied()));
        prop_assert_eq!((kept.due, kept.on_time, kept.excused), (counts.expected, counts.on_time, counts.excused));
    }

    #[test]
    fn only_all_is_a_hundred_percent_and_only_none_is_zero(whole in 1..5_000_000u32, part in any::<prop::sample::Index>()) {
        for part in [part.index(whole as usize) as u32, whole - 1, 1, 0, whole] {
            let shown: f64 = percent(part, whole).unwrap().parse().unwrap();
            prop_assert_eq!(shown >= 100.0, part == whole);
            prop_assert_eq!(shown <= 0.0, part == 0);
        }
    }
}

#[rstest]
#[case(11, 12, Some("91.67"))]
#[case(12, 12, Some("100.00"))]
#[case(99_999, 100_000, Some("99.999"))]
#[case(1, 1_000_000, Some("0.0001"))]
#[case(0, 7, Some("0.00"))]
#[case(0, 0, None)]
fn shares_are_shown_as_people_write_them(#[case] part: u32, #[case] whole: u32, #[case] shown: Option<&str>) {
    assert_eq!(percent(part, whole).as_deref(), shown);
}

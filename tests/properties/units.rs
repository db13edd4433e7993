//! The organisation tree: any day told as it was, also after merges; subtrees that fit together; an end even to a cycle.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use proptest::{collection::vec, option, prelude::*};
use thidua::{
    db::UnitId,
    units::{History, Node, Tree},
};
use uuid::Uuid;

const UNITS: usize = 8;

fn id(n: usize) -> UnitId {
    Uuid::from_u128(n as u128 + 1).into()
}

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 7, 1).unwrap() + TimeDelta::days(n)
}

/// A unit: first day, last day, what it was then merged into, and states by the day they begin (name, parent).
#[derive(Debug, Clone)]
struct Life {
    from: i64,
    to: Option<i64>,
    into: Option<usize>,
    states: BTreeMap<i64, (u8, Option<usize>)>,
}

impl Life {
    fn node(&self, n: usize, (name, parent): (u8, Option<usize>)) -> Node {
        Node {
            id: id(n),
            code: format!("u{n}"),
            name: format!("Đơn vị {name}"),
            kind: "division".into(),
            parent: parent.map(id),
            valid_from: day(self.from),
            valid_to: self.to.map(day),
            successor: self.into.map(id),
            absorbed: Vec::new(),
        }
    }

    fn merged_by(&self, at: i64) -> Option<usize> {
        self.into.filter(|_| self.to.is_some_and(|to| to < at))
    }
}

/// Who stands for a unit on a day.
fn resolve_successor(lives: &[Life], n: usize, at: i64) -> usize {
    lives[n].merged_by(at).map_or(n, |into| resolve_successor(lives, into, at))
}

/// The state that holds on a day, while the unit stands.
fn on(lives: &[Life], n: usize, at: i64) -> Option<Node> {
    let life = &lives[n];
    let stands = life.from <= at && life.to.is_none_or(|to| at <= to);
    let (_, (name, parent)) = life.states.range(..=at).next_back().filter(|_| stands)?;
    let node = life.node(n, (*name, parent.map(|above| resolve_successor(lives, above, at))));
    let gone = |other: &usize| *other != n && lives[*other].from <= at && resolve_successor(lives, *other, at) == n;
    Some(Node { absorbed: (0..UNITS).filter(gone).map(|other| format!("u{other}")).collect(), ..node })
}

/// Units 0..8, each below one of a lower number or, where `cycles`, below any other; merged into one of a lower number.
fn any_lives(cycles: bool) -> impl Strategy<Value = Vec<Life>> {
    let life = move |n: usize| {
        let most = if cycles { UNITS } else { n };
        let parent = option::of(0..most.max(1)).prop_map(move |parent| parent.filter(|p| *p < most && *p != n));
        let states = prop::collection::btree_map(1..100i64, (any::<u8>(), parent.clone()), 0..4);
        let ends = option::of((0..60i64, option::of(0..n.max(1))));
        (0..60i64, ends, states, (any::<u8>(), parent)).prop_map(move |(from, ends, later, first)| {
            let mut states: BTreeMap<_, _> = later.into_iter().map(|(after, state)| (from + after, state)).collect();
            states.insert(from, first);
            let into = ends.and_then(|(_, into)| into).filter(|into| *into < n);
            Life { from, to: ends.map(|(days, _)| from + days), into, states }
        })
    };
    (0..UNITS).map(life).collect::<Vec<_>>()
}

fn history(lives: &[Life]) -> History {
    let states = lives
        .iter()
        .enumerate()
        .flat_map(|(n, life)| life.states.iter().map(move |(from, state)| (day(*from), life.node(n, *state))));
    states.collect()
}

fn all(tree: &Tree) -> BTreeSet<UnitId> {
    tree.iter().map(|node| node.id).collect()
}

/// The units at and below `top`, walked from above.
fn walk(tree: &Tree, top: Option<UnitId>, seen: &mut Vec<UnitId>) {
    for child in tree.children(top) {
        seen.push(child.id);
        walk(tree, Some(child.id), seen);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_day_is_told_as_it_was(lives in any_lives(true), at in 0..200i64) {
        let tree = history(&lives).on(day(at));
        for n in 0..UNITS {
            prop_assert_eq!(tree.by_id(id(n)).cloned(), on(&lives, n, at));
            prop_assert_eq!(tree.resolve_successor(id(n)), id(resolve_successor(&lives, n, at)));
        }
        let register = all(&history(&lives).registered_by(day(at)));
        let begun: BTreeSet<_> = (0..UNITS).filter(|n| lives[*n].from <= at).map(id).collect();
        prop_assert_eq!(register, begun);
    }

    #[test]
    fn later_states_do_not_change_what_was(lives in any_lives(true), at in 0..100i64, later in 1..100i64) {
        let mut changed = lives.clone();
        for life in &mut changed {
            life.states.insert(life.from.max(at) + later, (0, None));
        }
        let (before, after) = (history(&lives).on(day(at)), history(&changed).on(day(at)));
        prop_assert!(before.iter().eq(after.iter()));
    }

    /// Whoever belongs to a unit on a day belongs, by the units asked for, to just the one that it stands with.
    #[test]
    fn who_belongs_to_one_merged_belongs_to_the_other(lives in any_lives(true), at in 0..200i64, asked in vec(0..UNITS, 0..4)) {
        let tree = history(&lives).on(day(at));
        let belonging = tree.with_merged(&asked.iter().copied().map(id).collect::<Vec<_>>());
        for n in 0..UNITS {
            let expected = asked.contains(&resolve_successor(&lives, n, at));
            prop_assert_eq!(belonging.contains(&id(n)), expected);
        }
    }

    /// The first day is found on which some unit lies below itself or goes into one that is not there, and no other.
    #[test]
    fn what_is_wrong_is_found_on_its_first_day(lives in any_lives(true)) {
        let lost = |at: i64, n: usize| lives[n].to == Some(at - 1) && lives[n].into.is_some()
            && on(&lives, resolve_successor(&lives, n, at), at).is_none();
        let turned = |at: &i64| {
            let nodes: Vec<_> = (0..UNITS).map(|n| on(&lives, n, *at)).collect();
            let above = |n: usize| {
                let upper = (0..UNITS).find(|upper| Some(id(*upper)) == nodes[n].as_ref().and_then(|node| node.parent));
                upper.filter(|upper| nodes[*upper].is_some())
            };
            (0..UNITS).any(|n| std::iter::successors(above(n), |upper| above(*upper)).take(UNITS).any(|upper| upper == n))
        };
        let first = (0..260i64).find(|at| turned(at) || (0..UNITS).any(|n| lost(*at, n)));
        let expected = first.map(|at| (if turned(&at) { "unit_cycle" } else { "successor_absent" }, day(at)));
        prop_assert_eq!(history(&lives).fault(), expected);
    }

    /// All units have a name on any day, and those that had begun the one of the day.
    #[test]
    fn every_unit_has_a_name_on_any_day(lives in any_lives(true), at in 0..200i64) {
        let (named, begun) = (history(&lives).ever_registered(day(at)), history(&lives).registered_by(day(at)));
        prop_assert_eq!(all(&named).len(), UNITS);
        prop_assert!(begun.iter().all(|node| named.by_id(node.id) == Some(node)));
    }

    #[test]
    fn a_walk_from_the_top_meets_every_unit_once(lives in any_lives(false), at in 0..100i64) {
        let tree = history(&lives).on(day(at));
        let mut seen = Vec::new();
        walk(&tree, None, &mut seen);
        prop_assert_eq!(seen.len(), seen.iter().collect::<BTreeSet<_>>().len());
        prop_assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), all(&tree));
    }

    #[test]
    fn what_is_below_is_what_has_it_above(lives in any_lives(true), at in 0..100i64, tops in vec(0..UNITS, 0..4)) {
        let tree = history(&lives).on(day(at));
        let tops: Vec<UnitId> = tops.into_iter().map(id).collect();
        let below: BTreeSet<_> = tree.below(&tops).into_iter().collect();
        let has_above = |node: &&Node| tree.ancestors(node.id).any(|upper| tops.contains(&upper.id));
        let expected: BTreeSet<_> = tree.iter().filter(has_above).map(|node| node.id).collect();
        prop_assert_eq!(below, expected);
    }

    #[test]
    fn the_highest_hold_all_and_none_holds_another(lives in any_lives(false), at in 0..100i64, tops in vec(0..UNITS, 0..5)) {
        let tree = history(&lives).on(day(at));
        let tops: Vec<UnitId> = tops.into_iter().map(id).collect();
        let highest = tree.highest(&tops);
        prop_assert_eq!(tree.below(&highest), tree.below(&tops));
        for (i, one) in highest.iter().enumerate() {
            let others = highest.iter().enumerate().filter(|(j, _)| *j != i);
            prop_assert!(others.map(|(_, other)| other).all(|other| !tree.is_within(*one, *other) && one != other));
        }
    }

    #[test]
    fn no_cycle_holds_anybody_for_ever(lives in any_lives(true), at in 0..200i64) {
        let tree = history(&lives).on(day(at));
        for node in tree.iter() {
            prop_assert!(tree.ancestors(node.id).count() <= UNITS);
        }
    }
}

mod kinds {
    use rstest::rstest;
    use thidua::units::{UnitKind, code_of};

    /// As a plan names them.
    fn named() -> Vec<UnitKind> {
        [
            ("division", "Phòng, ban", "Division"),
            ("office", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân", "Office of the People's Council"),
            ("party_board", "Ban đảng, Văn phòng Đảng ủy", "Party board"),
            ("hamlet", "Thôn, xóm", "Village, hamlet"),
            ("to-tu-quan", "Tổ tự quản", "Self-managed group"),
        ]
        .map(|(code, vi, en)| UnitKind { code: code.into(), vi: Some(vi.into()), en: Some(en.into()) })
        .into()
    }

    #[rstest]
    #[case("division", "division")]
    #[case("Phòng, ban", "division")]
    #[case("phòng", "division")]
    #[case("PHÒNG", "division")]
    #[case("Phong", "division")]
    #[case("  Ban ", "division")]
    #[case("Division", "division")]
    #[case("Thôn", "hamlet")]
    #[case("xóm", "hamlet")]
    #[case("Village", "hamlet")]
    #[case("Tổ tự quản", "to-tu-quan")]
    #[case("self-managed group", "to-tu-quan")]
    #[case("Ban đảng", "party_board")]
    #[case("party_board", "party_board")]
    #[case("Party board", "party_board")]
    #[case("Văn phòng", "office")]
    #[case("Tổ dân phố", "quarter")]
    #[case("Trạm y tế", "service")]
    #[case("Mặt trận", "front")]
    #[case("school", "school")]
    #[case("khu", "khu")]
    #[case("lang", "lang")]
    #[case("doi-quan-ly", "doi-quan-ly")]
    fn a_kind_is_read_by_its_code_or_by_a_name(#[case] said: &str, #[case] code: &str) {
        assert_eq!(code_of(said, &named(), "/kind").as_deref(), Ok(code));
    }

    #[rstest]
    #[case("Phòng ban chuyên gia")]
    #[case("Đội")]
    #[case("")]
    #[case("x")]
    fn what_names_no_kind_is_told_the_kinds(#[case] said: &str) {
        let wrong = code_of(said, &named(), "/kind").unwrap_err();
        assert_eq!((wrong.code, wrong.pointer.as_str()), ("unit_kind_unread", "/kind"));
        assert!(wrong.args["known"].contains("hamlet (Thôn, xóm)"), "{:?}", wrong.args);
    }

    #[test]
    fn a_name_of_two_kinds_is_asked_about() {
        let mut named = named();
        named.push(UnitKind { code: "team".into(), vi: Some("Tổ, Xóm".into()), en: None });
        let wrong = code_of("Xóm", &named, "/kind").unwrap_err();
        assert_eq!((wrong.code, wrong.args["known"].as_str()), ("unit_kind_ambiguous", "hamlet, team"));
        assert_eq!(code_of("xom", &named, "/kind").as_deref(), Ok("xom"), "a new code is a code");
    }
}

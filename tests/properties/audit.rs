//! The chain of the audit log: whatever is done to it behind the service's back is found.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use thidua::{
    audit::chain::{FaultKind, Hashed, Link, Row, START, Verdict, Verifier, hash},
    canonical::{canonical, digest, hex},
    record::{Change, REDACTION, Record, Text, changes, salted},
};
use uuid::Uuid;

fn instant(second: i64) -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(1_760_000_000 + second)
}

fn text(n: u32, value: i64) -> Text {
    Text {
        actor: format!("nguoi-{}", n % 5),
        changes: json!([{"pointer": "/values/CCHC-05~1tnmt/numerator", "from": 98, "to": value}]),
        reason: n.is_multiple_of(3).then(|| format!("Lý do {n}")),
        salt: format!("{n:032x}"),
    }
}

fn record(n: u32, text: &Text) -> Record {
    Record {
        account: Uuid::from_u128(u128::from(n % 5)),
        action: "draft_submission".into(),
        after: Some(digest(&n).unwrap().to_vec()),
        at: instant(i64::from(n)),
        before: n.is_multiple_of(2).then(|| digest(&(n + 1)).unwrap().to_vec()),
        id: Uuid::from_u128(0xabc_0000 + u128::from(n)),
        locality: Uuid::from_u128(10_210),
        names: vec![],
        request: Some(Uuid::from_u128(u128::from(n))),
        roles: vec![Some("reporter".into())],
        subject: format!("movements/m/submissions/2025-09/don-vi-{}", n % 7),
        text: digest(text).unwrap().to_vec(),
    }
}

/// Chains records in the order given.
fn chained(records: Vec<(Record, Text)>) -> Vec<Row> {
    let mut previous = START.to_vec();
    let link = |(n, (record, text)): (usize, (Record, Text))| {
        let (seq, chained_at) = (n as i64 + 1, instant(n as i64 * 2));
        let hash = hash(seq, &previous, chained_at, &record).unwrap().to_vec();
        let before = std::mem::replace(&mut previous, hash.clone());
        let link = Link { seq, record: record.id, previous: before, hash, chained_at };
        Row { link, record: Some(record), text: Some(text) }
    };
    records.into_iter().enumerate().map(link).collect()
}

fn some(length: u32) -> Vec<(Record, Text)> {
    (0..length)
        .map(|n| {
            let text = text(n, 100 + i64::from(n));
            (record(n, &text), text)
        })
        .collect()
}

fn verdict(rows: &[Row], kept: Option<(i64, Vec<u8>)>) -> Verdict {
    let mut verifier = Verifier::new(kept);
    rows.iter().for_each(|row| verifier.look(row));
    verifier.finish()
}

fn flip(bytes: &mut [u8], at: Index) {
    let at = at.index(bytes.len());
    bytes[at] ^= 1;
}

fn flipped(bytes: &mut Option<Vec<u8>>, at: Index) {
    match bytes {
        Some(bytes) if at.index(3) > 0 => flip(bytes, at),
        Some(_) => *bytes = None,
        None => *bytes = Some(vec![0; 32]),
    }
}

/// Edits one column of one row; there are 21.
fn edit(row: &mut Row, column: usize, at: Index) {
    let Row { link, record: Some(record), text: Some(text) } = row else { unreachable!("a whole chain") };
    match column {
        0 => link.seq += 1 + at.index(9) as i64,
        1 => link.record = Uuid::from_u128(7),
        2 => flip(&mut link.previous, at),
        3 => flip(&mut link.hash, at),
        4 => link.chained_at += TimeDelta::microseconds(1),
        5 => record.account = Uuid::max(),
        6 => record.action.push('x'),
        7 => flipped(&mut record.after, at),
        8 => record.at -= TimeDelta::microseconds(1),
        9 => flipped(&mut record.before, at),
        10 => record.id = Uuid::from_u128(9),
        11 => record.locality = Uuid::from_u128(9),
        12 => record.names.push(Some("people/1".into())),
        13 => record.request = None,
        14 => record.roles = vec![],
        15 => drop(record.subject.pop()),
        16 => flip(&mut record.text, at),
        17 => text.actor.push('x'),
        18 => text.changes[0]["to"] = json!(text.changes[0]["to"].as_i64().unwrap() + 1),
        19 => text.reason = text.reason.as_ref().map_or(Some(String::new()), |_| None),
        _ => text.salt = "0".into(),
    }
}

#[derive(Debug, Clone)]
enum Mutation {
    Edit(Index, usize, Index),
    DeleteLink(Index),
    DeleteRecord(Index),
    DeleteText(Index),
    /// Two links change places, numbers and all.
    SwapLinks(Index, Index),
    /// The same, each keeping the number of its place.
    SwapContents(Index, Index),
    SwapRecords(Index, Index),
    SwapTexts(Index, Index),
    /// A link between two others, those after it renumbered.
    Insert(Index),
    /// A copy of a link.
    Repeat(Index),
    /// The tail, from at or before the head that was kept.
    Truncate(Index),
    /// A record edited and everything after it hashed anew.
    Rewrite(Index, usize, Index),
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    use Mutation::*;
    let index = any::<Index>;
    prop_oneof![
        8 => (index(), 0_usize..21, index()).prop_map(|(row, column, at)| Edit(row, column, at)),
        1 => index().prop_map(DeleteLink),
        1 => index().prop_map(DeleteRecord),
        1 => index().prop_map(DeleteText),
        1 => (index(), index()).prop_map(|(a, b)| SwapLinks(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| SwapContents(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| SwapRecords(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| SwapTexts(a, b)),
        1 => index().prop_map(Insert),
        1 => index().prop_map(Repeat),
        2 => index().prop_map(Truncate),
        2 => (index(), 5_usize..17, index()).prop_map(|(row, column, at)| Rewrite(row, column, at)),
    ]
}

/// Two places, never one.
fn two(a: Index, b: Index, length: usize) -> (usize, usize) {
    let (a, b) = (a.index(length), b.index(length - 1));
    (a, if b >= a { b + 1 } else { b })
}

/// Does it to a chain of which the head of row `kept` stands elsewhere.
fn mutate(rows: &mut Vec<Row>, kept: usize, mutation: Mutation) {
    let length = rows.len();
    match mutation {
        Mutation::Edit(row, column, at) => edit(&mut rows[row.index(length)], column, at),
        Mutation::DeleteLink(row) => drop(rows.remove(row.index(kept + 1))),
        Mutation::DeleteRecord(row) => rows[row.index(length)].record = None,
        Mutation::DeleteText(row) => rows[row.index(length)].text = None,
        Mutation::SwapLinks(a, b) => {
            let (a, b) = two(a, b, length);
            rows.swap(a, b);
        }
        Mutation::SwapContents(a, b) => {
            let (a, b) = two(a, b, length);
            rows.swap(a, b);
            (rows[a].link.seq, rows[b].link.seq) = (rows[b].link.seq, rows[a].link.seq);
        }
        Mutation::SwapRecords(a, b) => {
            let (a, b) = two(a, b, length);
            let held = rows[a].record.take();
            rows[a].record = rows[b].record.take();
            rows[b].record = held;
        }
        Mutation::SwapTexts(a, b) => {
            let (a, b) = two(a, b, length);
            let held = rows[a].text.take();
            rows[a].text = rows[b].text.take();
            rows[b].text = held;
        }
        Mutation::Insert(row) => {
            let at = row.index(kept + 1);
            let forged = text(999, 1);
            let record = record(999, &forged);
            let (seq, previous) = (rows[at].link.seq, rows[at].link.previous.clone());
            let hash = hash(seq, &previous, instant(0), &record).unwrap().to_vec();
            let link = Link { seq, record: record.id, previous, hash, chained_at: instant(0) };
            rows[at..].iter_mut().for_each(|row| row.link.seq += 1);
            rows.insert(at, Row { link, record: Some(record), text: Some(forged) });
        }
        Mutation::Repeat(row) => {
            let at = row.index(length);
            rows.insert(at, rows[at].clone());
        }
        Mutation::Truncate(row) => rows.truncate(row.index(kept + 1)),
        Mutation::Rewrite(row, column, flip) => {
            let at = row.index(kept + 1);
            let held = rows[at].clone();
            edit(&mut rows[at], column, flip);
            assert_ne!(held, rows[at]);
            let anew = rows.drain(..).map(|row| row.record.zip(row.text).unwrap());
            let anew: Vec<_> = anew.collect();
            *rows = chained(anew);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(1000)))]

    #[test]
    fn whatever_is_done_to_a_chain_is_found(length in 3_u32..16, kept in any::<Index>(), mutation in any_mutation()) {
        let mut rows = chained(some(length));
        let kept = kept.index(rows.len());
        let head = (rows[kept].link.seq, rows[kept].link.hash.clone());
        prop_assert!(verdict(&rows, Some(head.clone())).holds());
        mutate(&mut rows, kept, mutation);
        prop_assert!(!verdict(&rows, Some(head)).holds());
    }

    /// What a change list says turns the thing before into the thing after.
    #[test]
    fn changes_tell_the_whole_difference(before in any_json(), after in any_json()) {
        let mut told = before.clone();
        for Change { pointer, from, to } in changes(&before, &after) {
            prop_assert_eq!(before.pointer(&pointer).unwrap_or(&Value::Null), &from);
            set(&mut told, &pointer, to);
        }
        prop_assert_eq!(bare(&told), bare(&after));
        prop_assert!(changes(&after, &after).is_empty());
    }

    /// What is hashed the fast way is canonical.
    #[test]
    fn a_link_is_hashed_over_canonical_json(n in any::<u32>(), words in "\\PC{0,8}[\u{0}-\u{7f}\u{2028}\u{fb33}\u{1f600}]{0,8}") {
        let held = Record {
            subject: words.clone(),
            action: words.clone(),
            names: vec![Some(words.clone()), None],
            roles: vec![Some(words.clone())],
            ..record(n, &text(n, 1))
        };
        let (seq, previous, chained_at) = (i64::from(n), START, instant(i64::from(n)));
        let hashed = Hashed { chained_at, previous: &previous, record: &held, seq };
        prop_assert_eq!(hash(seq, &previous, chained_at, &held).unwrap(), digest(&hashed).unwrap());
    }

    /// Whatever stands in them: other scripts, other orders, numbers that only a double holds.
    #[test]
    fn words_and_things_are_hashed_over_canonical_json(thing in any_json(), name in "\\PC{0,3}", number in any::<f64>()) {
        let thing = json!({"a": thing, name: number, "z": i64::MAX});
        for thing in [&thing["a"], &thing] {
            let words = Text { changes: thing.clone(), ..text(1, 1) };
            prop_assert_eq!(words.digest().unwrap(), digest(&words).unwrap());
            prop_assert_eq!(salted("salt", thing).unwrap(), digest(&json!({"salt": "salt", "thing": thing})).unwrap());
        }
    }

    /// The order in which members are written makes no difference, and bytes read again are the same bytes.
    #[test]
    fn canonical_bytes_are_read_back_to_themselves(thing in any_json()) {
        let bytes = canonical(&thing).unwrap();
        let again: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(canonical(&again).unwrap(), bytes);
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..9_007_199_254_740_991).prop_map(Value::from),
        "[a-zđ/~\"\\\\\u{1}-\u{1f}\u{fb33}\u{1f600}]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[ab/~\u{fb33}\u{1f600}]{0,2}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Puts a value at a pointer, making the member where there is none.
fn set(thing: &mut Value, pointer: &str, to: Value) {
    if let Some(place) = thing.pointer_mut(pointer) {
        *place = to;
        return;
    }
    let (above, name) = pointer.rsplit_once('/').expect("the whole is always there");
    let name = name.replace("~1", "/").replace("~0", "~");
    thing.pointer_mut(above).and_then(Value::as_object_mut).expect("an object").insert(name, to);
}

/// Without members that are null: to the log a missing member and a null one are the same.
fn bare(thing: &Value) -> Value {
    match thing {
        Value::Object(members) => {
            let told = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(told.map(|(name, value)| (name.clone(), bare(value))).collect())
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

#[test]
fn canonical_json_is_that_of_rfc_8785() {
    // Section 3.2.2 and 3.2.3, and the sorting example by UTF-16 code units.
    let thing: Value = serde_json::from_str(
        r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#,
    )
    .unwrap();
    let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
                    \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    assert_eq!(String::from_utf8(canonical(&thing).unwrap()).unwrap(), expected);
    let sorted: Value = serde_json::from_str(
        r#"{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}"#,
    )
    .unwrap();
    let sorted = String::from_utf8(canonical(&sorted).unwrap()).unwrap();
    let order =
        ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"].map(|word| sorted.find(word).unwrap());
    assert!(order.is_sorted(), "{sorted}");
}

#[test]
fn faults_are_called_by_their_kind() {
    let rows = chained(some(9));
    let kinds = |change: fn(&mut Vec<Row>)| {
        let mut rows = rows.clone();
        change(&mut rows);
        let kept = Some((8, self::chained(some(9))[7].link.hash.clone()));
        let mut kinds: Vec<_> = verdict(&rows, kept).faults.into_iter().map(|fault| (fault.seq, fault.kind)).collect();
        kinds.truncate(2);
        kinds
    };
    let first = |change: fn(&mut Vec<Row>)| kinds(change)[0];
    use FaultKind::*;
    assert_eq!(kinds(|rows| rows[3].record.as_mut().unwrap().action.push('x')), [(Some(4), Edited)]);
    assert_eq!(kinds(|rows| drop(rows.remove(3))), [(Some(5), Deleted)]);
    assert_eq!(kinds(|rows| rows[3].record = None), [(Some(4), RecordMissing)]);
    assert_eq!(kinds(|rows| rows[3].text = None), [(Some(4), TextMissing)]);
    assert_eq!(kinds(|rows| rows[3].text.as_mut().unwrap().actor.push('x')), [(Some(4), TextEdited)]);
    assert_eq!(kinds(|rows| rows.truncate(5)), [(Some(8), Truncated)]);
    let swapped = |rows: &mut Vec<Row>| {
        rows.swap(3, 5);
        (rows[3].link.seq, rows[5].link.seq) = (4, 6);
    };
    assert_eq!(first(swapped), (Some(4), Reordered));
    assert_eq!(first(|rows| rows.insert(3, rows[3].clone())), (Some(4), Inserted));
    let rewritten = |rows: &mut Vec<Row>| {
        let mut anew = some(9);
        anew[2].0.action = "approve_submission".into();
        *rows = self::chained(anew);
    };
    assert_eq!(kinds(rewritten), [(Some(8), Rewritten)]);
}

#[test]
fn redacted_words_hold_where_the_chain_says_who_redacted_them_and_into_what() {
    let mut records = some(5);
    let redacted = Text { actor: "người đã ẩn danh".into(), changes: json!([]), reason: None, salt: "1".into() };
    let told = |text: &Text| hex(&digest(text).unwrap());
    let change =
        json!([{"pointer": format!("/{}", records[2].0.id), "from": told(&records[2].1), "to": told(&redacted)}]);
    let words = Text { changes: change, ..text(5, 0) };
    records.push((Record { action: REDACTION.into(), ..record(5, &words) }, words));
    let mut rows = chained(records);
    rows[2].text = Some(redacted.clone());
    let found = verdict(&rows, None);
    assert_eq!((found.holds(), found.redacted), (true, 1), "{found}");
    rows[2].text = Some(Text { actor: "ai khác".into(), ..redacted.clone() });
    assert!(!verdict(&rows, None).holds(), "words forged after the redaction");
    rows[2].text = Some(redacted.clone());
    rows[1].text = Some(redacted);
    assert!(!verdict(&rows, None).holds(), "words that no redaction names");
}

#[test]
#[ignore = "measures; run with --release --ignored --nocapture"]
fn how_fast_a_chain_is_verified() {
    let rows = chained(some(200_000));
    for length in [50_000, 100_000, 200_000] {
        let started = std::time::Instant::now();
        assert!(verdict(&rows[..length], None).holds());
        let seconds = started.elapsed().as_secs_f64();
        println!("{length} links with records and words: {seconds:.3} s, {:.0} a second", length as f64 / seconds);
    }
}

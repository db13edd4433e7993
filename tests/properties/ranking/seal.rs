//! Seals, proofs and bundles: what is sealed verifies, and nothing that was done to a bundle passes.

use std::collections::BTreeSet;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use proptest::{prelude::*, sample::Index};
use serde_json::{Map, Value, json};
use thidua::{
    auth::{
        integrity::{DataIntegrityProof, Refused, hash_data, verify},
        multikey::{multibase, multikey, read_multibase, read_multikey},
    },
    canonical::{canonical, hex},
    rankings::{
        Inputs, Mode, rank_as,
        seal::{Parts, Sealed, examine, inspect},
    },
};
use uuid::Uuid;

use super::build::{any_inputs, appraised, candidate, criterion, inputs};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn key_of(pair: &Ed25519KeyPair) -> String {
    multikey(pair.public_key().as_ref().try_into().unwrap())
}

/// Signs what is in a bundle, whatever it is.
fn signed(mut document: Map<String, Value>, pair: &Ed25519KeyPair) -> Map<String, Value> {
    document.remove("proof");
    let method = format!("did:web:thidua.example#{}", key_of(pair));
    let mut proof = DataIntegrityProof::unsigned(method, "2025-12-14T17:00:00Z".into());
    let message = hash_data(&document, &object(serde_json::to_value(&proof).unwrap())).unwrap();
    proof.proof_value = multibase(pair.sign(&message).as_ref());
    document.insert("proof".into(), serde_json::to_value(&proof).unwrap());
    document
}

/// The bundle of a run, as the service makes it.
fn bundle(inputs: &Inputs, ranking: u128, engine: i32) -> Map<String, Value> {
    let output = serde_json::to_value(rank_as(engine, inputs)).unwrap();
    let parts = Parts::of(object(serde_json::to_value(inputs).unwrap()), output);
    let seal = parts.seal(Uuid::from_u128(ranking), Mode::Official, engine).unwrap();
    let signed = signed(parts.document(&seal).unwrap(), &pair(1));
    let proof = serde_json::from_value(signed["proof"].clone()).unwrap();
    parts.bundle(&Sealed { seal, proof }).unwrap()
}

/// A run with two candidates and figures of several kinds.
fn example(points: &str) -> Inputs {
    let criteria = json!([
        criterion("work", "assessed", "90", json!({"from": "appraisal"})),
        criterion("reports", "reporting", "10", json!({})),
    ]);
    let mut candidates = ["an", "binh", "chi"].map(candidate);
    for (one, given) in candidates.iter_mut().zip([points, "80.5", "80.5"]) {
        one.assessments = vec![appraised("work", given)];
        one.name = String::new();
    }
    inputs(json!({}), &[criteria], candidates.into())
}

fn trusted() -> BTreeSet<String> {
    BTreeSet::from([key_of(&pair(1))])
}

/// The codes of what is wrong with the bytes, warnings apart.
fn errors(bytes: &[u8]) -> Vec<&'static str> {
    let findings = examine(bytes, Some(&trusted())).findings;
    findings.iter().filter(|finding| !finding.warning).map(|finding| finding.code).collect()
}

fn errors_of(bundle: &Map<String, Value>) -> Vec<&'static str> {
    errors(&canonical(bundle).unwrap())
}

/// The example of the standard (Data Integrity EdDSA Cryptosuites v1.0, appendix B.2).
fn published() -> (Map<String, Value>, Map<String, Value>) {
    let context = json!(["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]);
    let document = json!({
        "@context": context, "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"], "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678", "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"}
    });
    let proof = json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "created": "2023-02-24T23:36:38Z",
        "verificationMethod": "https://vc.example/issuers/5678#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "proofPurpose": "assertionMethod", "@context": context,
        "proofValue": "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4"
    });
    (object(document), object(proof))
}

const PUBLISHED_KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

#[test]
fn the_published_vectors_of_the_cryptosuite_hold() {
    let (document, proof) = published();
    let digests = hash_data(&document, &proof).unwrap();
    assert_eq!(hex(&digests[..32]), "ac75a9fbdb9b5606c064a88bb59ab355900074f6def99d16a82dd071a7a67066");
    assert_eq!(hex(&digests[32..]), "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19");
    let key = read_multikey(PUBLISHED_KEY).unwrap();
    assert_eq!(hex(&key), "b00d8d938e7f773d51565aad36a623f5344f7f5d1960f9cf3e8e12620ea2810f");
    assert_eq!(verify(&document, &proof, &key), Ok(()));
    // The secret key that is published with them signs to the same text, behind its prefix of two bytes.
    let secret = read_multibase("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").unwrap();
    let pair = Ed25519KeyPair::from_seed_unchecked(&secret[2..]).unwrap();
    assert_eq!(key_of(&pair), PUBLISHED_KEY);
    assert_eq!(multibase(pair.sign(&digests).as_ref()), proof["proofValue"]);
}

#[test]
fn a_proof_is_of_this_cryptosuite_this_purpose_and_this_document() {
    let key = read_multikey(PUBLISHED_KEY).unwrap();
    for (member, other) in [
        ("type", json!("Ed25519Signature2020")),
        ("cryptosuite", json!("eddsa-rdfc-2022")),
        ("proofPurpose", json!("authentication")),
        ("@context", json!([])),
        ("proofValue", json!("z1")),
    ] {
        let (document, mut proof) = published();
        proof.insert(member.into(), other);
        assert_eq!(verify(&document, &proof, &key), Err(Refused::Member(member)));
    }
    let (mut document, mut proof) = published();
    document.insert("name".into(), json!("Other"));
    assert_eq!(verify(&document, &proof, &key), Err(Refused::Signature));
    proof.insert("nonce".into(), json!("1"));
    assert_eq!(verify(&published().0, &proof, &key), Err(Refused::Signature));
    assert_eq!(verify(&published().0, &published().1, &[7; 32]), Err(Refused::Signature));
}

#[test]
fn what_the_bundle_says_of_its_own_key_is_told() {
    let bytes = canonical(&bundle(&example("90"), 1, 3)).unwrap();
    let findings = examine(&bytes, None).findings;
    assert_eq!(findings.iter().map(|one| (one.code, one.warning)).collect::<Vec<_>>(), [("key_of_bundle", true)]);
    assert_eq!(errors(&bytes), [""; 0]);
    let another = BTreeSet::from([PUBLISHED_KEY.to_owned()]);
    assert_eq!(examine(&bytes, Some(&another)).findings[0].code, "key_untrusted");
}

#[test]
fn runs_of_every_engine_verify_by_their_own() {
    for engine in 1..=3 {
        assert_eq!(errors_of(&bundle(&example("90"), 1, engine)), [""; 0], "engine {engine}");
    }
    let mut newer = bundle(&example("90"), 1, 3);
    newer["seal"]["engine"] = json!(9);
    assert!(errors_of(&newer).contains(&"engine_unknown"));
}

#[test]
fn what_differs_is_said_with_its_place() {
    let mut changed = bundle(&example("90"), 1, 3);
    changed["inputs"]["candidates"][0]["assessments"][0]["points"] = json!("80");
    let findings = inspect(&changed, Some(&trusted()));
    let told: Vec<_> = findings.iter().map(|one| (one.pointer.as_str(), one.code)).collect();
    assert!(told.contains(&("/seal/inputs", "digest_differs")), "{told:?}");
    assert!(told.contains(&("/output/entries/0/total", "output_differs")), "{told:?}");
    assert!(told.contains(&("/proof/proofValue", "signature_wrong")), "{told:?}");
    let of_file = errors_of(&changed);
    assert_eq!(of_file, ["digest_differs", "signature_wrong"], "a file that is not as sealed is not ranked again");
}

#[test]
fn only_the_canonical_file_is_the_bundle() {
    let whole = bundle(&example("90"), 1, 3);
    let bytes = canonical(&whole).unwrap();
    for other in [
        [&bytes[..], b"\n"].concat(),
        [b" ", &bytes[..]].concat(),
        serde_json::to_vec_pretty(&whole).unwrap(),
        // A member twice: readers take the first or the last.
        [b"{\"seal\":{},", &bytes[1..]].concat(),
        String::from_utf8(bytes.clone()).unwrap().replace("\"plan_version\":1", "\"plan_version\":1.0").into(),
        String::from_utf8(bytes.clone()).unwrap().replace("official", "\\u006ffficial").into(),
    ] {
        assert!(errors(&other).contains(&"bundle_not_canonical"), "{}", String::from_utf8_lossy(&other));
    }
    for other in [b"".to_vec(), bytes[..bytes.len() - 1].to_vec(), [&bytes[..], b"{}"].concat()] {
        assert_eq!(errors(&other), ["bundle_not_json"]);
    }
    assert_eq!(errors(b"[]"), ["bundle_unreadable"]);
    assert_eq!(errors(b"{}").len(), 7);
}

#[test]
fn who_makes_up_a_run_is_found_out_by_the_key() {
    let mut changed = bundle(&example("90"), 1, 3);
    changed["output"]["entries"][0]["total"] = json!("99.00");
    // Sealed and signed anew, by a key of their own.
    let whole = object(json!({"inputs": changed["inputs"], "method": changed["method"]}));
    let frozen = Map::from_iter(whole.values().flat_map(|part| object(part.clone())));
    let parts = Parts::of(frozen, changed["output"].clone());
    let seal = parts.seal(Uuid::from_u128(1), Mode::Official, 3).unwrap();
    let forged = signed(parts.document(&seal).unwrap(), &pair(2));
    assert_eq!(errors_of(&forged), ["key_untrusted"]);
    // Who holds the service's key still cannot make an output that the inputs do not give.
    assert_eq!(errors_of(&signed(forged, &pair(1))), ["output_differs"]);
}

#[test]
fn a_text_of_a_key_is_one_text() {
    assert_eq!(read_multikey("z6Mk"), None);
    assert_eq!(read_multikey(&PUBLISHED_KEY[1..]), None);
    assert_eq!(read_multikey(&format!("{PUBLISHED_KEY} ")), None);
    // One of P-256 is no key of Ed25519.
    assert_eq!(read_multikey("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"), None);
    assert_eq!(read_multibase(&format!("z{}", "2".repeat(5000))), None);
}

/// The places of all values below.
fn places(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| places(member, format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| places(item, format!("{at}/{place}"), found));
        }
        _ => {}
    }
    found.push(at);
}

/// One edit of a bundle that means something else: a value changed, a member or an element added, removed, or two
/// elements exchanged; none where the place is not made for it.
fn edited(bundle: &Map<String, Value>, place: Index, kind: u8) -> Option<Map<String, Value>> {
    let mut whole = Value::Object(bundle.clone());
    let mut found = Vec::new();
    places(&whole, String::new(), &mut found);
    let at = place.get(&found).clone();
    let value = whole.pointer_mut(&at).unwrap();
    match (kind, value) {
        (0, Value::String(text)) => text.push('1'),
        (0, Value::Bool(is)) => *is = !*is,
        (0, value @ (Value::Number(_) | Value::Null)) => *value = json!(7),
        (1, Value::Object(members)) => drop(members.insert("more".into(), json!("1"))),
        (1, Value::Array(items)) => items.push(items.first().cloned().unwrap_or(json!(1))),
        (2, Value::Object(members)) => drop(members.remove(&members.keys().next()?.clone())),
        (2, Value::Array(items)) => drop(items.pop()?),
        (3, Value::Array(items)) if items.first() != items.last() => items.reverse(),
        _ => return None,
    }
    Some(object(whole)).filter(|edited| edited != bundle)
}

proptest! {
    #[test]
    fn what_is_sealed_verifies(inputs in any_inputs(), engine in 1..=3) {
        prop_assert_eq!(errors_of(&bundle(&inputs, 1, engine)), [""; 0]);
    }

    #[test]
    fn bytes_and_texts_of_base58_are_one_to_one(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        prop_assert_eq!(read_multibase(&multibase(&bytes)), Some(bytes));
    }

    #[test]
    fn any_edit_of_any_run_is_found(inputs in any_inputs(), place: Index, kind in 0..4_u8) {
        if let Some(edited) = edited(&bundle(&inputs, 1, 3), place, kind) {
            prop_assert_ne!(errors_of(&edited), [""; 0]);
        }
    }
}

#[test]
fn a_thousand_flipped_bits_are_found() {
    let bytes = canonical(&bundle(&example("90"), 1, 3)).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1000));
    let flips = (any::<Index>(), 0..8_u32);
    let found = runner.run(&flips, |(place, bit)| {
        let mut flipped = bytes.clone();
        flipped[place.index(bytes.len())] ^= 1 << bit;
        prop_assert_ne!(errors(&flipped), [""; 0]);
        Ok(())
    });
    found.unwrap();
}

#[test]
fn a_hundred_edits_are_found_and_so_is_the_proof_of_another_run() {
    let (one, other) = (bundle(&example("90"), 1, 3), bundle(&example("70"), 2, 3));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(100));
    let edits = (any::<Index>(), 0..4_u8).prop_filter_map("no edit", |(place, kind)| edited(&one, place, kind));
    let found = runner.run(&edits, |edited| {
        prop_assert_ne!(errors_of(&edited), [""; 0]);
        Ok(())
    });
    found.unwrap();
    // Each part of another run by itself, and every part but one.
    for part in ["inputs", "output", "seal", "proof"] {
        let mut mixed = one.clone();
        mixed.insert(part.into(), other[part].clone());
        assert_ne!(errors_of(&mixed), [""; 0], "{part} of another run");
        let mut mixed = other.clone();
        mixed.insert(part.into(), one[part].clone());
        assert_ne!(errors_of(&mixed), [""; 0], "all but {part} of another run");
    }
    // The same run again: equal inputs, another id, and a proof that is not its own.
    let again = bundle(&example("90"), 2, 3);
    assert_eq!(one["output"], again["output"]);
    let mut mixed = again.clone();
    mixed.insert("proof".into(), one["proof"].clone());
    assert_eq!(errors_of(&mixed), ["signature_wrong"]);
}

//! What differs in a bundle from what was sealed, each with its place. A file is ranked again only if its digests and its
//! signature hold. PURE.

use std::{collections::BTreeSet, panic::catch_unwind};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Parts, Seal};
use crate::{
    auth::{
        integrity::{Refused, verify},
        multikey::read_multikey,
    },
    canonical::canonical,
    finding::{Finding, escape},
    rankings::{
        inputs::Inputs,
        rank::{ENGINE, rank_as},
    },
    record::{Change, changes},
};

/// The members of a bundle.
const MEMBERS: [&str; 6] = ["@context", "inputs", "method", "output", "proof", "seal"];
/// Differences of an output that are told one by one.
const TOLD: usize = 100;
/// Most characters of a value that is told.
const SHOWN: usize = 80;

const KEY: &str = "/proof/verificationMethod";

/// A file that was looked at as a bundle.
pub struct Examined {
    /// Absent where the file is no JSON object.
    pub bundle: Option<Map<String, Value>>,
    /// Errors are what does not hold.
    pub findings: Vec<Finding>,
}

/// Looks at the bytes of a bundle. A bundle is canonical byte for byte (RFC 8785): there is one file of one content. With
/// `trusted` keys (Multikey) only theirs are the service's signatures; without any, a warning says whose it is.
pub fn examine(bytes: &[u8], trusted: Option<&BTreeSet<String>>) -> Examined {
    let bundle = match serde_json::from_slice(bytes) {
        Ok(Value::Object(bundle)) => bundle,
        Ok(_) => return Examined { bundle: None, findings: vec![Finding::new("", "bundle_unreadable")] },
        Err(error) => {
            let place = Finding::new("", "bundle_not_json").with("line", error.line()).with("column", error.column());
            return Examined { bundle: None, findings: vec![place] };
        }
    };
    let mut findings: Vec<Finding> = not_canonical(bytes, &bundle).into_iter().collect();
    findings.extend(as_sealed(&bundle, trusted));
    // Who made it up shall not have it computed: a large one takes long.
    if findings.iter().all(|finding| finding.warning) {
        findings.extend(as_computed(&bundle));
    }
    Examined { bundle: Some(bundle), findings }
}

fn not_canonical(bytes: &[u8], bundle: &Map<String, Value>) -> Option<Finding> {
    let canonical = canonical(bundle).unwrap_or_default();
    let offset = bytes.iter().zip(&canonical).take_while(|(is, should)| is == should).count();
    (bytes != canonical).then(|| Finding::new("", "bundle_not_canonical").with("offset", offset))
}

/// Looks at the content of a bundle, and ranks its inputs again whatever is found before.
pub fn inspect(bundle: &Map<String, Value>, trusted: Option<&BTreeSet<String>>) -> Vec<Finding> {
    as_sealed(bundle, trusted).into_iter().chain(as_computed(bundle)).collect()
}

/// Where a proof is not of those whose DID document is trusted: these are the DIDs that it names itself.
pub fn of_another(bundle: &Map<String, Value>, dids: &BTreeSet<String>) -> Option<Finding> {
    let method = bundle.get("proof")?.get("verificationMethod")?.as_str()?;
    let did = method.split('#').next().unwrap_or(method);
    let named = dids.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let finding = || Finding::new(KEY, "did_of_another").with("did", did).with("dids", named);
    (!dids.contains(did)).then(finding)
}

/// Members, digests and signature.
fn as_sealed(bundle: &Map<String, Value>, trusted: Option<&BTreeSet<String>>) -> Vec<Finding> {
    let missing = MEMBERS.iter().filter(|member| !bundle.contains_key(**member));
    let missing = missing.map(|member| Finding::new(format!("/{member}"), "bundle_member_missing"));
    let unknown = bundle.keys().filter(|name| !MEMBERS.contains(&name.as_str()));
    let unknown = unknown.map(|name| Finding::new(format!("/{}", escape(name)), "bundle_member_unknown"));
    let mut findings: Vec<Finding> = missing.chain(unknown).collect();
    match (read_parts(bundle), bundle.get("seal").map(Seal::deserialize)) {
        (Some(parts), Some(Ok(seal))) => {
            findings.extend(digests(&parts, &seal));
            findings.extend(unknown_engine(seal.engine));
        }
        (None, _) => findings.push(Finding::new("", "bundle_unreadable")),
        (_, Some(Err(_))) => findings.push(Finding::new("/seal", "bundle_unreadable")),
        (_, None) => {}
    }
    if let Some(proof) = bundle.get("proof") {
        findings.extend(signature(bundle, proof, trusted));
    }
    findings
}

fn as_computed(bundle: &Map<String, Value>) -> Vec<Finding> {
    match (read_parts(bundle), bundle.get("seal").map(Seal::deserialize)) {
        (Some(parts), Some(Ok(seal))) if unknown_engine(seal.engine).is_none() => recompute(&parts, seal.engine),
        _ => Vec::new(),
    }
}

fn unknown_engine(engine: i32) -> Option<Finding> {
    let unknown = || Finding::new("/seal/engine", "engine_unknown").with("engine", engine).with("newest", ENGINE);
    (!(1..=ENGINE).contains(&engine)).then(unknown)
}

fn read_parts(bundle: &Map<String, Value>) -> Option<Parts> {
    let object = |name: &str| bundle.get(name)?.as_object().cloned();
    Some(Parts { inputs: object("inputs")?, method: object("method")?, output: bundle.get("output")?.clone() })
}

fn digests(parts: &Parts, seal: &Seal) -> Vec<Finding> {
    let Ok(real) = parts.seal(seal.ranking, seal.mode, seal.engine) else { return Vec::new() };
    let pairs = [
        ("/seal/inputs", &real.inputs, &seal.inputs),
        ("/seal/method", &real.method, &seal.method),
        ("/seal/output", &real.output, &seal.output),
    ];
    let differing = pairs.into_iter().filter(|(_, real, sealed)| real != sealed);
    let finding = |(at, real, sealed): (&str, &String, &String)| {
        Finding::new(at, "digest_differs").with("expected", real).with("found", sealed)
    };
    differing.map(finding).collect()
}

/// Ranks the frozen inputs again by the engine of the run, and tells where the output differs.
pub fn recompute(parts: &Parts, engine: i32) -> Vec<Finding> {
    if let Some(unknown) = unknown_engine(engine) {
        return vec![unknown];
    }
    let unreadable = || vec![Finding::new("/inputs", "bundle_unreadable")];
    let Some(inputs) = parts.frozen().and_then(|frozen| serde_json::from_value::<Inputs>(frozen).ok()) else {
        return unreadable();
    };
    // What somebody made up may be what no plan that passed lint can be.
    let ranked = catch_unwind(|| serde_json::to_value(rank_as(engine, &inputs)));
    let Ok(Ok(output)) = ranked else { return unreadable() };
    let differing = changes(&parts.output, &output).into_iter().take(TOLD);
    let finding = |change: Change| {
        let at = format!("/output{}", change.pointer);
        Finding::new(at, "output_differs").with("expected", shown(&change.to)).with("found", shown(&change.from))
    };
    differing.map(finding).collect()
}

/// A value as a finding quotes it.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn signature(bundle: &Map<String, Value>, proof: &Value, trusted: Option<&BTreeSet<String>>) -> Vec<Finding> {
    let Some(proof) = proof.as_object() else { return vec![Finding::new("/proof", "proof_malformed")] };
    let method = proof.get("verificationMethod").and_then(Value::as_str).and_then(|method| method.split_once('#'));
    let Some((controller, text, key)) = method.and_then(|(did, text)| Some((did, text, read_multikey(text)?))) else {
        return vec![Finding::new(KEY, "proof_malformed")];
    };
    let refused = match verify(bundle, proof, &key) {
        Ok(()) => None,
        Err(Refused::Member(member)) => Some(Finding::new(format!("/proof/{member}"), "proof_malformed")),
        Err(Refused::Signature) => Some(Finding::new("/proof/proofValue", "signature_wrong")),
    };
    let whose = match trusted {
        Some(trusted) if trusted.contains(text) => None,
        Some(_) => Some(Finding::new(KEY, "key_untrusted").with("key", text)),
        None => Some(Finding::warning(KEY, "key_of_bundle").with("key", text).with("controller", controller)),
    };
    refused.into_iter().chain(whose).collect()
}

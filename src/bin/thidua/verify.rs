//! `thidua verify`: a ranking from its bundle alone.

use std::{collections::BTreeSet, process::ExitCode};

use anyhow::Context;
use serde_json::{Map, Value};
use thidua::{
    auth::{
        did::{assertion_keys, dids},
        multikey::read_multikey,
    },
    http::Locale,
    rankings::seal::{examine, of_another},
};

use crate::{
    command_line::VerifyArgs,
    output::{locale, print, print_findings, read_file, words},
};

pub fn verify_bundle(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let bytes = read_file(&args.bundle)?;
    let (keys, dids) = trusted(args)?.unzip();
    let mut examined = examine(&bytes, keys.as_ref());
    let another = examined.bundle.as_ref().zip(dids.flatten()).and_then(|(bundle, dids)| of_another(bundle, &dids));
    examined.findings.extend(another);
    let holds = examined.findings.iter().all(|finding| finding.warning);
    if let Some(bundle) = &examined.bundle {
        print(&about(bundle));
    }
    print(match holds {
        true => words("gói đúng như khi niêm phong\n", "the bundle is as it was sealed\n"),
        false => words("gói KHÔNG đúng như khi niêm phong\n", "the bundle is NOT as it was sealed\n"),
    });
    print_findings(&examined.findings);
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Keys, and the DIDs of the document that names them.
type Trusted = (BTreeSet<String>, Option<BTreeSet<String>>);

/// The keys whose signatures are the service's; none where none is given.
fn trusted(args: &VerifyArgs) -> anyhow::Result<Option<Trusted>> {
    if let Some(key) = &args.key {
        let malformed = words("--key không phải khóa công khai dạng z6Mk…", "--key is no public key such as z6Mk…");
        read_multikey(key).context(malformed)?;
        return Ok(Some((BTreeSet::from([key.clone()]), None)));
    }
    let Some(file) = &args.did else { return Ok(None) };
    let document: Option<Value> = serde_json::from_slice(&read_file(file)?).ok();
    let named = document.map(|document| (assertion_keys(&document), Some(dids(&document))));
    let named = named.filter(|(keys, _)| !keys.is_empty());
    let none =
        words("không có khóa nào để ký bằng chứng (assertionMethod)", "it names no key for proofs (assertionMethod)");
    named.map(Some).with_context(|| format!("{}: {none}", file.display()))
}

/// Which run the bundle says that it is.
fn about(bundle: &Map<String, Value>) -> String {
    let bundle = Value::from(bundle.clone());
    let text = |pointer: &str| match bundle.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "–".to_owned(),
    };
    let [movement, locality, as_of] = ["/inputs/movement", "/inputs/locality", "/inputs/as_of"].map(text);
    let [award, version] = ["/method/award/code", "/method/plan_version"].map(text);
    let [run, mode, engine] = ["/seal/ranking", "/seal/mode", "/seal/engine"].map(text);
    let [method, created] = ["/proof/verificationMethod", "/proof/created"].map(text);
    match locale() {
        Locale::Vi => format!(
            "lần xếp hạng {run} ({mode}): {movement}/{award}, địa bàn {locality}, dữ liệu đến {as_of}, bản kế hoạch {version}, \
             engine {engine}\nký ngày {created} bằng {method}\n"
        ),
        Locale::En => format!(
            "ranking {run} ({mode}): {movement}/{award} of {locality}, as of {as_of}, plan version {version}, engine \
             {engine}\nsigned on {created} by {method}\n"
        ),
    }
}

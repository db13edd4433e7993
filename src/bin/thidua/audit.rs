//! `thidua audit`: verifies the logs of localities.

use std::{path::Path, process::ExitCode};

use anyhow::Context;
use thidua::{
    audit::{
        self, AuditHead,
        chain::{Fault, FaultKind, Verdict},
    },
    auth::Keys,
    config::Store,
    http::Locale,
};

use crate::{
    database::open,
    output::{in_words, locale, print, read_file, words},
};

pub async fn verify_audit(locality: Option<&str>, head: Option<&Path>, store: &Store) -> anyhow::Result<ExitCode> {
    let head: Option<AuditHead> = head.map(read_head).transpose()?;
    let db = open(store).await?;
    let dir = store.data_dir.join("keys");
    // Without its keys at hand the head's signature is not asked about; its number and hash are.
    let keys = dir.is_dir().then(|| Keys::open(&dir)).transpose()?;
    let logs = audit::logs(&db, locality, head.as_ref().map(|head| head.locality)).await;
    let (mut holds, mut read) = (true, true);
    for (id, name) in logs.map_err(|error| in_words(&error))? {
        let kept = head.as_ref().filter(|head| head.locality == id || locality.is_some());
        // A log that cannot be read keeps no other from being verified.
        match audit::inspect(&db, id, kept, keys.as_ref()).await {
            Ok(verdict) => {
                print(&format!("{name}: {}\n", told(&verdict)));
                holds &= verdict.holds();
            }
            Err(error) => {
                eprintln!("thidua: {name}: {}", error.told_in(locale()));
                read = false;
            }
        }
    }
    Ok(ExitCode::from(match (holds, read) {
        (false, _) => 1,
        (true, false) => 3,
        (true, true) => 0,
    }))
}

/// The sum, then each fault.
fn told(verdict: &Verdict) -> String {
    if locale() == Locale::En {
        return verdict.to_string();
    }
    let Verdict { links, redacted, unchained, faults_total, faults, .. } = verdict;
    let holds = if verdict.holds() { "toàn vẹn" } else { "KHÔNG toàn vẹn" };
    let sum =
        format!("{holds}; {links} bản ghi trong chuỗi, {unchained} chưa nối, {redacted} đã che, {faults_total} lỗi");
    let fault = |fault: &Fault| {
        let seq = fault.seq.map(|seq| format!(" tại {seq}")).unwrap_or_default();
        let record = fault.record.map(|id| format!(", bản ghi {id}")).unwrap_or_default();
        let foreign = match fault.kind {
            FaultKind::HeadForeign => {
                ": đầu chuỗi của nơi khác, hoặc ký bằng khóa không có ở đây; khôi phục khóa cùng cơ sở dữ liệu"
            }
            _ => "",
        };
        format!("\n  {:?}{seq}{record}{foreign}", fault.kind)
    };
    faults.iter().fold(sum, |lines, one| lines + &fault(one))
}

fn read_head(file: &Path) -> anyhow::Result<AuditHead> {
    let bytes = read_file(file)?;
    serde_json::from_slice(&bytes)
        .with_context(|| format!("{} {}", file.display(), words("không phải đầu chuỗi nhật ký", "holds no head")))
}

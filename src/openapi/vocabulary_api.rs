//! Labels of all codes in both languages, for front ends: one answer, cached by its tag.

use std::sync::LazyLock;

use actix_web::get;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    canonical::hex,
    http::{Error, Reply, Result},
    labels::{Label, lists},
};

pub fn vocabulary_routes(config: &mut ServiceConfig) {
    config.service(get_vocabulary);
}

/// The lists of codes that answers and bodies use.
#[derive(Serialize, ToSchema)]
struct Vocabulary {
    items: Vec<VocabularyList>,
}

/// One list of codes. It may grow.
#[derive(Serialize, ToSchema)]
struct VocabularyList {
    /// Name of the list: that of its schema, in snake_case.
    #[schema(example = "submission_state")]
    list: &'static str,
    codes: Vec<VocabularyCode>,
}

/// A code and its labels.
#[derive(Serialize, ToSchema)]
struct VocabularyCode {
    #[schema(example = "approved")]
    code: &'static str,
    #[schema(example = "Đã phê duyệt")]
    vi: &'static str,
    #[schema(example = "Approved")]
    en: &'static str,
}

/// The tag of the table that this binary holds.
static TAG: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for (list, codes) in lists() {
        digest.update(list);
        codes.iter().for_each(|(code, Label(vi, en))| digest.update([code, "\0", vi, "\0", en, "\0"].concat()));
    }
    format!("\"{}\"", &hex(&digest.finalize())[..16])
});

/// Labels of codes
///
/// Every code of states, kinds, verdicts, actions, roles and other lists, with its labels in Vietnamese and English.
/// `unit_kind` and `person_kind` are those of the shipped plans; a movement's plan names its own.
#[utoipa::path(tag = "operations", responses((status = 200, description = "The lists", body = Vocabulary), Error))]
#[get("/vocabulary")]
async fn get_vocabulary() -> Result<Reply> {
    let items = lists().iter().map(|(list, codes)| {
        let codes = codes.iter().map(|(code, Label(vi, en))| VocabularyCode { code, vi, en });
        VocabularyList { list, codes: codes.collect() }
    });
    let items = items.collect();
    Ok(Reply { etag: Some(TAG.clone()), ..Reply::ok(Vocabulary { items })? })
}

//! What is said of a document beside its bytes. PURE.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{days, finding::Finding};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub number: Option<String>,
    #[serde(default, deserialize_with = "days::optional_day")]
    pub date: Option<NaiveDate>,
    pub issuer: Option<String>,
    pub excerpt: Option<String>,
    /// Where the document stands, in place of a file.
    pub link: Option<String>,
}

/// Everything wrong with it; `file` says whether one came.
pub fn check(about: &About, file: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let texts = [
        ("/number", &about.number, 100),
        ("/issuer", &about.issuer, 300),
        ("/excerpt", &about.excerpt, 4_000),
        ("/link", &about.link, 2_000),
    ];
    for (pointer, text, most) in texts {
        findings.extend(text.iter().filter_map(|text| Finding::length(pointer, text, 1, most)));
    }
    if about.link.as_deref().is_some_and(|link| !is_address(link)) {
        findings.push(Finding::new("/link", "link_malformed"));
    }
    if file == about.link.is_some() {
        findings.push(Finding::new("/file", "file_or_link"));
    }
    findings
}

/// An address of the web, as it is written in a browser's address line.
fn is_address(link: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| link.strip_prefix(scheme));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty() && !host.contains('@')) && !link.contains(char::is_whitespace)
}

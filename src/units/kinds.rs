//! Kinds of units: known by a code, and by the names that people write. PURE.

use super::rules::is_code;
use crate::{finding::Finding, text::folded};

/// Most kinds that a finding lists.
const LISTED_MOST: usize = 20;

/// A kind with its names in Vietnamese and English, as far as it has any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitKind {
    pub code: String,
    pub vi: Option<String>,
    pub en: Option<String>,
}

impl UnitKind {
    pub fn new(code: &str, vi: &str, en: &str) -> Self {
        Self { code: code.into(), vi: Some(vi.into()), en: Some(en.into()) }
    }

    /// Whether a text is its code or one of its names. `Thôn, xóm` is known as `thôn` and as `xóm` too.
    fn is_called(&self, said: &str) -> bool {
        let names = self.vi.iter().chain(&self.en);
        let parts = names.clone().flat_map(|name| name.split([',', '/', ';']));
        folded(&self.code) == said || names.map(String::as_str).chain(parts).any(|name| folded(name) == said)
    }
}

/// The kinds that communes have, for a locality whose plans name none yet.
pub fn usual() -> Vec<UnitKind> {
    [
        ("division", "Phòng, ban, phòng chuyên môn", "Division"),
        ("office", "Văn phòng", "Office"),
        ("party_board", "Ban đảng, ban xây dựng Đảng, văn phòng Đảng ủy", "Party board"),
        (
            "front",
            "Mặt trận, đoàn thể, Mặt trận Tổ quốc, tổ chức chính trị - xã hội",
            "Front, socio-political organisation",
        ),
        ("service", "Đơn vị sự nghiệp, trung tâm, trường học, trạm y tế", "Public service unit"),
        ("hamlet", "Thôn, xóm, bản, ấp, làng", "Village, hamlet"),
        ("quarter", "Tổ dân phố, khu phố", "Residential quarter"),
        ("related", "Cơ quan liên quan, đơn vị liên quan", "Related agency, related unit"),
        ("other", "Khác, tập thể khác", "Other collective"),
    ]
    .map(|(code, vi, en)| UnitKind::new(code, vi, en))
    .into()
}

/// The kinds of a locality: those that its plans name, then the usual ones that no plan names.
pub fn known(named: Vec<UnitKind>) -> Vec<UnitKind> {
    let mut known = named;
    for kind in usual() {
        if !known.iter().any(|other| other.code == kind.code) {
            known.push(kind);
        }
    }
    known
}

/// The code of a kind of unit.
pub fn code_of(said: &str, named: &[UnitKind], pointer: &str) -> Result<String, Finding> {
    code_among(said, named, usual(), pointer)
}

/// The code that a text means: the code itself, known or new, or that of the kind with the name. A name of two kinds is
/// none.
pub fn code_among(said: &str, named: &[UnitKind], usual: Vec<UnitKind>, pointer: &str) -> Result<String, Finding> {
    // Codes have small letters only, in whatever case they are written.
    let code = said.to_lowercase();
    let is_code = is_code(&code);
    if is_code && (code.contains(['_', '-']) || named.iter().any(|kind| kind.code == code)) {
        return Ok(code);
    }
    let plain = folded(said);
    // A plan's own names come first: the usual ones only fill in, and leave a new code what it is.
    let filling: &[UnitKind] = if is_code { &[] } else { &usual };
    for kinds in [named, filling] {
        let mut called: Vec<&str> =
            kinds.iter().filter(|kind| kind.is_called(&plain)).map(|kind| kind.code.as_str()).collect();
        called.dedup();
        match called.as_slice() {
            [one] => return Ok((*one).to_owned()),
            [] => {}
            // A new code that happens to be a word of several names.
            _ if is_code => {}
            several => {
                let finding = Finding::new(pointer, "unit_kind_ambiguous").with("kind", said);
                return Err(finding.with("known", several.join(", ")));
            }
        }
    }
    if is_code {
        return Ok(code);
    }
    let other = usual.iter().filter(|kind| !named.iter().any(|known| known.code == kind.code));
    let listed = named.iter().chain(other).take(LISTED_MOST).map(|kind| match &kind.vi {
        Some(name) => format!("{} ({name})", kind.code),
        None => kind.code.clone(),
    });
    let finding = Finding::new(pointer, "unit_kind_unread").with("kind", said);
    Err(finding.with("known", listed.collect::<Vec<_>>().join("; ")))
}

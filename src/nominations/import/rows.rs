//! A table of nominations: one row is a candidate's dossier as units hand it in. PURE.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    db::InitiativeId,
    exact::Decimal,
    finding::Finding,
    nominations::{
        facts::Women,
        rules::{Draft, Nomination},
    },
    tables::{
        Line, Named, Table,
        cells::{self, Cell, Read},
    },
};

/// A candidate's dossier. What a row leaves out of a dossier that is handed in already stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NominationRow)]
pub struct NominationRow {
    /// Code or name of a unit; id or name of a person; id of a household, or the name of its head.
    #[schema(example = "phong-kinh-te")]
    pub candidate: String,
    /// Code or name of a person's unit, or of the unit that a household lives in, where several bear the name.
    #[serde(default)]
    pub unit: Option<String>,
    /// Code of the group; needed only if several groups of the award fit the candidate's kind.
    #[serde(default)]
    #[schema(example = "1.1")]
    pub group: Option<String>,
    /// Achievements, as text; needed for a new dossier.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 20000, example = "Giải quyết đúng hạn toàn bộ hồ sơ")]
    pub achievement: Option<String>,
    /// Claimed points, by criterion. In a table: `1.1.b: 38,5; 1.1.c: 10`.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"1.1.b": "38.5"}))]
    pub self_scores: Option<BTreeMap<String, Decimal>>,
    /// Whether the candidate does the work directly; persons only.
    #[serde(default)]
    pub direct_work: Option<bool>,
    /// How many of the candidate's members are women, counted on the day of the import. In a table: `7/10`; of a person `1/1`
    /// or `0/1`.
    #[serde(default)]
    pub women: Option<CountedWomen>,
    /// Ids of the recognised initiatives that the dossier relies on. In a table apart by `;`.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub initiatives: Option<Vec<InitiativeId>>,
    /// Reason for the agency's nomination on behalf of the unit's head.
    #[serde(default)]
    pub on_behalf_reason: Option<String>,
}

/// So many women of so many members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedWomen {
    #[schema(example = 7)]
    pub women: u32,
    #[schema(minimum = 1, example = 10)]
    pub members: u32,
}

impl NominationRow {
    /// The dossier after this row; what the row leaves out stays.
    pub fn draft(&self, found: Option<&Nomination>, today: NaiveDate) -> Draft {
        let mut facts = found.map(|found| found.facts.clone()).unwrap_or_default();
        // The same count on a later day changes nothing.
        let same = |old: &Women, new: CountedWomen| (old.women, old.members) == (new.women, new.members);
        if let Some(new) = self.women.filter(|new| !facts.women.as_ref().is_some_and(|old| same(old, *new))) {
            facts.women = Some(Women { women: new.women, members: new.members, on: today });
        }
        Draft {
            facts,
            evidence: found.map(|found| found.evidence.clone()).unwrap_or_default(),
            initiatives: self.initiatives.clone().or(found.map(|found| found.initiatives.clone())).unwrap_or_default(),
            achievement: self.achievement.clone().or(found.map(|found| found.achievement.clone())).unwrap_or_default(),
            group: self.group.clone().or(found.map(|found| found.group.clone())),
            self_scores: self.self_scores.clone().or(found.map(|found| found.self_scores.clone())).unwrap_or_default(),
            direct_work: self.direct_work.or(found.map(|found| found.direct_work).filter(|direct| *direct)),
            on_behalf_reason: self.on_behalf_reason.clone().or(found.and_then(|found| found.on_behalf_reason.clone())),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Candidate,
    Unit,
    Group,
    Achievement,
    SelfScores,
    DirectWork,
    Women,
    Initiatives,
    OnBehalfReason,
}

/// Points by criterion, as people write them into one cell.
fn scores(cell: &Cell) -> Read<BTreeMap<String, Decimal>> {
    let Some(text) = cells::text(cell)? else { return Ok(None) };
    let parts = text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let score = |part: &str| {
        let (code, points) = part.rsplit_once(':').ok_or("scores_malformed")?;
        let points = cells::decimal(&Cell::of_text(points.trim()))?.ok_or("scores_malformed")?;
        Ok((code.trim().to_owned(), points))
    };
    parts.map(score).collect::<Result<_, _>>().map(Some)
}

/// So many of so many, as people write it: `7/10`.
fn women(cell: &Cell) -> Read<CountedWomen> {
    let Some(text) = cells::text(cell)? else { return Ok(None) };
    let (women, members) = text.split_once('/').ok_or("women_malformed")?;
    let count = |part: &str| part.trim().parse().map_err(|_| "women_malformed");
    Ok(Some(CountedWomen { women: count(women)?, members: count(members)? }))
}

fn initiatives(cell: &Cell) -> Read<Vec<InitiativeId>> {
    let Some(text) = cells::text(cell)? else { return Ok(None) };
    let ids = text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let id = |part: &str| part.parse::<Uuid>().map(InitiativeId::from).map_err(|_| "initiatives_malformed");
    ids.map(id).collect::<Result<_, _>>().map(Some)
}

/// A flag of which a blank cell says nothing.
fn stated(cell: &Cell) -> Read<bool> {
    if cell.is_blank() { Ok(None) } else { cells::flag(cell).map(Some) }
}

impl Table for NominationRow {
    type Column = Column;

    const COLUMNS: &'static [Named<Column>] = {
        use Column::*;
        &[
            (
                Candidate,
                "candidate",
                "Tập thể, cá nhân",
                &[
                    "ung vien",
                    "ten ung vien",
                    "ho va ten",
                    "ho ten",
                    "tap the",
                    "ca nhan",
                    "ten tap the",
                    "ten ca nhan",
                    "ten tap the ca nhan",
                ],
            ),
            (Unit, "unit", "Đơn vị", &["ma don vi", "don vi cong tac"]),
            (Group, "group", "Nhóm", &["ma nhom"]),
            (Achievement, "achievement", "Thành tích", &["can cu", "tom tat thanh tich", "ly do de nghi"]),
            (SelfScores, "self_scores", "Điểm tự chấm", &["diem tu cham theo tieu chi"]),
            (DirectWork, "direct_work", "Trực tiếp công tác", &["lao dong truc tiep", "truc tiep"]),
            (Women, "women", "Số nữ / tổng số", &["so nu", "ty le nu", "nu", "so nu tong so"]),
            (Initiatives, "initiatives", "Mã sáng kiến", &["sang kien"]),
            (OnBehalfReason, "on_behalf_reason", "Lý do đề nghị thay", &[]),
        ]
    };
    const NEEDED: &'static [Column] = &[Column::Candidate];
    const BESIDE: &'static [&'static str] = &["ghi chu", "chuc vu", "chuc danh", "hinh thuc khen thuong", "danh hieu"];

    fn of_line(mut line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>> {
        if !Self::COLUMNS.iter().any(|(column, ..)| line.says(*column)) {
            return None;
        }
        let row = Self {
            candidate: line.needed(Column::Candidate, cells::text),
            unit: line.read(Column::Unit, cells::text),
            group: line.read(Column::Group, cells::text),
            achievement: line.read(Column::Achievement, cells::text),
            self_scores: line.read(Column::SelfScores, scores),
            direct_work: line.read(Column::DirectWork, stated),
            women: line.read(Column::Women, women),
            initiatives: line.read(Column::Initiatives, initiatives),
            on_behalf_reason: line.read(Column::OnBehalfReason, cells::text),
        };
        Some(line.done(row))
    }
}

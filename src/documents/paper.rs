//! A paper as it is set: every line where it stands, with no placeholder left. PURE.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The papers of an award and of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Submission of the proposal to whoever decides.
    ToTrinh,
    /// A candidate's own report on its achievements.
    BaoCaoThanhTich,
    /// Minutes of a session.
    BienBanHop,
    /// Minutes of the count of votes.
    BienBanKiemPhieu,
    /// The decision.
    QuyetDinh,
    /// Final report of a movement.
    BaoCaoTongKet,
    /// The certificate.
    GiayKhen,
}

impl PaperKind {
    pub const ALL: [Self; 7] = [
        Self::ToTrinh,
        Self::BaoCaoThanhTich,
        Self::BienBanHop,
        Self::BienBanKiemPhieu,
        Self::QuyetDinh,
        Self::BaoCaoTongKet,
        Self::GiayKhen,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::ToTrinh => "to_trinh",
            Self::BaoCaoThanhTich => "bao_cao_thanh_tich",
            Self::BienBanHop => "bien_ban_hop",
            Self::BienBanKiemPhieu => "bien_ban_kiem_phieu",
            Self::QuyetDinh => "quyet_dinh",
            Self::BaoCaoTongKet => "bao_cao_tong_ket",
            Self::GiayKhen => "giay_khen",
        }
    }
}

impl fmt::Display for PaperKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A paper, ready to be written as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub kind: PaperKind,
    /// When its figures were made, which is also the file's own time: the same input makes the same bytes.
    pub created: DateTime<Utc>,
    /// Where its figures come from, for the foot of each page.
    pub trace: Option<Trace>,
    pub form: Form,
}

/// The sealed run or the stated cut of a paper's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// Id of the run, none for figures of a cut alone.
    #[serde(default)]
    pub run: Option<String>,
    /// Digest of the sealed output.
    #[serde(default)]
    pub seal: Option<String>,
    /// The instant up to which data count, in the locality's words: `17:00 ngày 14/12/2025`.
    pub cut: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    Letter(Box<Letter>),
    /// One to a page.
    Certificates(Vec<Certificate>),
}

/// A paper in the form of Nghị định 30/2020/NĐ-CP, Phụ lục I, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The superior body in capitals, line by line; papers of a People's Committee carry none.
    pub superior: Vec<String>,
    /// The issuer in capitals, line by line.
    pub issuer: Vec<String>,
    /// `Số: 05/QĐ-UBND`
    pub number: String,
    /// `Hồng Vân, ngày 05 tháng 8 năm 2025`
    pub place_and_date: String,
    /// `QUYẾT ĐỊNH`
    pub type_name: String,
    /// Trích yếu.
    pub summary: String,
    /// «Kính gửi», one or more.
    pub addressees: Vec<String>,
    /// Who decides, in capitals above the legal bases.
    pub authority: Option<String>,
    /// With their «;» and the last «.».
    pub bases: Vec<String>,
    /// `QUYẾT ĐỊNH:`
    pub resolves: Option<String>,
    /// Ends with «./.».
    pub body: Vec<Block>,
    pub signatures: Vec<Signature>,
    /// «Nơi nhận», with their «;» and the last «.».
    pub recipients: Vec<String>,
    pub appendices: Vec<Appendix>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Text(String),
    Heading(String),
    /// `Điều 1.` and its text.
    Article(String, String),
    Table(Table),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentTemplateColumn)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub title: String,
    /// A heading above this column and its neighbours with the same one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// Its part of the table's width, beside the other columns' parts.
    pub width: u32,
    #[serde(default, skip_serializing_if = "Align::is_left")]
    pub align: Align,
    /// The wording of its cells, in a template; what is set has its texts in the rows.
    #[serde(default)]
    pub text: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ColumnAlign)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

impl Align {
    fn is_left(&self) -> bool {
        *self == Self::Left
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// In capitals, line by line: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`.
    pub title: Vec<String>,
    /// Without an academic title; empty for what is signed by hand alone.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appendix {
    /// `Phụ lục`, with a Roman number where there are several.
    pub label: String,
    /// In capitals.
    pub title: String,
    /// `Kèm theo Quyết định số …`
    pub attached: String,
    pub landscape: bool,
    pub body: Vec<Block>,
}

/// Giấy khen, A4 landscape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Who awards, in capitals.
    pub authority: Vec<String>,
    /// `TẶNG`
    pub verb: String,
    /// `GIẤY KHEN`
    pub type_name: String,
    pub recipient: String,
    pub achievement: String,
    /// Bottom left: the decision, the golden book.
    pub references: Vec<String>,
    pub place_and_date: String,
    pub signature: Signature,
    /// What the code for checking says.
    pub code: Option<String>,
}

/// A day by the rule of the form: days below 10 and the months 1 and 2 have a leading zero, other months none.
pub fn in_words(day: NaiveDate) -> String {
    use chrono::Datelike;
    let month = if day.month() <= 2 { format!("{:02}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

/// A number of a paper: below 10 with a leading zero.
pub fn numbered(number: &str) -> String {
    let is_digit = number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit());
    if is_digit { format!("0{number}") } else { number.to_owned() }
}

/// A Roman number, from 1 to 39.
pub fn roman(number: usize) -> String {
    let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    format!("{}{}", "X".repeat(number / 10), ones[number % 10])
}

//! A table of people: one row is a person as communes hold them, by name and unit. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    finding::Finding,
    http::nullable,
    tables::{Line, Named, Table, cells},
};

/// A person. What a row leaves out stays as it is; null, and in a table the word `(trống)`, empties it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonRow)]
pub struct PersonRow {
    /// Id of a person who is registered already; without it the row is about whoever bears the name in the unit.
    #[serde(default)]
    pub id: Option<String>,
    #[schema(min_length = 1, max_length = 120, example = "Nguyễn Thị Hòa")]
    pub name: String,
    /// A kind of person that plans name. When left out, a new person with a unit is an `official`, and one without a
    /// `resident`.
    #[serde(default)]
    #[schema(example = "official")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 200, example = "Chuyên viên")]
    pub position: Option<Option<String>>,
    /// Code or name of the unit.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "phong-kinh-te")]
    pub unit: Option<Option<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Id,
    Name,
    Kind,
    Position,
    Unit,
}

/// The words of a cell that empty a member.
fn emptied(text: String) -> Option<String> {
    let word = text.to_lowercase();
    Some(text).filter(|_| word != "(trống)" && word != "(empty)")
}

impl Table for PersonRow {
    type Column = Column;

    const COLUMNS: &'static [Named<Column>] = {
        use Column::*;
        &[
            (Id, "id", "Mã người", &[]),
            (Name, "name", "Họ và tên", &["ho ten", "ho va ten ca nhan", "ten"]),
            (Kind, "kind", "Loại đối tượng", &["loai", "doi tuong"]),
            (Position, "position", "Chức vụ", &["chuc danh", "chuc vu chuc danh"]),
            (Unit, "unit", "Đơn vị", &["ma don vi", "don vi cong tac", "noi cong tac", "phong ban"]),
        ]
    };
    const NEEDED: &'static [Column] = &[Column::Name];
    /// Neither a birth date nor a number of a person is kept.
    const BESIDE: &'static [&'static str] =
        &["ghi chu", "ngay sinh", "nam sinh", "gioi tinh", "dien thoai", "so dien thoai", "dia chi", "email"];

    fn of_line(mut line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>> {
        if !Self::COLUMNS.iter().any(|(column, ..)| line.says(*column)) {
            return None;
        }
        let row = Self {
            id: line.read(Column::Id, cells::text),
            name: line.needed(Column::Name, cells::text),
            kind: line.read(Column::Kind, cells::text),
            position: line.read(Column::Position, cells::text).map(emptied),
            unit: line.read(Column::Unit, cells::text).map(emptied),
        };
        Some(line.done(row))
    }
}

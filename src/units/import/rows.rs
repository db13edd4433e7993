//! A table of units: one row is a unit as it stands from a day on. PURE.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::{
    days,
    finding::Finding,
    tables::{
        Line, Named, Table,
        cells::{self, Cell, Read, says_empty},
    },
};

/// A unit from a day on. What is left out of a row stays as it is known; null empties it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UnitRow)]
pub struct UnitRow {
    #[schema(example = "phong-kinh-te")]
    pub code: String,
    #[schema(min_length = 1, max_length = 200, example = "Phòng Kinh tế")]
    pub name: String,
    /// A kind of unit; plans say which kinds report what.
    #[schema(example = "division")]
    pub kind: String,
    /// Code of the unit above, in the file or known already; null at the top.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub parent: Option<Option<String>>,
    /// The day from which name, kind and parent hold.
    #[serde(deserialize_with = "days::day")]
    pub valid_from: NaiveDate,
    /// Last day, included; null takes the end back.
    #[serde(default, deserialize_with = "given_day", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NaiveDate>)]
    pub valid_to: Option<Option<NaiveDate>>,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn given_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<NaiveDate>>, D::Error> {
    days::optional_day(deserializer).map(Some)
}

/// A code, which has small letters only, in whatever case it is written.
fn code(cell: &Cell) -> Read<String> {
    Ok(cells::text(cell)?.map(|code| code.to_lowercase()))
}

/// A cell that may be blank, or say that what is known is to be emptied.
fn or_emptied<T>(read: impl Fn(&Cell) -> Read<T>) -> impl Fn(&Cell) -> Read<Option<T>> {
    move |cell| if says_empty(cell) { Ok(Some(None)) } else { Ok(read(cell)?.map(Some)) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Code,
    Name,
    Kind,
    Parent,
    ValidFrom,
    ValidTo,
}

impl Table for UnitRow {
    type Column = Column;

    const COLUMNS: &'static [Named<Column>] = {
        use Column::*;
        &[
            (Code, "code", "Mã đơn vị", &["ma", "ma so", "unit code"]),
            (Name, "name", "Tên đơn vị", &["ten", "ten co quan don vi", "ten co quan", "unit name"]),
            (Kind, "kind", "Loại đơn vị", &["loai", "loai hinh", "unit kind", "type"]),
            (
                Parent,
                "parent",
                "Mã đơn vị cấp trên",
                &["don vi cap tren", "cap tren", "truc thuoc", "parent unit", "parent code"],
            ),
            (
                ValidFrom,
                "valid_from",
                "Từ ngày",
                &["hieu luc tu ngay", "hoat dong tu ngay", "ngay bat dau", "ngay thanh lap", "from", "start date"],
            ),
            (ValidTo, "valid_to", "Đến hết ngày", &["den ngay", "ngay ket thuc", "to", "until", "end date"]),
        ]
    };
    const NEEDED: &'static [Column] = &[Column::Code, Column::Name, Column::Kind, Column::ValidFrom];
    const BESIDE: &'static [&'static str] = &["ghi chu", "notes"];
    const REPEATED: &'static [&'static str] = &["ten don vi cap tren"];

    fn of_line(mut line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>> {
        if !Self::COLUMNS.iter().any(|(column, ..)| line.says(*column)) {
            return None;
        }
        let row = Self {
            code: line.needed(Column::Code, code),
            name: line.needed(Column::Name, cells::text),
            kind: line.needed(Column::Kind, cells::text),
            parent: line.read(Column::Parent, or_emptied(code)),
            valid_from: line.needed(Column::ValidFrom, cells::day),
            valid_to: line.read(Column::ValidTo, or_emptied(cells::day)),
        };
        Some(line.done(row))
    }
}

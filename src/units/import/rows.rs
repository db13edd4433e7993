//! A table of units: one row is a unit as it stands from a day on. PURE.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    days,
    finding::Finding,
    tables::{Line, Named, Table, cells},
};

/// A unit from a day on. What is left out of an import stays as it is.
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
    /// Code of the unit above, in the file or known already; none at the top.
    #[serde(default)]
    pub parent: Option<String>,
    /// The day from which name, kind and parent hold.
    #[serde(deserialize_with = "days::day")]
    #[schema(example = "2025-07-01")]
    pub valid_from: NaiveDate,
    /// Last day, included; an end that is known already stays where none is given.
    #[serde(default, deserialize_with = "days::optional_day")]
    pub valid_to: Option<NaiveDate>,
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
            (Code, "code", "Mã đơn vị", &["ma"]),
            (Name, "name", "Tên đơn vị", &["ten"]),
            (Kind, "kind", "Loại đơn vị", &["loai"]),
            (Parent, "parent", "Mã đơn vị cấp trên", &["don vi cap tren", "cap tren"]),
            (ValidFrom, "valid_from", "Từ ngày", &["hieu luc tu ngay", "hoat dong tu ngay"]),
            (ValidTo, "valid_to", "Đến hết ngày", &["den ngay"]),
        ]
    };
    const NEEDED: &'static [Column] = &[Column::Code, Column::Name, Column::Kind, Column::ValidFrom];
    const BESIDE: &'static [&'static str] = &["stt", "so thu tu", "tt", "ghi chu", "ten don vi cap tren"];

    fn of_line(mut line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>> {
        if !Self::COLUMNS.iter().any(|(column, ..)| line.says(*column)) {
            return None;
        }
        let row = Self {
            code: line.needed(Column::Code, cells::text),
            name: line.needed(Column::Name, cells::text),
            kind: line.needed(Column::Kind, cells::text),
            parent: line.read(Column::Parent, cells::text),
            valid_from: line.needed(Column::ValidFrom, cells::day),
            valid_to: line.read(Column::ValidTo, cells::day),
        };
        Some(line.done(row))
    }
}

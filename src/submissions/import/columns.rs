//! The columns of a table of values. PURE.

use crate::tables::{Across, Named};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Period,
    Unit,
    Indicator,
    Field,
    State,
    Numerator,
    Denominator,
    Count,
    Level,
    Value,
    Rank,
    Population,
    Estimated,
    Explanation,
}

/// The columns in the order of forms and exports: name in the API, heading, and how else people write it.
pub const COLUMNS: [Named<Column>; 14] = {
    use Column::*;
    [
        (Period, "period", "Kỳ báo cáo", &["ky", "thang", "ky so lieu", "ma ky", "reporting period", "period code"]),
        (Unit, "unit", "Mã đơn vị", &["don vi", "unit code", "ma don vi bao cao", "don vi bao cao"]),
        (Indicator, "indicator", "Mã chỉ tiêu", &["chi tieu", "indicator code"]),
        (Field, "field", "Lĩnh vực", &["ma linh vuc", "field code"]),
        (State, "state", "Trạng thái", &["tinh trang", "status"]),
        (Numerator, "numerator", "Tử số", &[]),
        (Denominator, "denominator", "Mẫu số", &[]),
        (Count, "count", "Số lượng", &["so dem", "quantity", "number"]),
        (Level, "level", "Mức độ", &["muc"]),
        (Value, "value", "Giá trị", &["chi so", "index"]),
        (Rank, "rank", "Thứ hạng", &["xep hang", "hang", "place"]),
        (Population, "population", "Trong tổng số", &["tong so xep hang", "out of"]),
        (Estimated, "estimated", "Ước thực hiện", &["uoc", "estimate"]),
        (Explanation, "explanation", "Giải trình", &["thuyet minh", "reason", "remarks"]),
    ]
};

/// Headings of names, which are read where the codes have no column (folded).
pub const INSTEAD: [(Column, &str); 6] = [
    (Column::Unit, "ten don vi"),
    (Column::Unit, "unit name"),
    (Column::Indicator, "ten chi tieu"),
    (Column::Indicator, "indicator name"),
    (Column::Field, "ten linh vuc"),
    (Column::Field, "field name"),
];

/// Tables in which values stand side by side: units in lines below indicators and their fields, or indicators in lines
/// below units.
pub const ACROSS: [Across<Column>; 2] = {
    use Column::{Count, Field, Indicator, Level, Unit, Value};
    [
        Across { line: Unit, above: &[Indicator, Field], beside: &[], bare: &[Count, Level, Value] },
        Across { line: Indicator, above: &[Unit], beside: &[Field], bare: &[Count, Level, Value] },
    ]
};

/// Columns that people put beside and that say nothing to us (folded).
pub const BESIDE: [&str; 21] = [
    "ghi chu",
    "nguoi lap",
    "nguoi lap bieu",
    // Computed from what is read.
    "ty le",
    "ty le dat",
    "dat ty le",
    "phan tram",
    "percent",
    "ket qua",
    "chenh lech",
    "tong",
    "tong cong",
    "total",
    // Files are handed in with a report, and a number of a document says which.
    "minh chung",
    "van ban minh chung",
    "tai lieu kiem chung",
    "so ky hieu van ban",
    "so ky hieu minh chung",
    "minh chung so ky hieu",
    "evidence",
    "tai lieu minh chung",
];

/// What forms say of a value beside it (folded).
pub const REPEATED: [&str; 12] = [
    "noi dung chi tieu",
    "don vi tinh",
    "dvt",
    "unit of measure",
    "muc tieu",
    "target",
    "tu so la gi",
    "mau so la gi",
    "ky truoc",
    "numerator means",
    "denominator means",
    "previous period",
];

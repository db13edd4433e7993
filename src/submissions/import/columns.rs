//! The columns of a table of values. PURE.

use crate::tables::Named;

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

/// Columns that people put beside and that say nothing to us (folded).
pub const BESIDE: [&str; 12] = [
    "stt",
    "so thu tu",
    "tt",
    "no",
    "noi dung chi tieu",
    "don vi tinh",
    "unit of measure",
    "muc tieu",
    "target",
    "ghi chu",
    "nguoi lap",
    "nguoi lap bieu",
];

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

/// The columns in the order of forms and exports: name in the API, heading, and how else people write it (folded).
pub const COLUMNS: [Named<Column>; 14] = {
    use Column::*;
    [
        (Period, "period", "Kỳ báo cáo", &["ky", "thang", "ky so lieu", "ma ky"]),
        (Unit, "unit", "Mã đơn vị", &["don vi"]),
        (Indicator, "indicator", "Mã chỉ tiêu", &["chi tieu"]),
        (Field, "field", "Lĩnh vực", &["ma linh vuc"]),
        (State, "state", "Trạng thái", &["tinh trang"]),
        (Numerator, "numerator", "Tử số", &[]),
        (Denominator, "denominator", "Mẫu số", &[]),
        (Count, "count", "Số lượng", &["so dem"]),
        (Level, "level", "Mức độ", &["muc"]),
        (Value, "value", "Giá trị", &["chi so"]),
        (Rank, "rank", "Thứ hạng", &["xep hang", "hang"]),
        (Population, "population", "Trong tổng số", &["tong so xep hang"]),
        (Estimated, "estimated", "Ước thực hiện", &["uoc"]),
        (Explanation, "explanation", "Giải trình", &["thuyet minh"]),
    ]
};

/// Columns that people put beside and that say nothing to us (folded).
pub const BESIDE: [&str; 12] = [
    "stt",
    "so thu tu",
    "tt",
    "ten don vi",
    "ten chi tieu",
    "noi dung chi tieu",
    "ten linh vuc",
    "don vi tinh",
    "muc tieu",
    "ghi chu",
    "nguoi lap",
    "nguoi lap bieu",
];

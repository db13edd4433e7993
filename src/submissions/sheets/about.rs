//! What a form says of a value to be filled in, in words: what its parts are, its measure, its target and the figure of
//! the last period. PURE.

use crate::{
    exact::Decimal,
    movements::{
        plan::{Comparator, Field, Indicator, IndicatorKind},
        target::target_of,
    },
    quantity::Quantity,
    submissions::{
        import::{Column, level_word},
        value::{Value, ValueState},
    },
};

/// The words beside a value; empty where nothing is to be said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormWords {
    pub field_name: String,
    pub numerator: String,
    pub denominator: String,
    pub measure: String,
    pub target: String,
    pub before: String,
    /// The levels to choose from, as people call them.
    pub levels: Vec<String>,
    /// The columns of its figures.
    pub figures: Vec<Column>,
}

/// What plans call measures, and its words.
const MEASURES: [(&str, &str); 12] = [
    ("percent", "%"),
    ("points", "điểm"),
    ("rank", "thứ hạng"),
    ("dossiers", "hồ sơ"),
    ("initiatives", "sáng kiến"),
    ("sessions", "buổi"),
    ("people", "người"),
    ("households", "hộ"),
    ("documents", "văn bản"),
    ("meetings", "cuộc họp"),
    ("metres", "m"),
    ("items", "mục"),
];

impl FormWords {
    pub fn of(indicator: &Indicator, (field, fields): (Option<&str>, &[Field]), before: Option<&Value>) -> Self {
        let words = |text: &Option<crate::movements::plan::Text>| text.as_ref().map(|text| text.vi.clone());
        let known = fields.iter().find(|known| Some(known.code.as_str()) == field);
        Self {
            field_name: known.map(|field| field.name.vi.clone()).unwrap_or_default(),
            numerator: words(&indicator.numerator).unwrap_or_default(),
            denominator: words(&indicator.denominator).unwrap_or_default(),
            measure: measure(indicator),
            target: target(indicator, field),
            before: before.map(figure).unwrap_or_default(),
            levels: indicator.levels.iter().map(|level| level_word(level).to_owned()).collect(),
            figures: figures(indicator.kind),
        }
    }
}

fn figures(kind: IndicatorKind) -> Vec<Column> {
    match kind {
        IndicatorKind::Ratio => vec![Column::Numerator, Column::Denominator],
        IndicatorKind::Count => vec![Column::Count],
        IndicatorKind::Level => vec![Column::Level],
        IndicatorKind::Index => vec![Column::Value],
        IndicatorKind::Rank => vec![Column::Rank, Column::Population],
    }
}

fn measure(indicator: &Indicator) -> String {
    let unit = match (&indicator.unit, indicator.kind) {
        (Some(unit), _) => unit.as_str(),
        (None, IndicatorKind::Ratio) => "percent",
        (None, _) => "",
    };
    MEASURES.iter().find(|(code, _)| *code == unit).map_or(unit, |(_, words)| words).to_owned()
}

fn target(indicator: &Indicator, field: Option<&str>) -> String {
    let target = target_of(indicator, field);
    let Some(value) = &target.value else { return String::new() };
    let sign = match target.comparator {
        Comparator::AtLeast => "≥",
        Comparator::Above => "trên",
        Comparator::AtMost => "≤",
        Comparator::Below => "dưới",
    };
    match indicator.kind {
        IndicatorKind::Level => level_word(value).to_owned(),
        _ => format!("{sign} {} {}", value.replace('.', ","), measure(indicator)).trim_end().to_owned(),
    }
}

/// A value in words: «120/130», «Hoàn thành», «Không phát sinh».
fn figure(value: &Value) -> String {
    let decimal = |number: Decimal| number.to_string().replace('.', ",");
    let number = |number: Option<Quantity>| number.map(|number| number.to_string().replace('.', ","));
    let pair = |first: Option<String>, second: Option<String>| Some(format!("{}/{}", first?, second?));
    let place = |place: Option<i64>| place.map(|place| place.to_string());
    match value.state {
        ValueState::Reported => pair(number(value.numerator), number(value.denominator))
            .or_else(|| pair(place(value.rank), place(value.population)))
            .or_else(|| number(value.count).or_else(|| place(value.rank)))
            .or_else(|| value.level.as_deref().map(|level| level_word(level).to_owned()))
            .or_else(|| value.value.map(decimal))
            .unwrap_or_default(),
        ValueState::NoneArose => "Không phát sinh".to_owned(),
        ValueState::NotApplicable => "Không áp dụng".to_owned(),
        ValueState::Absent => "Chưa báo cáo".to_owned(),
    }
}

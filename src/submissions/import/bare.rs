//! A cell below headings that do not say what it holds, in every meaning that it may have. PURE.

use super::vocabulary;
use crate::{
    exact::Decimal,
    quantity::Quantity,
    submissions::value::ValueState,
    tables::cells::{self, Cell, Refusal},
};

/// A cell in every meaning that it may have, until its indicator is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// What it says instead of a figure.
    pub state: Option<ValueState>,
    pub count: Result<Option<Quantity>, Refusal>,
    pub value: Result<Option<Decimal>, Refusal>,
    pub level: Result<Option<String>, Refusal>,
    pub content: String,
}

impl Bare {
    pub fn of(cell: &Cell) -> Self {
        Self {
            state: vocabulary::state(cell).ok().flatten(),
            count: cells::amount(cell),
            value: cells::decimal(cell),
            level: cells::text(cell),
            content: cell.quoted(),
        }
    }
}

//! Tables as people make them: rows as JSON, CSV or XLSX, under headings in Vietnamese or as the API names them. Where a
//! cell may mean two things it is refused with the reason, never guessed.
//!
//! A feature says by [`Table`] what its rows are. A reader a format (`json`, `csv`, `xlsx` behind `bounds`) makes a
//! [`Reading`] of them; `headings` finds the columns, and `cells` says what a cell means.

pub mod bounds;
pub mod cells;
pub mod csv;
mod format;
mod headings;
pub mod json;
mod reading;
pub mod xlsx;

pub use format::Format;
pub use headings::{Headings, Line, Named, Table, names_columns};
pub use json::{TOLD_MOST, rejected};
pub use reading::{ROWS_MOST, Reading};

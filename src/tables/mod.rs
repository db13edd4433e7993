//! Tables: rows as JSON, CSV or XLSX, under headings in Vietnamese or the API's member names. An ambiguous cell is
//! refused with the reason, never guessed.
//!
//! A feature defines its rows by [`Table`]. A reader per format (`json`, `csv`, `xlsx` behind `bounds`) produces a
//! [`Reading`]; `headings` finds the columns, and `cells` reads a cell.

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

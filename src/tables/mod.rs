//! Tables: rows as JSON, CSV or XLSX, under headings in Vietnamese or the API's member names. An ambiguous cell is
//! refused with the reason, never guessed.
//!
//! A feature defines its rows by [`Table`]. A reader per format (`json`, `csv`, `xlsx` behind `bounds`) produces a
//! [`Reading`]; `headings` finds the columns, `across` those of values that stand side by side, `spots` keeps where each
//! row was read, `cells` reads a cell, `number_format` what a spreadsheet shows of a number, `asides` lines that are no
//! rows, `report` tells what was found, and `whole_file` has what imports of all rows or none share.

mod across;
mod asides;
mod book;
pub mod bounds;
mod cell;
pub mod cells;
pub mod csv;
mod dates;
mod format;
mod headings;
mod hidden;
pub mod json;
mod merged;
pub mod number_format;
mod reading;
mod records;
mod report;
mod spots;
mod whole_file;
pub mod xlsx;

pub use book::{Page, pages};
pub use format::Format;
pub use headings::{Across, Headings, Line, Named, Table, address};
pub use json::{TOLD_MOST, rejected};
pub use reading::{COLUMNS_MOST, ROWS_MOST, Reading};
pub use report::{Group, Notice, grouped, notices};
pub use spots::Spots;
pub use whole_file::ImportedRows;

//! A plan as a workbook, for who writes plans without JSON: the `sheets` with their `columns`, read (`read`, `targets`,
//! `rest`, into a `reading`) and written (`write`, `workbook`), cell by cell (`words`). A column holds known members; the
//! last sheet holds all else, so that a plan comes back as it was.

mod api;
mod columns;
mod file;
mod missing;
mod read;
mod reading;
mod rest;
mod sheets;
mod targets;
mod words;
mod workbook;
mod write;

pub use api::routes;
pub use columns::{Column, Holds, Shape, Sheet};
pub use file::{PlanSheets, document, template, workbook};
pub use read::read;
pub use reading::{Places, Reading};
pub use sheets::SHEETS;
pub use words::{award_form, document_kind, read as read_cell, written};
pub use workbook::xlsx;
pub use write::pages;

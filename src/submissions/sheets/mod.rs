//! Sheets for people: a unit's form for a period, filled with what is known, and what stands in a period as a table.
//! Both have the columns of an import, and what they say can be sent back.

mod about;
mod api;
mod form;
mod lines;
mod writer;

pub use about::FormWords;
pub use api::routes;
pub use lines::{CellContent, Line};

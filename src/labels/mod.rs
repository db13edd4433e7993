//! Labels of codes in both languages: one table, `labels.json`, by the name of the list.

mod table;

pub use table::{Label, labels, lists, name};

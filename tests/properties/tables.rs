//! Tables as people make them: what a spreadsheet shows, how a text is quoted, which lines are rows.

mod across;
mod addresses;
mod formats;
mod lines;
mod quotes;
mod texts;

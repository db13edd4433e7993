//! Reports of units: drafted, handed in, decided, corrected; by whom, when, and at once by many.

mod actions;
mod approvals;
mod bad_input;
mod closed;
mod completeness;
mod corrections;
mod decisions;
mod drafts;
mod evidence;
mod form;
mod forms;
mod handing_in;
mod import;
mod import_races;
mod inbox;
mod known;
mod lateness;
mod later;
mod lists;
mod members;
mod office;
mod on_behalf;
mod races;
mod reach;
mod revisions;

//! Reports of units: drafted, handed in, decided, corrected; by whom, when, and at once by many.

mod actions;
mod approvals;
mod as_of;
mod background_import;
mod bad_input;
mod closed;
mod completeness;
mod corrections;
mod decisions;
mod drafts;
mod evidence;
mod excel_compat;
mod form_view;
mod handing_in;
mod import;
mod import_races;
mod inbox;
mod lateness;
mod list_filters;
mod members;
mod on_behalf;
mod plausible;
mod races;
mod revisions;
mod scope;
mod sheets;

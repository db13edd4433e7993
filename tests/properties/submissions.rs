//! Reports: the life that no path leaves, and what checks must hold of any content.

mod checks;
mod completeness;
mod diff;
mod estimates;
mod import;
mod life;
mod plausible;
mod reminders;

//! Localities, units and people.

mod localities;
mod merges;
mod people;
mod retention;
mod units;

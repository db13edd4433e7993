//! Localities, units and people.

mod localities;
mod people;
mod retention;
mod units;

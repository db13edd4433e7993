//! Localities, units and people.

mod importing;
mod localities;
mod merges;
mod people;
mod retention;
mod statements;
mod units;

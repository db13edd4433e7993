//! Properties of the pure rules.

mod activities;
mod addresses;
mod amendments;
mod audit;
mod calendar;
mod concerns;
mod failures;
mod initiatives;
mod lint;
mod misfits;
mod periods;
mod plan;
mod progress;
mod ranking;
mod record;
mod retention;
mod server;
mod submissions;
mod tree_change;
mod unit_import;
mod units;

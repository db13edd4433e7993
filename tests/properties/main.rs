//! Properties of the pure rules.

mod activities;
mod addresses;
mod amendments;
mod audit;
mod calendar;
mod concerns;
mod database_addresses;
mod exact;
mod failures;
mod identity;
mod initiatives;
mod lint;
mod periods;
mod person_import;
mod plan;
mod preference;
mod progress;
mod ranking;
mod record;
mod retention;
mod server;
mod submissions;
mod tables;
mod tree_change;
mod unit_import;
mod units;

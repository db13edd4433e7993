//! Properties of the pure rules.

mod addresses;
mod amendments;
mod audit;
mod calendar;
mod lint;
mod periods;
mod plan;
mod progress;
mod ranking;
mod record;
mod retention;
mod submissions;
mod units;

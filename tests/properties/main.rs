//! Properties of the pure rules.

mod audit;
mod calendar;
mod lint;
mod periods;
mod plan;
mod progress;
mod ranking;
mod submissions;
mod units;

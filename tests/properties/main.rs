//! Properties of the pure rules.

mod calendar;
mod lint;
mod periods;
mod plan;
mod progress;
mod ranking;
mod submissions;
mod units;

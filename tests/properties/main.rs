//! Properties of the pure rules.

mod lint;
mod periods;
mod plan;
mod progress;
mod ranking;

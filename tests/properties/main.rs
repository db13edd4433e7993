//! Properties of the pure rules.

mod progress;
mod ranking;

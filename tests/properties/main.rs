//! Properties of the pure rules.
mod ranking;

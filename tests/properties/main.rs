//! Properties of the pure rules.

mod lint;
mod periods;
mod plan;

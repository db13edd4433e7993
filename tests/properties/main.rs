//! Properties of the pure rules.

mod periods;

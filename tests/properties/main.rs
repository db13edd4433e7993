//! Properties of the pure rules.

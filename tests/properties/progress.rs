//! Progress: what must hold of every figure, and the examples that the rules were argued over.

mod attained;
mod behind;
mod decimals;
mod examples;
mod fixtures;
mod judged;
mod summed;
mod targets;
mod totals;
mod worlds;

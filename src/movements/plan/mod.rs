//! The plan as data, format `thidua.plan/1`: one JSON document that holds a whole movement. These types are the
//! format; `plans/plan.schema.json` is generated from them. What a plan may say is checked in `lint`, not here.
//!
//! Lists are keyed by `code`, decimals are strings, texts are Vietnamese with optional English, and everything that
//! judges or dates says whether the source document states it (`plan`) or the office proposes it (`proposed`).

mod awards;
mod document;
mod indicators;
mod reporting;
mod share;
mod terms;

pub use self::{awards::*, document::*, indicators::*, reporting::*, share::*, terms::*};

//! The plan as data, format `thidua.plan/1` or `/2` (the same with more members): one JSON document that holds a whole movement. These types are the
//! format; `plans/plan.schema.json` is generated from them. What a plan may say is checked in `lint`, not here.
//!
//! Lists are keyed by `code`, decimals are strings, texts are Vietnamese with optional English, and everything that
//! judges or dates says whether the source document states it (`plan`) or the office proposes it (`proposed`).
//!
//! An issued version never changes; `versions` says which is in force on a day, `diff` what one says otherwise than
//! another.

mod api;
mod awards;
mod check;
pub mod diff;
mod document;
mod indicators;
pub mod lint;
mod reporting;
mod scale;
pub mod schema;
mod share;
pub mod sheet;
mod store;
mod targets;
mod terms;
mod unit_sets;
pub mod versions;
mod word_or;

pub use self::api::routes;
pub(super) use self::store::{delete_versions, insert_version, versions_of};
pub use self::{
    awards::*, document::*, indicators::*, reporting::*, scale::*, share::*, targets::*, terms::*, unit_sets::*,
};

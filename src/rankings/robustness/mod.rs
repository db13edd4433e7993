//! How firmly a place stands (độ vững của thứ hạng): the run with other weights many times, drawn by a seed, and with one
//! thing of its method otherwise. All of it follows from a run's frozen inputs and its output, so nothing is stored, and
//! each draw can be made again by itself: `docs/how-firm-a-place-is.md`.
//!
//! `weights` draws, `table` lays a run out in whole numbers, `order` puts it in order by given weights, `draws` counts,
//! `variants` changes the method, `report` says what it means.

mod api;
mod csv;
mod draws;
mod order;
mod report;
mod table;
mod variants;
mod weights;

pub(super) use api::{routes, shown};
pub use csv::lines;
pub use draws::{Counted, CountedEntry, Counting, ENTRIES_MOST, count, fits};
pub use order::alike;
pub use report::{Firmness, firmness, views};
pub use table::{Block, Seat, Table};
pub use variants::{Skipped, Variant, VariantKind, variants, weigh_all};
pub use weights::{draw, splitmix64};

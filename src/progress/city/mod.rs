//! Figures over the localities of a city: each locality's own beside the others', ranked among those of its kind, and the
//! sum of all. They come from the totals; of an earlier instant, from the revisions.

mod api;
mod choice;
mod rank;
mod whole;

pub use api::routes;
pub use rank::ranks;

//! Which days are worked. A locality writes its calendar down year by year (`year`), for holidays and swapped days are
//! announced so; `rules` counts working days.

mod api;
mod rules;
mod store;
mod year;

pub use api::routes;
pub use rules::{Calendar, instant};
pub use store::of_locality;
pub(super) use store::years;
pub use year::{Day, Year};

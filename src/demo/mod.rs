//! The sample story: the Hồng Vân movement with units, people, accounts and reports, told over HTTP to an instance of
//! this very service whose clock stands in 2025. Whatever stands already is left as it is, so that telling it again
//! changes nothing and a telling that was cut off goes on.
//!
//! Periods 2025-11 and 2025-12 stay open and untouched, for trying out.

mod accounts;
mod awards;
mod client;
mod organisation;
mod reports;
mod sample;
mod story;
mod tell;

pub use tell::tell;

//! Movements: a plan loaded, launched, reported on. `plan` is the format, `periods` makes its reporting windows,
//! `calendar` knows the working days.

pub mod calendar;
pub mod periods;
pub mod plan;

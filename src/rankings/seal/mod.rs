//! The seal (dấu niêm phong) of a run: what it was made of and what came of it, so that whoever holds the bundle can tell
//! whether a digit was changed since, without this service and without trust in its database.
//!
//! The frozen run is in three parts: the *inputs* (facts), the *method* (rules: the award with its groups and criteria) and
//! the *output*. A [`Seal`] names the digest of each, the engine, the run and its mode; the proof signs all of it. The
//! [`Parts`] with seal and proof are the *bundle*, one canonical file without a name of anybody: names are texts of the
//! service, which may have to be forgotten. A run from before seals has none, and is only computed again.

mod api;
mod bundle;
mod sealing;
mod verify;

pub use api::routes;
pub use bundle::{Parts, Seal, Sealed};
pub use verify::{Examined, examine, inspect, of_another, recompute};

//! Background jobs: a job is a struct with a name, stored in the caller's transaction and claimed by any instance under
//! a lease. A worker whose lease expired changes nothing of a job that another has claimed. A failed job is retried
//! with growing delays and at last is dead, for inspection; a recurring job is set to its next time instead of being
//! removed. Runs and leases that a wrong clock set too far ahead are brought back at each look.

mod forget_answers;
mod job;
mod store;
mod worker;

pub use forget_answers::ForgetAnswers;
pub use job::{Job, Kind, enqueue};
pub use store::{Standing, standing};
pub use worker::{step, work};

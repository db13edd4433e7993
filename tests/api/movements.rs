//! Movements: plans checked and loaded, the launch, the life of a movement and of its periods.

mod amendments;
mod calendar;
mod drafts;
mod due;
mod estimates;
mod frequency;
mod held;
mod launch;
mod life;
mod plans;
mod sheets;

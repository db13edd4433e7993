//! Progress over HTTP: exact figures, by scope, span and instant.

mod city;
mod compared;
mod figures;

mod histories;
mod known;
mod matrix;
mod scope;
mod sources;
mod spans;
mod worked;

use crate::support::{Answer, Client, story::Movement};

/// `GET …/progress{query}`.
fn ask(who: &Client, movement: &Movement, query: &str) -> Answer {
    who.get(&format!("{}/progress{query}", movement.path)).ok()
}

/// The same by the auditor of the locality.
fn told(movement: &Movement, query: &str) -> Answer {
    ask(&movement.commune.auditor(), movement, query)
}

//! The OpenAPI document: generated from the registered routes, then made what clients and their generators read well.
//! `document` gathers it; the others each change one thing of it: `schemas` (walks and references), `unions` (lists of
//! values, tagged unions), `bounds` (integers, bytes), `open` (lists of values in answers), `links` (from what makes a
//! thing to what reads it), `sharing` (what many operations have in common stands once). `vocabulary_api` answers the labels of
//! its lists.

mod bounds;
mod document;
mod links;
mod open;
mod schemas;
mod sharing;
mod unions;
mod vocabulary_api;

pub use document::{Document, document, routes, text};
pub use vocabulary_api::vocabulary_routes;

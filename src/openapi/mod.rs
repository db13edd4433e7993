//! The OpenAPI document: generated from the registered routes, then made what clients and their generators read well.
//!
//! `document` gathers it. Each of the others changes one thing: `unions` (lists of values, tagged unions), `bounds`
//! (integers, bytes), `open` (lists of values in answers), `presence` (members that an answer always has), `versions`
//! (what shows and what names one), `written` (patterns of what is sent), `links` (from what lists or makes a thing to
//! what reads it, and from there to what changes it), `repeated` (what many schemas say), `sharing` (what many operations
//! have in common stands once). `schemas` walks over the schemas, `parameters` tells what those of paths mean, `security`
//! who may do what, `printed` is the document's text, and `vocabulary_api` answers the labels of the lists.

mod bounds;
mod document;
mod links;
mod open;
mod parameters;
mod presence;
mod printed;
mod repeated;
mod schemas;
mod security;
mod sharing;
mod unions;
mod versions;
mod vocabulary_api;
mod written;

pub use document::{Document, document, operation_ids, routes};
pub use printed::text;
pub use vocabulary_api::vocabulary_routes;

//! The service as its clients see it: every test starts a server of its own on a database of its own and talks HTTP.
//! Each answer is held against the OpenAPI document on its way in (`support/spec.rs`).

mod support;

mod access;
mod activities;
mod audit;
mod awards;
mod command_line;
mod concerns;
mod contract;
mod distribution;
mod document_templates;
mod documents;
mod embedded;
mod events;
mod example;
mod generations;
mod hong_van;
mod http;
mod identity;
mod initiatives;
mod jobs;
mod judging;
mod killed;
mod law;
mod localities;
mod movements;
mod nominations;
mod operate;
mod people;
mod progress;
mod rankings;
mod real_plans;
mod screens;
mod scripts;
mod snapshot;
#[path = "../layout/sources.rs"]
#[allow(dead_code)]
mod sources;
mod start;
mod stopping;
mod submissions;
mod two_instances;
mod units;
mod workflow;

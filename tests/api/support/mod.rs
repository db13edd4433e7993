//! What every test stands on.

mod app;
mod client;
pub mod db;
mod dossiers;
mod files;
#[allow(dead_code)] // each test file takes what it needs
pub mod plan_book;
mod session;
pub mod spec;
mod statements;
#[allow(dead_code)] // each test file takes what it needs
pub mod story;

use std::{future::Future, sync::LazyLock};

#[allow(unused_imports)] // each test file takes what it needs
pub use app::{Commune, PASSWORD, TestApp};
#[allow(unused_imports)]
pub use client::{Answer, Client, Request};
#[allow(unused_imports)]
pub use dossiers::{MOVEMENT, dossier, households};
#[allow(unused_imports)]
pub use files::{CONTENT_TYPES, DOCUMENT_XML, Part, WORKBOOK_XML, docx, jpeg, multipart, pdf, png, zip};

/// Tests are plain functions; what is asynchronous runs here.
pub static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});

/// Waits for `work` to be done.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.block_on(work)
}

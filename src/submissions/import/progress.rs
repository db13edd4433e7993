//! How far an import is, for whoever watches it.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[derive(Debug, Default)]
pub struct Progress {
    received: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// So many rows were read: all that there are.
    pub fn received(&self, rows: usize) {
        self.received.store(rows, Relaxed);
    }

    /// So many more rows are dealt with.
    pub fn done(&self, rows: usize) {
        self.done.fetch_add(rows, Relaxed);
    }

    /// Rows read, and rows dealt with of them.
    pub fn seen(&self) -> (usize, usize) {
        let received = self.received.load(Relaxed);
        (received, self.done.load(Relaxed).min(received))
    }
}

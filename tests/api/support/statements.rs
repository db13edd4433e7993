//! The statements that a service sends while a test does something. Each connection's instrumentation keeps the texts
//! of what it sent, by the connection's address, so that tests which run at once do not mix. `BEGIN`, `COMMIT`,
//! `ROLLBACK` and savepoints count as statements; what a new connection sends to set itself up does not.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// What was sent to each address that is listened to.
static SENT: Mutex<Option<HashMap<String, Vec<String>>>> = Mutex::new(None);

fn sent() -> MutexGuard<'static, Option<HashMap<String, Vec<String>>>> {
    SENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on every new connection can be listened to.
pub fn watch() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        let ear: fn() -> Option<Box<dyn Instrumentation>> = || Some(Box::new(Ear::default()));
        set_default_instrumentation(ear).expect("the instrumentation is set");
    });
}

/// The texts of the statements sent to `url` while `work` runs, in their order.
pub fn during<T>(url: &str, work: impl FnOnce() -> T) -> Vec<String> {
    sent().get_or_insert_default().insert(url.to_owned(), Vec::new());
    work();
    sent().as_mut().and_then(|all| all.remove(url)).unwrap_or_default()
}

/// Listens to one connection.
#[derive(Default)]
struct Ear {
    url: String,
    established: bool,
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.url = url.to_owned(),
            InstrumentationEvent::FinishEstablishConnection { .. } => self.established = true,
            // The end of a query gives its text alone, its start also what is bound.
            InstrumentationEvent::FinishQuery { query, .. } if self.established => {
                let mut sent = sent();
                let Some(kept) = sent.as_mut().and_then(|all| all.get_mut(&self.url)) else { return };
                let text = query.to_string();
                if !text.starts_with("SET statement_timeout") {
                    kept.push(text);
                }
            }
            _ => {}
        }
    }
}

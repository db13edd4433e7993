//! An import is run: the same for a request, a job and the command line. All of it stands or nothing does, with one
//! record of the audit log.

use super::{
    act::{self, Change, ImportMode, Order, Outcome},
    progress::Progress,
    rows::Row,
    store,
    view::ImportAnswer,
};
use crate::{
    db::Conn,
    http::{Actor, Caller, Reply, Result, Turn, Writing},
    tables::{Format, Reading, rejected},
};

/// Reads a file, and tells how much it holds.
pub async fn read(format: Format, bytes: Vec<u8>, turn: Turn, progress: &Progress) -> Result<Reading<Row>> {
    let reading = format.read_aside(bytes, turn).await?;
    progress.received(reading.received());
    Ok(reading)
}

/// The same checks and the same answer, and nothing is stored.
pub async fn try_out(conn: &mut Conn, caller: &Caller, reading: Reading<Row>, order: &Order) -> Result<Reply> {
    let (_, outcome) = act::judge(conn, caller, reading, order, false).await?;
    answer(&outcome, order, caller)
}

pub async fn import(
    conn: &mut Conn,
    caller: &Writing,
    reading: Reading<Row>,
    order: &Order,
    progress: &Progress,
) -> Result<Reply> {
    let (movement, mut outcome) = act::judge(conn, caller, reading, order, true).await?;
    let reply = answer(&outcome, order, caller)?;
    let base = format!("movements/{}/submissions", movement.code);
    let changed: usize = outcome.changes.iter().map(rows).sum();
    progress.done(outcome.received.saturating_sub(changed));
    caller.many();
    // Whoever lent any of the roles handed in with it.
    let lent = caller.grants.iter().filter_map(|grant| grant.acting_for);
    let actor = Actor { acting_for: lent.collect(), ..caller.permit()? };
    while !outcome.changes.is_empty() {
        let rest = outcome.changes.split_off(store::portion(&outcome.changes));
        let some = std::mem::replace(&mut outcome.changes, rest);
        store::apply(conn, &actor, &movement, &some).await?;
        caller.names(some.iter().map(|change| format!("{base}/{}", change.place)));
        for change in &some {
            caller.part(conn, &change.place, change.before.as_ref(), &change.after).await?;
        }
        progress.done(some.iter().map(rows).sum());
    }
    if let Some(words) = &order.on_behalf {
        caller.because(&words.reason);
    }
    caller.about(base);
    Ok(reply)
}

fn rows(change: &Change) -> usize {
    change.after.content.values.len()
}

fn answer(outcome: &Outcome, order: &Order, caller: &Caller) -> Result<Reply> {
    if order.mode == ImportMode::Atomic && !outcome.refused.is_empty() {
        return Err(rejected(&outcome.refused, outcome.received));
    }
    Reply::ok(ImportAnswer::of(outcome, caller.locale))
}

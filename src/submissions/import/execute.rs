//! An import is run: the same for a request, a job and the command line. All of it stands or nothing does, with one
//! record of the audit log.

use super::{
    evaluate::{Change, Outcome, evaluate, evaluate_for_change},
    order::{ImportMode, Order},
    progress::Progress,
    rows::Row,
    view::ImportAnswer,
};
use crate::{
    db::Conn,
    http::{Actor, Caller, Error, Permit, Reply, Result, WriteScope},
    movements::Movement,
    submissions::{
        commands::{self, Done},
        content::Why,
        lifecycle::Action,
        store::{self, Submission},
    },
    tables::{Format, Reading, rejected},
};

/// Values that one statement writes, about: the rest waits, so that an import is never sent whole.
const VALUES: usize = 4_000;

/// Reads a file, and tells how much it holds.
pub async fn read(
    format: Format,
    bytes: Vec<u8>,
    turn: Permit,
    (order, progress): (&Order, &Progress),
) -> Result<Reading<Row>> {
    let mut reading: Reading<Row> = format.read_aside(bytes, turn).await?;
    reading.rows.iter_mut().for_each(|(_, row)| row.in_period(order.period.as_deref()));
    progress.received(reading.received());
    Ok(reading)
}

/// The same checks and the same answer, and nothing is stored.
pub async fn try_out(conn: &mut Conn, caller: &Caller, reading: Reading<Row>, order: &Order) -> Result<Reply> {
    let (_, outcome) = evaluate(conn, caller, reading, order).await?;
    answer(&outcome, order, caller)
}

pub async fn import(
    conn: &mut Conn,
    scope: &WriteScope,
    reading: Reading<Row>,
    order: &Order,
    progress: &Progress,
) -> Result<Reply> {
    let (movement, mut outcome) = evaluate_for_change(conn, scope, reading, order).await?;
    let reply = answer(&outcome, order, scope)?;
    let base = format!("movements/{}/submissions", movement.code);
    let changed: usize = outcome.changes.iter().map(rows).sum();
    progress.done(outcome.received.saturating_sub(changed));
    scope.collect_parts();
    let actor = scope.permit()?;
    while !outcome.changes.is_empty() {
        let rest = outcome.changes.split_off(portion(&outcome.changes));
        let some = std::mem::replace(&mut outcome.changes, rest);
        apply(conn, &actor, &movement, &some).await?;
        scope.also_names(some.iter().map(|change| format!("{base}/{}", change.place)));
        for change in &some {
            scope.part(conn, &change.place, change.before.as_ref(), &change.after).await?;
        }
        progress.done(some.iter().map(rows).sum());
    }
    if let Some(words) = &order.on_behalf {
        scope.because(&words.reason);
    }
    scope.set_subject(base);
    Ok(reply)
}

/// How many of the changes, from the first on, are written at once.
fn portion(changes: &[Change]) -> usize {
    let mut values = 0;
    let fits = |change: &&Change| {
        values += rows(change);
        values <= VALUES
    };
    changes.iter().take_while(fits).count().max(1)
}

/// Stores the drafts, and what of them is handed in.
async fn apply(conn: &mut Conn, actor: &Actor, movement: &Movement, changes: &[Change]) -> Result<()> {
    let (new, old): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.before.is_none());
    if !store::insert(conn, movement, &after(&new)).await? {
        return Err(Error::busy("a submission was begun by somebody else"));
    }
    store::update(conn, movement, &after(&old)).await?;
    for (action, why) in [(Action::Submit, Why::default()), (Action::Reopen, Why::final_figures())] {
        let acted: Vec<(Actor, &Change)> = changes
            .iter()
            .filter(|change| change.act == Some(action))
            .map(|change| (Actor { acting_for: change.acting_for.clone(), ..actor.clone() }, change))
            .collect();
        let done =
            acted.iter().map(|(actor, change)| Done { unit: change.unit(), actor, after: &change.after, why: &why });
        commands::record(conn, movement, action, &done.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

fn after<'a>(changes: &[&'a Change]) -> Vec<&'a Submission> {
    changes.iter().map(|change| &change.after).collect()
}

fn rows(change: &Change) -> usize {
    change.after.content.values.len()
}

fn answer(outcome: &Outcome, order: &Order, caller: &Caller) -> Result<Reply> {
    if order.mode == ImportMode::Atomic && !outcome.refused.is_empty() {
        // Of a line with several values each counts.
        return Err(rejected(&outcome.refused, outcome.received)
            .with("rows_vi", "số liệu")
            .with("rows_en", "values")
            .with("advice_vi", ", hoặc gửi lại với mode=partial để lưu các số liệu đúng")
            .with("advice_en", ", or store the valid ones with mode=partial"));
    }
    Reply::ok(ImportAnswer::of(outcome, caller.locale))
}

//! An import, from rows to what is to be stored: everything is looked up at once, then judged in memory.

use std::collections::{BTreeMap, HashMap};

use super::{
    merge::{Merged, merge, named},
    order::Order,
    rows::Row,
};
use crate::{
    db::{Conn, UnitId},
    finding::Finding,
    http::{Caller, Error, Result},
    movements::{self, Movement},
    submissions::{
        lifecycle::Action,
        position::ReportPosition,
        positions::{ReportPositions, Unknown},
        store::{self, Submission},
        value::Value,
    },
    tables::Reading,
};

/// What became of the rows, and what is to be stored.
#[derive(Default)]
pub struct Outcome {
    pub received: usize,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// By the rows' numbers.
    pub refused: Vec<(usize, Vec<Finding>)>,
    pub incomplete: Vec<Incomplete>,
    pub changes: Vec<Change>,
}

/// A submission that was to be handed in and could not.
pub struct Incomplete {
    pub period: String,
    pub unit: String,
    pub findings: Vec<Finding>,
}

/// A submission as it stood and as it is to stand.
pub struct Change {
    /// `period/unit`, by their codes.
    pub place: String,
    pub before: Option<Submission>,
    pub after: Submission,
    pub submitted: bool,
}

impl Change {
    /// Code of the unit.
    pub fn unit(&self) -> &str {
        self.place.rsplit('/').next().unwrap_or_default()
    }
}

/// What an import looks things up in.
struct Lookup<'a> {
    caller: &'a Caller,
    positions: ReportPositions<'a>,
    reports: HashMap<(String, UnitId), Submission>,
    last: LastValues,
}

/// Finds the movement (404), permits (403), and judges every row.
pub async fn evaluate(
    conn: &mut Conn,
    caller: &Caller,
    reading: Reading<Row>,
    order: &Order,
) -> Result<(Movement, Outcome)> {
    let movement = launched(conn, caller, order).await?;
    let positions = ReportPositions::open(conn, caller, &movement).await?;
    let (groups, outcome) = begin(reading);
    let reports = store::of_places(conn, &movement, &places(&groups, &positions)).await?;
    let last = last_values(conn, &groups, &positions, order).await?;
    let outcome = Lookup::of(caller, positions, reports, last).judge(groups, order, outcome);
    Ok((movement, outcome))
}

/// The same for a change: the movement and the reports that rows speak of stay as they are until the transaction ends;
/// other reports go on meanwhile.
pub async fn evaluate_for_change(
    conn: &mut Conn,
    caller: &Caller,
    reading: Reading<Row>,
    order: &Order,
) -> Result<(Movement, Outcome)> {
    let movement = launched(conn, caller, order).await?;
    let positions = ReportPositions::open_for_change(conn, caller, &movement).await?;
    let (groups, outcome) = begin(reading);
    let reports = store::lock_places(conn, &movement, &places(&groups, &positions)).await?;
    let last = last_values(conn, &groups, &positions, order).await?;
    let outcome = Lookup::of(caller, positions, reports, last).judge(groups, order, outcome);
    Ok((movement, outcome))
}

async fn launched(conn: &mut Conn, caller: &Caller, order: &Order) -> Result<Movement> {
    let movement = movements::share(conn, caller.locality()?, &order.movement).await?;
    caller.permit()?;
    movement.must_be(&[movements::State::Launched])?;
    Ok(movement.into())
}

/// The rows by period and unit, and an outcome with what could not be read.
fn begin(reading: Reading<Row>) -> (Groups, Outcome) {
    let outcome = Outcome { received: reading.received(), refused: reading.refused, ..Outcome::default() };
    (grouped(reading.rows), outcome)
}

fn places<'a>(groups: &'a Groups, positions: &ReportPositions) -> Vec<(&'a str, UnitId)> {
    let place =
        |(period, unit): &'a (String, String)| Some((period.as_str(), positions.find(period, unit).ok()?.unit.id));
    groups.keys().filter_map(place).collect()
}

/// What the units reported last, where that is compared with what is handed in now.
async fn last_values(
    conn: &mut Conn,
    groups: &Groups,
    positions: &ReportPositions<'_>,
    order: &Order,
) -> Result<LastValues> {
    let mut last = LastValues::new();
    for (period, unit) in groups.keys().filter(|_| order.submit) {
        if let Ok(position) = positions.find(period, unit) {
            last.insert((period.clone(), position.unit.id), position.last_values(conn).await?);
        }
    }
    Ok(last)
}

type Groups = BTreeMap<(String, String), Vec<(usize, Row)>>;
type LastValues = HashMap<(String, UnitId), Vec<Value>>;

/// The rows by period and unit.
fn grouped(rows: Vec<(usize, Row)>) -> Groups {
    let mut groups = Groups::new();
    for (number, row) in rows {
        groups.entry((row.period.clone(), row.unit.clone())).or_default().push((number, row));
    }
    groups
}

/// What an earlier row said already is refused.
fn once(rows: Vec<(usize, Row)>, outcome: &mut Outcome) -> Vec<(usize, Row)> {
    let mut said: HashMap<(String, Option<String>), usize> = HashMap::with_capacity(rows.len());
    let is_first = |(number, row): &(usize, Row)| {
        let first = *said.entry((row.indicator.clone(), row.field.clone())).or_insert(*number);
        if first != *number {
            outcome.refused.push((*number, vec![Finding::new("", "row_twice").with("first", first)]));
        }
        first == *number
    };
    rows.into_iter().filter(is_first).collect()
}

impl<'a> Lookup<'a> {
    fn of(caller: &'a Caller, positions: ReportPositions<'a>, reports: Vec<Submission>, last: LastValues) -> Self {
        let by_place = |report: Submission| ((report.period.clone(), report.unit), report);
        Self { caller, positions, reports: reports.into_iter().map(by_place).collect(), last }
    }

    fn judge(mut self, groups: Groups, order: &Order, mut outcome: Outcome) -> Outcome {
        for ((period, unit), rows) in groups {
            self.take(&period, &unit, rows, order, &mut outcome);
        }
        outcome.refused.sort_by_key(|(number, _)| *number);
        outcome.changes.sort_by(|a, b| a.place.cmp(&b.place));
        outcome
    }

    fn take(&mut self, period: &str, unit: &str, rows: Vec<(usize, Row)>, order: &Order, outcome: &mut Outcome) {
        let rows = once(rows, outcome);
        let position = match self.position(period, unit) {
            Ok(position) => position,
            Err(finding) => {
                return outcome.refused.extend(rows.into_iter().map(|(number, _)| (number, vec![finding.clone()])));
            }
        };
        let found = self.reports.remove(&(period.to_owned(), position.unit.id));
        let stands = found.clone().unwrap_or_else(|| position.blank(self.caller.now));
        let bar = self.bar(&position, found.as_ref(), &stands, order);
        let known = position.indicators();
        let mut merged = merge(&stands.content, rows, &position.owed(), known, bar.as_ref());
        outcome.created += merged.created;
        outcome.updated += merged.updated;
        outcome.unchanged += merged.unchanged;
        outcome.refused.append(&mut merged.refused);
        if bar.is_none() {
            self.change(&position, found, stands, merged, order, outcome);
        }
    }

    fn position(&self, period: &str, unit: &str) -> Result<ReportPosition, Finding> {
        self.positions.find(period, unit).map_err(|unknown| match unknown {
            Unknown::Period => Finding::new("/period", "row_not_found"),
            Unknown::Unit => Finding::new("/unit", "row_not_found"),
        })
    }

    /// Why the draft may not be changed by this caller now.
    fn bar(
        &self,
        position: &ReportPosition,
        found: Option<&Submission>,
        stands: &Submission,
        order: &Order,
    ) -> Option<Finding> {
        if !position.may(self.caller, Action::Edit, found) {
            return Some(Finding::new("/unit", "forbidden"));
        }
        if let Err(Error::Refused { code, args, .. }) = position.lets(stands.state, Action::Edit) {
            return Some(Finding { args, ..Finding::new("", code) });
        }
        let capacity = position.capacity(self.caller, Action::Edit);
        match &order.on_behalf {
            None if !capacity.own => Some(Finding::new("/unit", "on_behalf_needed")),
            Some(_) if !capacity.wide => Some(Finding::new("/unit", "on_behalf_unneeded")),
            _ => None,
        }
    }

    fn change(
        &self,
        position: &ReportPosition,
        found: Option<Submission>,
        stands: Submission,
        merged: Merged,
        order: &Order,
        outcome: &mut Outcome,
    ) {
        let changes = merged.changes();
        if !changes && (merged.unchanged == 0 || !order.submit) {
            return;
        }
        let mut after = Submission { content: merged.content, ..stands };
        if changes {
            after.content.on_behalf = order.on_behalf.clone();
        }
        let submitted = order.submit.then(|| self.hand_in(position, found.as_ref(), after.clone()));
        let submitted = match submitted {
            Some(Ok(handed_in)) => {
                after = handed_in;
                true
            }
            Some(Err(findings)) => {
                let (period, unit) = (after.period.clone(), position.unit.code.clone());
                outcome.incomplete.push(Incomplete { period, unit, findings });
                false
            }
            None => false,
        };
        if changes || submitted {
            after.updated_at = self.caller.now;
            after.version = found.as_ref().map_or(1, |found| found.version + 1);
            let place = format!("{}/{}", after.period, position.unit.code);
            outcome.changes.push(Change { place, before: found, after, submitted });
        }
    }

    fn hand_in(
        &self,
        position: &ReportPosition,
        found: Option<&Submission>,
        after: Submission,
    ) -> Result<Submission, Vec<Finding>> {
        if !position.may(self.caller, Action::Submit, found) {
            return Err(vec![Finding::new("", "forbidden")]);
        }
        match position.lets(after.state, Action::Submit) {
            Ok(state) => {
                let evidence = named(&after.content);
                let last = self.last.get(&(after.period.clone(), after.unit)).map_or(&[][..], Vec::as_slice);
                position.handed_in(self.caller, Submission { state, ..after }, &evidence, last)
            }
            Err(Error::Refused { code, args, .. }) => Err(vec![Finding { args, ..Finding::new("", code) }]),
            Err(other) => Err(vec![Finding::new("", other.code())]),
        }
    }
}

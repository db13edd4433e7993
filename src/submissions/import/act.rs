//! An import, from rows to what is to be stored: everything is looked up at once, then judged in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    merge::{Merged, merge, named},
    rows::{Reading, Row},
};
use crate::{
    db::{Conn, UnitId},
    finding::Finding,
    http::{Caller, Error, Result},
    movements::{self, Movement, Period},
    submissions::{
        acts::Desk,
        content::OnBehalf,
        rules::Action,
        store::{self, Submission},
    },
    units::{self, History, Tree},
};

/// What is asked for beside the rows.
#[derive(Default)]
pub struct Order {
    /// Hands in what is complete.
    pub submit: bool,
    pub on_behalf: Option<OnBehalf>,
}

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
    pub unit: String,
    pub before: Option<Submission>,
    pub after: Submission,
    pub submitted: bool,
}

/// What an import looks things up in.
struct Desks<'a> {
    caller: &'a Caller,
    movement: &'a Movement,
    periods: HashMap<String, (Period, Tree)>,
    today: Tree,
    standing: HashMap<(String, UnitId), Submission>,
}

/// Finds the movement (404), permits (403), and judges every row. For a change, drafts of the movement stay as they are
/// until the transaction ends.
pub async fn judge(
    conn: &mut Conn,
    caller: &Caller,
    movement: &str,
    reading: Reading,
    order: &Order,
    change: bool,
) -> Result<(Movement, Outcome)> {
    let locality = caller.locality()?;
    let movement = match change {
        true => movements::lock(conn, locality, movement).await?,
        false => movements::find(conn, locality, movement).await?,
    };
    caller.permit()?;
    movement.must_be(&[movements::State::Launched])?;
    let mut outcome = Outcome { received: reading.received(), refused: reading.refused, ..Outcome::default() };
    let groups = grouped(reading.rows, &mut outcome);
    let periods = movements::list_periods(conn, &movement).await?;
    let history = units::history(conn, locality).await?;
    let named: BTreeSet<&str> = groups.keys().map(|(period, _)| period.as_str()).collect();
    let standing = store::of_periods(conn, &movement, &named.into_iter().collect::<Vec<_>>()).await?;
    let desks = Desks {
        caller,
        movement: &movement,
        periods: by_code(periods, &history),
        today: history.begun_by(caller.today()),
        standing: standing.into_iter().map(|found| ((found.period.clone(), found.unit), found)).collect(),
    };
    for ((period, unit), rows) in groups {
        desks.take(&period, &unit, rows, order, &mut outcome);
    }
    outcome.refused.sort_by_key(|(number, _)| *number);
    Ok((movement, outcome))
}

fn by_code(periods: Vec<Period>, history: &History) -> HashMap<String, (Period, Tree)> {
    let of_day = |period: Period| {
        let tree = history.on(period.window.cutoff_on);
        (period.window.code.clone(), (period, tree))
    };
    periods.into_iter().map(of_day).collect()
}

type Groups = BTreeMap<(String, String), Vec<(usize, Row)>>;

/// The rows by period and unit. What an earlier row said already is refused.
fn grouped(rows: Vec<(usize, Row)>, outcome: &mut Outcome) -> Groups {
    let mut groups = Groups::new();
    let mut said: HashMap<(String, String, String, Option<String>), usize> = HashMap::with_capacity(rows.len());
    for (number, row) in rows {
        let place = (row.period.clone(), row.unit.clone(), row.indicator.clone(), row.field.clone());
        if let Some(first) = said.get(&place) {
            outcome.refused.push((number, vec![Finding::new("", "row_twice").with("first", first)]));
            continue;
        }
        said.insert(place, number);
        groups.entry((row.period.clone(), row.unit.clone())).or_default().push((number, row));
    }
    groups
}

impl Desks<'_> {
    fn take(&self, period: &str, unit: &str, rows: Vec<(usize, Row)>, order: &Order, outcome: &mut Outcome) {
        let desk = match self.desk(period, unit) {
            Ok(desk) => desk,
            Err(finding) => {
                return outcome.refused.extend(rows.into_iter().map(|(number, _)| (number, vec![finding.clone()])));
            }
        };
        let found = self.standing.get(&(period.to_owned(), desk.unit.id));
        let stands = found.cloned().unwrap_or_else(|| desk.blank(self.caller.now));
        let bar = self.bar(&desk, found, &stands, order);
        let known = desk.indicators();
        let mut merged = merge(&stands.content, rows, &desk.owed(), known, bar.as_ref());
        outcome.created += merged.created;
        outcome.updated += merged.updated;
        outcome.unchanged += merged.unchanged;
        outcome.refused.append(&mut merged.refused);
        if bar.is_none() {
            self.change(&desk, found, stands, merged, order, outcome);
        }
    }

    fn desk(&self, period: &str, unit: &str) -> Result<Desk, Finding> {
        let (period, then) = self.periods.get(period).ok_or_else(|| Finding::new("/period", "row_not_found"))?;
        let desk = Desk::find(self.caller, self.movement, period, (then, &self.today), unit);
        desk.ok_or_else(|| Finding::new("/unit", "row_not_found"))
    }

    /// Why the draft may not be changed by this caller now.
    fn bar(&self, desk: &Desk, found: Option<&Submission>, stands: &Submission, order: &Order) -> Option<Finding> {
        if !desk.may(self.caller, Action::Edit, found) {
            return Some(Finding::new("/unit", "forbidden"));
        }
        if let Err(Error::Refused { code, args, .. }) = desk.lets(stands.state, Action::Edit) {
            return Some(Finding { args, ..Finding::new("", code) });
        }
        let capacity = desk.capacity(self.caller, Action::Edit);
        match &order.on_behalf {
            None if !capacity.own => Some(Finding::new("/unit", "on_behalf_needed")),
            Some(_) if !capacity.wide => Some(Finding::new("/unit", "on_behalf_unneeded")),
            _ => None,
        }
    }

    fn change(
        &self,
        desk: &Desk,
        found: Option<&Submission>,
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
        let submitted = order.submit.then(|| self.hand_in(desk, found, after.clone()));
        let submitted = match submitted {
            Some(Ok(handed_in)) => {
                after = handed_in;
                true
            }
            Some(Err(findings)) => {
                let (period, unit) = (after.period.clone(), desk.unit.code.clone());
                outcome.incomplete.push(Incomplete { period, unit, findings });
                false
            }
            None => false,
        };
        if changes || submitted {
            after.updated_at = self.caller.now;
            after.version = found.map_or(1, |found| found.version + 1);
            let (unit, before) = (desk.unit.code.clone(), found.cloned());
            outcome.changes.push(Change { unit, before, after, submitted });
        }
    }

    fn hand_in(&self, desk: &Desk, found: Option<&Submission>, after: Submission) -> Result<Submission, Vec<Finding>> {
        if !desk.may(self.caller, Action::Submit, found) {
            return Err(vec![Finding::new("", "forbidden")]);
        }
        match desk.lets(after.state, Action::Submit) {
            Ok(state) => {
                let evidence = named(&after.content);
                desk.handed_in(self.caller, Submission { state, ..after }, &evidence)
            }
            Err(Error::Refused { code, args, .. }) => Err(vec![Finding { args, ..Finding::new("", code) }]),
            Err(other) => Err(vec![Finding::new("", other.code())]),
        }
    }
}

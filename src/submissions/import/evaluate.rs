//! An import, from rows to what is to be stored: everything is looked up at once, then judged in memory.

use std::collections::{BTreeSet, HashMap};

use super::{
    across::joined,
    merge::{Merged, merge, named},
    order::Order,
    repeats::{Repeats, once},
    resolve::{Groups, Place, Plans, meaningful_blanks, not_found, readable, refuse_parts},
    rows::Row,
};
use crate::{
    db::{AccountId, Conn, UnitId},
    finding::Finding,
    http::{Caller, Error, Result, forbidden_here},
    movements::{self, Movement},
    submissions::{
        estimates,
        lifecycle::Action,
        position::ReportPosition,
        positions::{ReportPositions, Unknown},
        store::{self, Submission},
        value::{Value, ValueState},
    },
    tables::{Reading, Spots},
};

/// Rows that are named of those that are rejected.
const ROWS_TOLD: usize = 10;

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
    /// Rows that something is to be said of that is no fault.
    pub notices: Vec<(usize, &'static str)>,
    /// Headings of columns that hold something and were not read.
    pub unread: Vec<String>,
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
    /// What is done with it beyond its draft: it is handed in, or opened again for its final figures.
    pub act: Option<Action>,
    /// Who delegated the role by which that is done.
    pub acting_for: Vec<AccountId>,
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
    plans: Plans,
    last: LastValues,
    spots: &'a Spots,
}

/// The rows of one report.
struct Rows {
    rows: Vec<(usize, Row)>,
    /// The numbers of those that are refused, so that the report is not handed in.
    rejected: Vec<usize>,
}

/// Finds the movement (404), permits (403), and judges every row.
pub async fn evaluate(
    conn: &mut Conn,
    caller: &Caller,
    mut reading: Reading<Row>,
    order: &Order,
) -> Result<(Movement, Outcome)> {
    let movement = launched(conn, caller, order).await?;
    let positions = ReportPositions::open(conn, caller, &movement).await?;
    let outcome = Outcome::of(&movement, &mut reading);
    let Reading { rows, refused, spots, .. } = reading;
    let groups = Groups::of(rows, refused, &positions);
    let reports = store::of_places(conn, &movement, &places(&groups, &positions)).await?;
    let last = last_values(conn, &groups, &positions, order).await?;
    let lookup = Lookup::of(caller, positions, reports, (last, &spots));
    let outcome = lookup.judge(groups, order, outcome).with_cells(&spots);
    Ok((movement, outcome))
}

/// The same for a change: the movement and the reports that rows speak of stay as they are until the transaction ends;
/// other reports go on meanwhile.
pub async fn evaluate_for_change(
    conn: &mut Conn,
    caller: &Caller,
    mut reading: Reading<Row>,
    order: &Order,
) -> Result<(Movement, Outcome)> {
    let movement = launched(conn, caller, order).await?;
    let positions = ReportPositions::open(conn, caller, &movement).await?;
    let outcome = Outcome::of(&movement, &mut reading);
    let Reading { rows, refused, spots, .. } = reading;
    let groups = Groups::of(rows, refused, &positions);
    let reports = store::lock_places(conn, &movement, &places(&groups, &positions)).await?;
    let last = last_values(conn, &groups, &positions, order).await?;
    let lookup = Lookup::of(caller, positions, reports, (last, &spots));
    let outcome = lookup.judge(groups, order, outcome).with_cells(&spots);
    Ok((movement, outcome))
}

async fn launched(conn: &mut Conn, caller: &Caller, order: &Order) -> Result<Movement> {
    let movement = movements::share_with_tree(conn, caller.recall()?, &order.movement).await?;
    caller.permit()?;
    movement.must_be(&[movements::State::Launched])?;
    Ok(movement.into())
}

fn places<'a>(groups: &'a Groups, positions: &ReportPositions) -> Vec<(&'a str, UnitId)> {
    let place = |(period, unit): &'a Place| Some((period.as_str(), positions.find(period, unit).ok()?.unit.id));
    groups.rows.keys().filter_map(place).collect()
}

type LastValues = HashMap<(String, UnitId), Vec<Value>>;

/// What the units reported last, where that is compared with what is handed in now.
async fn last_values(
    conn: &mut Conn,
    groups: &Groups,
    positions: &ReportPositions<'_>,
    order: &Order,
) -> Result<LastValues> {
    let mut last = LastValues::new();
    for (period, unit) in groups.rows.keys().filter(|_| order.submit) {
        if let Ok(position) = positions.find(period, unit) {
            last.insert((period.clone(), position.unit.id), position.last_values(conn, &[]).await?);
        }
    }
    Ok(last)
}

impl Outcome {
    /// Before any row is judged.
    fn of(movement: &Movement, reading: &mut Reading<Row>) -> Self {
        let mut notices = std::mem::take(&mut reading.notices);
        notices.extend(meaningful_blanks(&movement.versions.newest().plan, &reading.blanks));
        let unread = reading.unread_columns();
        Self { received: reading.received(), notices, unread, ..Self::default() }
    }

    /// With the line of each row, and the address of the cell of each finding, where the rows are of a table.
    fn with_cells(mut self, spots: &Spots) -> Self {
        for (row, findings) in &mut self.refused {
            locate(findings, *row, spots);
            for finding in findings.iter_mut().filter(|finding| finding.code == "row_twice") {
                let first = finding.args.get("first").and_then(|first| first.parse().ok());
                finding.args.extend(first.map(|first: usize| ("first", spots.line(first).to_string())));
            }
            *row = spots.line(*row);
        }
        self
    }
}

/// Puts the address of its cell to each finding that has none.
fn locate(findings: &mut [Finding], row: usize, spots: &Spots) {
    for finding in findings.iter_mut().filter(|finding| !finding.args.contains_key("cell")) {
        finding.args.extend(spots.cell(finding, row).map(|cell| ("cell", cell)));
    }
}

impl<'a> Lookup<'a> {
    fn of(
        caller: &'a Caller,
        positions: ReportPositions<'a>,
        reports: Vec<Submission>,
        (last, spots): (LastValues, &'a Spots),
    ) -> Self {
        let by_place = |report: Submission| ((report.period.clone(), report.unit), report);
        let reports = reports.into_iter().map(by_place).collect();
        Self { caller, positions, reports, plans: Plans::default(), last, spots }
    }

    fn judge(mut self, mut groups: Groups, order: &Order, mut outcome: Outcome) -> Outcome {
        outcome.refused.append(&mut groups.refused);
        for (place, rows) in std::mem::take(&mut groups.rows) {
            let rows = Rows { rows, rejected: groups.unread(&place) };
            self.take(&place, rows, order, &mut outcome);
        }
        outcome.refused.sort_by_key(|(number, _)| *number);
        outcome.changes.sort_by(|a, b| a.place.cmp(&b.place));
        outcome
    }

    fn take(&mut self, (period, unit): &Place, rows: Rows, order: &Order, outcome: &mut Outcome) {
        let Rows { rows, mut rejected } = rows;
        let position = match self.position(period, unit) {
            Ok(position) => position,
            Err(finding) => {
                let refused =
                    rows.into_iter().map(|(number, row)| (number, [vec![finding.clone()], row.unread].concat()));
                return outcome.refused.extend(refused);
            }
        };
        let mut refused = Vec::new();
        let mut named = self.plans.name(&position, rows, &mut refused);
        // A row that is joined to another loses its own place.
        for (number, row) in &mut named {
            refuse_parts(position.indicators(), row, |finding| self.spots.cell(finding, *number).is_some());
            locate(&mut row.unread, *number, self.spots);
        }
        let parts = named.len();
        let rows = joined(named, |number| self.spots.line(number));
        outcome.received -= parts - rows.len();
        let mut rows = readable(position.indicators(), rows, &mut refused);
        if estimates::are_asked(&position.period, self.caller.now) {
            rows.iter_mut().for_each(|(_, row)| row.estimated |= row.state == ValueState::Reported);
        }
        let Repeats { rows, equal, mut contradictory } = once(rows);
        refused.append(&mut contradictory);
        let found = self.reports.remove(&(period.to_owned(), position.unit.id));
        let stands = found.clone().unwrap_or_else(|| position.blank(self.caller.now));
        let bar = self.bar(&position, found.as_ref(), &stands, order);
        let known = position.indicators();
        let mut merged = merge(&stands.content, rows, &position.owed(), known, bar.as_ref());
        outcome.created += merged.created;
        outcome.updated += merged.updated;
        outcome.unchanged += merged.unchanged;
        refused.append(&mut merged.refused);
        rejected.extend(refused.iter().map(|(number, _)| *number));
        rejected.sort_unstable();
        outcome.refused.append(&mut refused);
        // A row that repeats another loses nothing.
        outcome.refused.extend(equal);
        if bar.is_none() {
            self.change(&position, (found, stands), (merged, rejected), order, outcome);
        }
    }

    fn position(&self, period: &str, unit: &str) -> Result<ReportPosition, Finding> {
        self.positions.find(period, unit).map_err(|unknown| match unknown {
            Unknown::Period => {
                let known: BTreeSet<&str> = self.positions.periods().collect();
                let all = known.iter().copied().collect::<Vec<_>>().join(", ");
                let finding = not_found("/period", period, known).with("known", &all);
                if finding.args.contains_key("nearest") {
                    return finding;
                }
                finding
                    .with("advice_vi", format!("Phong trào chỉ có các kỳ {all}. "))
                    .with("advice_en", format!("The movement's periods are {all}. "))
            }
            Unknown::Unit => {
                // Of equally near ones the last is taken: a code rather than a name.
                let units = || self.positions.units(period);
                let names = units().map(|unit| unit.name.as_str());
                not_found("/unit", unit, names.chain(units().map(|unit| unit.code.as_str())))
            }
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
            return Some(forbidden_here("/unit", "draft_submission"));
        }
        if let Err(Error::Refused { code, args, .. }) = position.lets(Some(stands), Action::Edit) {
            return Some(Finding { args, ..Finding::new("", code) });
        }
        let capacity = position.capacity(self.caller, Action::Edit);
        match &order.on_behalf {
            None if !capacity.own => Some(
                Finding::new("/unit", "on_behalf_needed")
                    .with("advice_vi", "; khi nhập tệp là hai tham số on_behalf_reason và on_behalf_source")
                    .with("advice_en", ", which are the parameters on_behalf_reason and on_behalf_source of an import"),
            ),
            Some(_) if !capacity.wide => Some(Finding::new("/unit", "on_behalf_unneeded")),
            _ => None,
        }
    }

    fn change(
        &self,
        position: &ReportPosition,
        (found, stands): (Option<Submission>, Submission),
        (merged, rejected): (Merged, Vec<usize>),
        order: &Order,
        outcome: &mut Outcome,
    ) {
        let (changes, said) = (merged.changes(), merged.unchanged > 0 || !rejected.is_empty());
        let state = position.lets(Some(&stands), Action::Edit).unwrap_or(stands.state);
        let reopened = state != stands.state;
        if !(changes || said && order.submit && !reopened) {
            return;
        }
        let mut content = merged.content;
        if changes {
            content.on_behalf = order.on_behalf.clone();
        }
        let authors = position.acting_for(self.caller, Action::Edit);
        let mut after = Submission { state, ..stands.written(content, self.caller.account.id, &authors) };
        let submitted = order.submit.then(|| self.hand_in_whole(position, found.as_ref(), after.clone(), &rejected));
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
            let acting_for = position.acting_for(self.caller, if submitted { Action::Submit } else { Action::Edit });
            let act = match submitted {
                true => Some(Action::Submit),
                false => reopened.then_some(Action::Reopen),
            };
            outcome.changes.push(Change { place, before: found, after, act, acting_for });
        }
    }

    /// Hands in what is wholly taken: where rows are rejected the draft may still hold what they were to replace.
    fn hand_in_whole(
        &self,
        position: &ReportPosition,
        found: Option<&Submission>,
        after: Submission,
        rejected: &[usize],
    ) -> Result<Submission, Vec<Finding>> {
        let handed_in = self.hand_in(position, found, after);
        if rejected.is_empty() {
            return handed_in;
        }
        let rows: Vec<String> =
            rejected.iter().take(ROWS_TOLD).map(|number| self.spots.line(*number).to_string()).collect();
        let finding = Finding::new("", "report_rows_rejected");
        let finding = finding.with("count", rejected.len()).with("rows", rows.join(", "));
        Err([finding].into_iter().chain(handed_in.err().into_iter().flatten()).collect())
    }

    fn hand_in(
        &self,
        position: &ReportPosition,
        found: Option<&Submission>,
        after: Submission,
    ) -> Result<Submission, Vec<Finding>> {
        if !position.may(self.caller, Action::Submit, found) {
            return Err(vec![forbidden_here("", "submit_submission")]);
        }
        match position.lets(Some(&after), Action::Submit) {
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

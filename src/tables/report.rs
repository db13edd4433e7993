//! What a sender is told of the rows: equal findings as one, with their number and the first rows.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    finding::Finding,
    http::{Locale, entry, fill},
};

/// Rows that are named of those with an equal finding.
const ROWS_TOLD: usize = 10;
/// What a finding says of its place only.
const PLACE: [&str; 2] = ["cell", "row"];

/// Equal findings of several rows.
#[derive(Debug, PartialEq)]
pub struct Group<'a> {
    pub finding: &'a Finding,
    pub count: usize,
    /// The first ten.
    pub rows: Vec<usize>,
}

/// The findings of all rows, equal ones as one, in the order of their first rows.
pub fn grouped(refused: &[(usize, Vec<Finding>)]) -> Vec<Group<'_>> {
    let (mut groups, mut known): (Vec<Group>, BTreeMap<_, usize>) = (Vec::new(), BTreeMap::new());
    for (row, finding) in refused.iter().flat_map(|(row, found)| found.iter().map(move |finding| (*row, finding))) {
        let args: Vec<_> = finding.args.iter().filter(|(name, _)| !PLACE.contains(name)).collect();
        let at = *known.entry((&finding.pointer, finding.code, args)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => {
                group.count += 1;
                // Of one line several values may be wrong alike.
                let is_new = group.rows.len() < ROWS_TOLD && group.rows.last() != Some(&row);
                group.rows.extend(is_new.then_some(row));
            }
            None => groups.push(Group { finding, count: 1, rows: vec![row] }),
        }
    }
    groups
}

/// Rows or columns of which something is said that is no fault: they were passed over, or nobody sees them in the sheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notice {
    #[schema(example = "row_of_total")]
    pub code: String,
    pub message: String,
    /// How many rows, or columns.
    pub count: usize,
    /// The first ten of these rows; none, where it is about columns.
    pub rows: Vec<usize>,
}

/// What is said of rows, by its code, and of the columns that were not read, by the code given.
pub fn notices(noted: &[(usize, &'static str)], unread: (&str, &[String]), locale: Locale) -> Vec<Notice> {
    let (code, unread) = unread;
    let mut by_code: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    noted.iter().for_each(|(row, code)| by_code.entry(code).or_default().push(*row));
    let notice = |(code, mut rows): (&str, Vec<usize>)| {
        let count = rows.len();
        rows.truncate(ROWS_TOLD);
        let args = BTreeMap::from([("count", count.to_string())]);
        Notice { code: code.to_owned(), message: fill(entry(code).message(locale), &args), count, rows }
    };
    let columns = (!unread.is_empty()).then(|| {
        let count = unread.len();
        let args = BTreeMap::from([("count", count.to_string()), ("columns", unread.join(", "))]);
        Notice { code: code.to_owned(), message: fill(entry(code).message(locale), &args), count, rows: Vec::new() }
    });
    by_code.into_iter().map(notice).chain(columns).collect()
}

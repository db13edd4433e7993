//! The submission (tờ trình) of a proposal.

use std::collections::BTreeMap;

use super::grounds::{Cited, Grounds, Row, row};
use crate::{
    awards::proposals::{Candidate, Case, Difference},
    clock::day,
    documents::Values,
    http::Result,
};

/// Without a number, which the registry of the division gives; of the day it was proposed.
pub fn submission(grounds: &Grounds, cited: &Cited, case: &Case, signer: String) -> Result<Values> {
    let mut values = grounds.head(cited);
    let selected = case.selected();
    let proposed_on = day(case.proposal.proposed_at);
    values.texts.insert("so_luong".to_owned(), grounds.many(selected.len())?);
    values.texts.insert("nguoi_ky".to_owned(), signer);
    values.days.insert("ngay".to_owned(), proposed_on);
    let nominations = selected.iter().filter_map(|id| case.nominations.get(id));
    let list = nominations.map(|nomination| grounds.row(cited, &case.directory, nomination)).collect();
    values.lists = BTreeMap::from([
        ("can_cu".to_owned(), grounds.bases(proposed_on)?),
        ("danh_sach".to_owned(), list),
        ("khac_biet".to_owned(), differences(case, selected.len())),
    ]);
    Ok(values)
}

/// Where the proposal is not what the ranking and the council say, and why; its number and its day, where they differ from
/// the plan's.
fn differences(case: &Case, count: usize) -> Vec<Row> {
    let lists = case.lists();
    let of_candidate = |one: &Candidate| {
        let (reason, code) = (one.reason.as_ref()?, case.code(one.nomination));
        let listed = lists.candidates.iter().find(|listed| listed.code == code)?;
        let words: Vec<&str> = lists.differences(listed).into_iter().map(|one: Difference| one.words().0).collect();
        (!words.is_empty()).then(|| difference(&listed.name, words.join(", "), reason))
    };
    let proposal = &case.proposal;
    let number = proposal.quota_reason.as_ref().map(|reason| {
        difference("Số lượng", format!("đề nghị {count:02}, theo kế hoạch là {:02}", proposal.quota), reason)
    });
    let late = proposal.late_reason.as_ref();
    let late = late.map(|reason| difference("Thời hạn", "trình sau thời hạn của kế hoạch".to_owned(), reason));
    case.candidates.iter().filter_map(of_candidate).chain(number).chain(late).collect()
}

fn difference(name: &str, what: String, reason: &str) -> Row {
    row([("ten", name.to_owned()), ("noi_dung", what), ("ly_do", reason.trim().trim_end_matches('.').to_owned())])
}

//! The decision with its list, and its certificates.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    bonus::{Money, money},
    grounds::{Cited, Grounds, Row, called, row},
};
use crate::{
    awards::{
        certificates::Certificate,
        decisions::{Decided, Ruling, SignedAs},
    },
    clock::day,
    documents::{Values, in_words},
    http::{Error, Result},
    rankings::wording::number,
};

/// The day of a decision: of its number, else when it was decided.
pub fn decided_on(ruling: &Ruling) -> NaiveDate {
    ruling.paper().map_or_else(|| day(ruling.decision.decided_at), |paper| paper.numbered.date)
}

/// The accepted by their ordinals, those too whose award was revoked since: the paper is what was decided.
pub fn accepted(ruling: &Ruling) -> Vec<(u32, &Decided)> {
    ruling.candidates.iter().filter_map(|one| Some((one.ordinal?, one))).collect()
}

/// The money of the accepted in their order (409 while a figure of the law is not known).
pub fn moneys(grounds: &Grounds, ruling: &Ruling) -> Result<Vec<Money>> {
    let places: Vec<Option<&str>> = accepted(ruling).into_iter().map(|(_, one)| one.place.as_deref()).collect();
    let moneys = money(&grounds.law, &grounds.award, &places, decided_on(ruling));
    moneys.map_err(|findings| Error::of("bonus_unknown").because(findings))
}

/// All of it.
pub fn total(moneys: &[Money]) -> u64 {
    moneys.iter().fold(0, |sum, money| sum.saturating_add(money.amount))
}

/// The decision with its list.
pub fn decision(grounds: &Grounds, cited: &Cited, ruling: &Ruling, signer: String) -> Result<Values> {
    let mut values = signed(grounds, cited, ruling, signer);
    let accepted = accepted(ruling);
    values.texts.insert("so_luong".to_owned(), grounds.many(accepted.len())?);
    // The number of the submission is its division's, and is written by hand.
    let proposed = in_words(day(ruling.proposal.proposed_at));
    values.texts.insert("to_trinh".to_owned(), format!("…/TTr-VHXH {proposed}"));
    let moneys = if grounds.award.bonus { moneys(grounds, ruling)? } else { Vec::new() };
    if grounds.award.bonus {
        values.texts.insert("tong_tien".to_owned(), number(total(&moneys)).vi);
    }
    let list = accepted.iter().enumerate().filter_map(|(at, (_, one))| {
        let mut row = grounds.row(cited, &ruling.directory, ruling.nominations.get(&one.nomination)?);
        row.extend(moneys.get(at).map(|money| ("tien_thuong".to_owned(), number(money.amount).vi)));
        Some(row)
    });
    values.lists = BTreeMap::from([
        ("can_cu".to_owned(), grounds.bases(decided_on(ruling))?),
        ("danh_sach".to_owned(), list.collect()),
    ]);
    Ok(values)
}

/// The certificates that stand, the newest of each ordinal, with the address at which anybody checks them (409 before they
/// are issued).
pub fn certificates(
    grounds: &Grounds,
    cited: &Cited,
    ruling: &Ruling,
    (all, service): (Vec<Certificate>, &str),
    signer: String,
) -> Result<Values> {
    let newest: BTreeMap<u32, Certificate> = all.into_iter().map(|one| (one.ordinal, one)).collect();
    let standing = newest.into_values().filter(|one| !ruling.is_revoked(one.nomination));
    let recipient = |one: Certificate| -> Option<Row> {
        let party = ruling.nominations.get(&one.nomination)?.candidate;
        Some(row([
            ("ten", called(party, &one.recipient)),
            ("thanh_tich", one.recipient.achievement),
            ("so_vang", one.ordinal.to_string()),
            ("ma", format!("{service}/api/v1/public/certificates/{}", one.code)),
        ]))
    };
    let recipients: Vec<Row> = standing.filter_map(recipient).collect();
    if recipients.is_empty() || !ruling.facts().certified {
        return Err(Error::of("certificates_missing"));
    }
    let mut values = signed(grounds, cited, ruling, signer);
    values.lists = BTreeMap::from([("nguoi_nhan".to_owned(), recipients)]);
    Ok(values)
}

/// Head, number, day and signature: by the chair, or by a deputy for the chair.
fn signed(grounds: &Grounds, cited: &Cited, ruling: &Ruling, signer: String) -> Values {
    let mut values = grounds.head(cited);
    let (office, instead) = match ruling.decision.signed_as {
        SignedAs::Chair => ("Chủ tịch", None),
        SignedAs::Deputy => ("Phó Chủ tịch", Some("KT. Chủ tịch")),
    };
    let texts = [("chuc_vu", office.to_owned()), ("nguoi_ky", signer)];
    values.texts.extend(texts.map(|(name, text)| (name.to_owned(), text)));
    values.texts.extend(instead.map(|line| ("ky_thay".to_owned(), line.to_owned())));
    if let Some(paper) = ruling.paper() {
        values.texts.insert("so".to_owned(), paper.numbered.number.to_string());
        values.days.insert("ngay".to_owned(), paper.numbered.date);
    }
    values
}

//! What a proposal still lacks before it may be decided: the readiness check and the decision itself ask this rule. PURE.

use chrono::NaiveDate;

use super::{
    hearing::{Answer, Hearing},
    rules::Bar,
};
use crate::finding::Finding;

/// What is looked at.
#[derive(Debug)]
pub struct Ground<'a> {
    pub hearing: &'a Hearing,
    /// A later official run of the award stands in place of the proposal's.
    pub superseded: bool,
    /// Those who would be accepted, by code, with what forbids it.
    pub chosen: &'a [(String, Option<Bar>)],
    pub today: NaiveDate,
}

/// Everything that is missing, at once; nothing: it may be decided.
pub fn missing(ground: &Ground) -> Vec<Finding> {
    let hearing = ground.hearing;
    let mut found = Vec::new();
    if ground.superseded {
        found.push(Finding::new("/ranking", "ranking_superseded"));
    }
    for (i, one) in hearing.consultations.iter().enumerate() {
        let code = match one.said.answer {
            None => "consultation_unanswered",
            Some(Answer::Objection) if one.said.response.is_none() => "consultation_objects",
            Some(_) => continue,
        };
        found.push(Finding::new(format!("/consultations/{i}"), code).with("agency", &one.said.name));
    }
    match &hearing.posting {
        None => found.push(Finding::new("/posting", "posting_missing")),
        Some(posting) if !posting.is_over(ground.today) => {
            found.push(Finding::new("/posting", "posting_runs").with("day", posting.ends_on));
        }
        Some(_) => {}
    }
    let open = hearing.objections.iter().enumerate().filter(|(_, one)| one.answer.is_none());
    found.extend(open.map(|(i, _)| Finding::new(format!("/objections/{i}"), "objection_unanswered")));
    let barred = ground.chosen.iter().filter_map(|(code, bar)| Some((code, (*bar)?)));
    found.extend(barred.map(|(code, bar)| Finding::new("/selected", bar.code()).with("candidate", code)));
    found
}

//! One entry in sentences: its place, its points with the figures behind them, and what would reach the line. PURE.

use super::{
    criterion::criterion,
    names::Names,
    sentence::{Sentence, exactly, label, left_over, needed, number, say, word},
};
use crate::{
    exact::{BigRational, Decimal},
    movements::plan::FEMALE_FIRST,
    rankings::{
        explain::{Explanation, Way},
        rank::{Entry, Ineligible, Standing, TOTAL},
        score::ReasonCode,
    },
};

/// A ranked entry.
pub fn of_entry(entry: &Entry, explanation: &Explanation, names: &Names) -> Vec<Sentence> {
    let name = || ("name", word(&entry.candidate.name));
    let place = [name(), ("rank", number(entry.rank)), ("total", number(&entry.total))];
    let mut said = vec![if entry.tied { say("placed_tied", &place) } else { say("placed", &place) }];
    said.extend(entry.standing.map(|stands| against_quota(stands, explanation.quota)));
    if entry.standing == Some(Standing::TiedAtCutoff) {
        said.push(say("left_to_people", &[]));
    }
    let open = entry.compared.iter().any(|step| step.by == FEMALE_FIRST && step.value.is_none());
    if entry.tied && open {
        said.push(say("legal_open", &[]));
    }
    said.extend(entry.separated_by.iter().map(|by| say("separated", &[("step", step(by, names))])));
    said.extend(entry.criteria.iter().flat_map(|score| criterion(score, names)));
    said.extend(entry.scale.as_ref().map(|scale| {
        say("scaled", &[("remaining", exactly(&scale.remaining_max.0)), ("full", exactly(&scale.full_max.0))])
    }));
    said.extend(entry.before_floor.iter().map(|_| say("floored", &[])));
    said.extend(to_line(explanation, names));
    said
}

fn against_quota(standing: Standing, quota: u32) -> Sentence {
    let quota = [("quota", number(quota))];
    match standing {
        Standing::WithinQuota => say("within_quota", &quota),
        Standing::TiedAtCutoff => say("tied_at_cutoff", &quota),
        Standing::BelowQuota => say("below_quota", &quota),
        Standing::OverUnitLimit => say("over_unit_limit", &quota),
    }
}

/// A candidate that is not ranked: each reason.
pub fn of_ineligible(ineligible: &Ineligible, names: &Names) -> Vec<Sentence> {
    let mut said = Vec::new();
    for reason in &ineligible.reasons {
        let code = serde_json::to_value(reason.code).ok();
        let why = label("ineligible_code", code.as_ref().and_then(|code| code.as_str()).unwrap_or_default());
        let words = [("name", word(&ineligible.candidate.name)), ("reason", why)];
        said.push(match &reason.criterion {
            None => say("not_ranked", &words),
            Some(criterion) => {
                let [name, why] = words;
                let waits = reason.code == ReasonCode::DossierIncomplete && names.is_of_council(criterion);
                let why = if waits { ("reason", say("council_open", &[])) } else { why };
                say("not_ranked_for", &[name, why, ("code", names.criterion(criterion))])
            }
        });
        if reason.anew {
            said.push(say("votes_anew", &[]));
        }
        if !reason.indicators.is_empty() {
            said.push(say("without_data", &[("indicators", listed(&reason.indicators, names))]));
        }
    }
    said
}

fn listed(codes: &[String], names: &Names) -> Sentence {
    let all: Vec<Sentence> = codes.iter().map(|code| names.indicator(code)).collect();
    let join =
        |of: fn(&Sentence) -> &str| all.iter().map(|one| format!("«{}»", of(one))).collect::<Vec<_>>().join(", ");
    Sentence { vi: join(|one| &one.vi), en: join(|one| &one.en) }
}

/// A step of the comparison, as what decided; the law by its article.
pub fn step(by: &str, names: &Names) -> Sentence {
    match by.split_once(':') {
        Some(("kind", "indicators")) => say("step_indicators", &[]),
        Some(("kind", "initiatives")) => say("step_initiatives", &[]),
        Some(("criterion", code)) => say("step_criterion", &[("code", names.criterion(code))]),
        Some(("indicator", code)) => say("step_indicator", &[("code", names.indicator(code))]),
        None if by == TOTAL => say("step_total", &[]),
        None if by == FEMALE_FIRST => say("step_female_first", &[]),
        None if by == "direct_work" => say("step_direct_work", &[]),
        _ => say("step_other", &[("code", word(by))]),
    }
}

fn to_line(explanation: &Explanation, names: &Names) -> Vec<Sentence> {
    let Some((line, to_reach)) = explanation.line.as_ref().zip(explanation.to_reach_quota.as_ref()) else {
        return Vec::new();
    };
    if to_reach == "0" {
        let behind = explanation.behind_by.iter();
        return behind.map(|by| say("level_with_line", &[("step", step(by, names))])).collect();
    }
    let (points, rounded) = at_least(to_reach, None);
    let words = [("points", points), ("rounded", rounded), ("total", number(&line.total))];
    let mut said = vec![say("to_reach", &words)];
    said.extend(explanation.ways.iter().map(|way| of_way(way, names)));
    said
}

fn of_way(way: &Way, names: &Names) -> Sentence {
    let room = &way.room.0;
    let (points, rounded) = at_least(&way.needed, Some(room));
    let code = names.criterion(&way.criterion);
    let words = [("code", code), ("points", points), ("rounded", rounded), ("room", left_over(room))];
    if way.enough { say("way", &words) } else { say("way_short", &words) }
}

/// What an explanation states to 8 decimals, in the words of a sentence, and that it was rounded up where it was.
fn at_least(points: &str, room: Option<&BigRational>) -> (Sentence, Sentence) {
    let Ok(exact) = points.parse::<Decimal>() else { return (number(points), word("")) };
    let said = needed(&exact.into(), room);
    let is_exact = said.en.replace(',', "").parse() == Ok(exact);
    let rounded = if is_exact { word("") } else { say("rounded_up", &[]) };
    (said, rounded)
}

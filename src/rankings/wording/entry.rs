//! One entry in sentences: its place, its points with the figures behind them, and what would reach the line. PURE.

use super::{
    criterion::criterion,
    sentence::{Sentence, exactly, label, number, say, word},
};
use crate::{
    exact::half_up,
    movements::plan::FEMALE_FIRST,
    rankings::{
        explain::{Explanation, Way},
        rank::{Entry, Ineligible, Standing, TOTAL},
    },
};

/// A ranked entry.
pub fn of_entry(entry: &Entry, explanation: &Explanation) -> Vec<Sentence> {
    let name = || ("name", word(&entry.candidate.name));
    let place = [name(), ("rank", number(entry.rank)), ("total", number(&entry.total))];
    let mut said = vec![if entry.tied { say("placed_tied", &place) } else { say("placed", &place) }];
    said.extend(
        entry.standing.map(|standing| say("standing", &[("standing", label("ranking_standing", code(standing)))])),
    );
    if entry.standing == Some(Standing::TiedAtCutoff) {
        said.push(say("left_to_people", &[]));
    }
    let open = entry.compared.iter().any(|step| step.by == FEMALE_FIRST && step.value.is_none());
    if entry.tied && open {
        said.push(say("legal_open", &[]));
    }
    said.extend(entry.separated_by.iter().map(|by| say("separated", &[("step", step(by))])));
    said.extend(entry.criteria.iter().flat_map(criterion));
    said.extend(entry.scale.as_ref().map(|scale| {
        say("scaled", &[("remaining", exactly(&scale.remaining_max.0)), ("full", exactly(&scale.full_max.0))])
    }));
    said.extend(entry.before_floor.iter().map(|_| say("floored", &[])));
    said.extend(to_line(explanation));
    said
}

/// A candidate that is not ranked: each reason.
pub fn of_ineligible(ineligible: &Ineligible) -> Vec<Sentence> {
    let mut said = Vec::new();
    for reason in &ineligible.reasons {
        let code = serde_json::to_value(reason.code).ok();
        let why = label("ineligible_code", code.as_ref().and_then(|code| code.as_str()).unwrap_or_default());
        let words = [("name", word(&ineligible.candidate.name)), ("reason", why)];
        said.push(match &reason.criterion {
            None => say("not_ranked", &words),
            Some(criterion) => {
                let [name, why] = words;
                say("not_ranked_for", &[name, why, ("code", word(criterion))])
            }
        });
        if reason.anew {
            said.push(say("votes_anew", &[]));
        }
        if !reason.indicators.is_empty() {
            said.push(say("without_data", &[("indicators", word(reason.indicators.join(", ")))]));
        }
    }
    said
}

/// A step of the comparison, as what decided; the law by its article.
pub fn step(by: &str) -> Sentence {
    match by.split_once(':') {
        Some(("kind", "indicators")) => say("step_indicators", &[]),
        Some(("kind", "initiatives")) => say("step_initiatives", &[]),
        Some(("criterion", code)) => say("step_criterion", &[("code", word(code))]),
        Some(("indicator", code)) => say("step_indicator", &[("code", word(code))]),
        None if by == TOTAL => say("step_total", &[]),
        None if by == FEMALE_FIRST => say("step_female_first", &[]),
        None if by == "direct_work" => say("step_direct_work", &[]),
        _ => say("step_other", &[("code", word(by))]),
    }
}

fn code(standing: Standing) -> &'static str {
    match standing {
        Standing::WithinQuota => "within_quota",
        Standing::TiedAtCutoff => "tied_at_cutoff",
        Standing::BelowQuota => "below_quota",
        Standing::OverUnitLimit => "over_unit_limit",
    }
}

fn to_line(explanation: &Explanation) -> Vec<Sentence> {
    let Some((line, to_reach)) = explanation.line.as_ref().zip(explanation.to_reach_quota.as_ref()) else {
        return Vec::new();
    };
    if to_reach == "0" {
        let behind = explanation.behind_by.iter();
        return behind.map(|by| say("level_with_line", &[("step", step(by))])).collect();
    }
    let mut said = vec![say("to_reach", &[("points", number(to_reach)), ("total", number(&line.total))])];
    said.extend(explanation.ways.iter().map(way));
    said
}

fn way(way: &Way) -> Sentence {
    let room = number(half_up(&way.room.0, 2));
    let words = [("code", word(&way.criterion)), ("points", number(&way.needed)), ("room", room)];
    if way.enough { say("way", &words) } else { say("way_short", &words) }
}

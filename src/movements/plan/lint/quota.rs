//! How many an award takes: rules that give a number, limits of a unit, and places that add up to the quota. PURE.

use super::checks::{codes, text, well_formed, whole};
use crate::{
    finding::Finding,
    movements::plan::{Award, Blocks, CandidateKind, Plan, QuotaBy, ShareOf},
};

pub(super) fn check(base: &str, plan: &Plan, award: &Award, out: &mut Vec<Finding>) {
    quota(&format!("{base}/quota"), award, out);
    per_unit(base, award, out);
    pool(&format!("{base}/pool"), plan, award, out);
    places(&format!("{base}/places"), award, out);
}

fn is_together(award: &Award) -> bool {
    award.ranking.blocks == Blocks::Together
}

fn quota(at: &str, award: &Award, out: &mut Vec<Finding>) {
    let finding = |at: String, code| Finding::new(at, code).with("award", &award.code);
    let Some(by) = award.quota.read() else {
        let lacks = award.quota.share_lacks();
        out.extend(lacks.iter().map(|(member, [part_vi, cure_vi, part_en, cure_en])| {
            let finding = finding(format!("{at}/{member}"), "share_incomplete").with("part_vi", part_vi);
            finding.with("cure_vi", cure_vi).with("part_en", part_en).with("cure_en", cure_en)
        }));
        out.extend(lacks.is_empty().then(|| finding(at.to_owned(), "quota_malformed")));
        return;
    };
    if matches!(by, QuotaBy::EachGroup(_) | QuotaBy::Groups(_)) && is_together(award) {
        out.push(finding(at.to_owned(), "quota_needs_blocks"));
    }
    match by {
        QuotaBy::Fixed(0) => out.push(finding(at.to_owned(), "quota_zero")),
        QuotaBy::EachGroup(0) => out.push(finding(format!("{at}/each_group"), "quota_zero")),
        QuotaBy::Fixed(_) | QuotaBy::EachGroup(_) => {}
        QuotaBy::Groups(groups) => {
            for (group, number) in groups {
                let at = format!("{at}/groups/{}", crate::finding::escape(group));
                if !award.groups.contains(group) {
                    out.push(Finding::new(&at, "quota_group_unknown").with("group", group));
                }
                if *number == 0 {
                    out.push(finding(at, "quota_zero"));
                }
            }
            for group in award.groups.iter().filter(|group| !groups.contains_key(*group)) {
                out.push(finding(format!("{at}/groups"), "quota_group_missing").with("group", group));
            }
        }
        QuotaBy::Share(share, of) => {
            if share < whole(0) || share > whole(100) {
                out.push(Finding::new(format!("{at}/share"), "share_out_of_range").with("share", share));
            } else if share == whole(0) {
                out.push(Finding { warning: true, ..finding(format!("{at}/share"), "quota_zero") });
            }
            if of == ShareOf::Units && award.candidates != CandidateKind::Unit {
                out.push(finding(format!("{at}/of"), "share_of_units"));
            }
        }
    }
}

/// Between groups that are ranked apart nobody comes first, so that no limit could be kept.
fn per_unit(base: &str, award: &Award, out: &mut Vec<Finding>) {
    let Some(most) = award.per_unit else { return };
    let finding = |code| Finding::new(format!("{base}/per_unit"), code).with("award", &award.code);
    if most == 0 {
        out.push(finding("per_unit_zero"));
    }
    if !is_together(award) {
        out.push(finding("per_unit_needs_together"));
    }
    if award.candidates == CandidateKind::Unit && award.pool.is_none() {
        out.push(Finding { warning: true, ..finding("per_unit_unused") });
    }
}

fn pool(at: &str, plan: &Plan, award: &Award, out: &mut Vec<Finding>) {
    let Some(pool) = &award.pool else { return };
    let finding = |code| Finding::new(at, code).with("pool", pool);
    if !well_formed(pool) {
        out.push(finding("code_malformed").with("code", pool));
    }
    if award.per_unit.is_none() {
        out.push(finding("pool_without_limit"));
    }
    let others = || plan.awards.iter().filter(|other| other.code != award.code && other.pool.as_ref() == Some(pool));
    if let Some(other) = others().find(|other| other.per_unit != award.per_unit) {
        out.push(finding("pool_limits_differ").with("award", &other.code));
    }
    if others().next().is_none() {
        out.push(Finding { warning: true, ..finding("pool_of_one") });
    }
}

fn places(list: &str, award: &Award, out: &mut Vec<Finding>) {
    if award.places.is_empty() {
        return;
    }
    codes(list, "/code", award.places.iter().map(|place| place.code.as_str()), out);
    for (i, place) in award.places.iter().enumerate() {
        place.name.iter().for_each(|name| text(&format!("{list}/{i}/name"), name, out));
        if place.count == 0 {
            out.push(Finding::new(format!("{list}/{i}/count"), "place_empty").with("place", &place.code));
        }
        if let Some(money) = place.money.filter(|money| *money < whole(0)) {
            out.push(Finding::new(format!("{list}/{i}/money"), "money_negative").with("money", money));
        }
    }
    let finding = |code| Finding::new(list, code).with("award", &award.code);
    let sum: u64 = award.places.iter().map(|place| u64::from(place.count)).sum();
    match award.quota.read() {
        Some(QuotaBy::Fixed(quota)) if u64::from(quota) != sum => {
            out.push(finding("places_differ").with("sum", sum).with("quota", quota));
        }
        Some(QuotaBy::Fixed(_)) | None => {}
        Some(_) => out.push(finding("places_need_number")),
    }
    if !is_together(award) {
        out.push(finding("places_need_together"));
    }
}

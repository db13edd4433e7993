//! What a run is asked for, and what is wrong with it. PURE.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::run::Mode;
use crate::{
    days,
    db::RankingId,
    finding::Finding,
    movements::{
        lint::lint,
        plan::{Award, Method, Plan},
    },
};

/// A new ranking run.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRanking {
    pub mode: Mode,
    /// The run uses the state as of this instant; default: now.
    #[serde(default, deserialize_with = "days::optional_instant")]
    #[schema(example = "2025-12-14T09:00:00Z")]
    pub as_of: Option<DateTime<Utc>>,
    /// Alternative method, for previews only; default: the plan's method.
    #[serde(default)]
    pub method: Option<Method>,
    /// Id of a run of the award whose frozen facts are ranked again by other rules, for previews only.
    #[serde(default)]
    #[schema(example = "0199f0c8-6a00-7000-8000-000000000001")]
    pub replay: Option<RankingId>,
    /// Number of the version of the plan whose rules these are; default: that of the run.
    #[serde(default)]
    #[schema(example = 2)]
    pub plan_version: Option<i32>,
}

/// What is known where a run is asked for.
pub struct Known<'a> {
    /// The plan whose rules rank.
    pub plan: &'a Plan,
    pub award: &'a Award,
    /// Whether the run to replay is there, and of this award.
    pub replayed: Option<bool>,
    /// Whether the version asked for is there.
    pub version: bool,
    pub launched_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

/// Findings of a requested run. An alternative method must pass the lint.
pub fn check(new: &NewRanking, known: &Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    if new.as_of.is_some_and(|as_of| as_of > known.now) {
        findings.push(Finding::new("/as_of", "as_of_future"));
    }
    if let Some((_, launched_at)) = new.as_of.zip(known.launched_at).filter(|(as_of, launched)| as_of < launched) {
        let launched_at = launched_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        findings.push(Finding::new("/as_of", "as_of_before_launch").with("launched_at", launched_at));
    }
    let official = new.mode == Mode::Official;
    let only = [
        (official && new.method.is_some(), "/method", "method_of_preview"),
        (official && new.replay.is_some(), "/replay", "replay_of_preview"),
        (known.replayed == Some(false), "/replay", "replay_unknown"),
        (new.replay.is_some() && new.as_of.is_some(), "/as_of", "as_of_of_replay"),
        (new.replay.is_none() && new.plan_version.is_some(), "/plan_version", "plan_version_of_replay"),
        (!known.version, "/plan_version", "plan_version_unknown"),
    ];
    findings.extend(only.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, at, code)| Finding::new(at, code)));
    let Some(method) = &new.method else { return findings };
    let mut plan = known.plan.clone();
    let at = plan.awards.iter().position(|one| one.code == known.award.code).unwrap_or_default();
    plan.awards[at].ranking = method.clone();
    let prefix = format!("/awards/{at}/ranking");
    findings.extend(lint(&plan).into_iter().filter(|finding| !finding.warning).filter_map(|finding| {
        let rest = finding.pointer.strip_prefix(&prefix)?;
        Some(Finding { pointer: format!("/method{rest}"), ..finding })
    }));
    findings
}

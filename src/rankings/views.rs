//! Runs as the API shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    beside::{Beside, CouncilView},
    found::RankingNames,
    inputs::Inputs,
    rank::{CutLine, Entry, GroupLine, Ineligible, Line, Output, PoolFigures, ShareFigures},
    robustness,
    run::{Mode, State},
    seal::Sealed,
    store::Run,
};
use crate::{
    db::RankingId,
    http::FindingView,
    movements::plan::{Blocks, Method, Place},
};

/// Summary of a run.
#[derive(Serialize, ToSchema)]
pub struct RankingSummary {
    id: RankingId,
    #[schema(example = "tap-the")]
    award: String,
    mode: Mode,
    state: State,
    /// The run uses the state as of this instant.
    as_of: DateTime<Utc>,
    /// Whether the run is after the deadline for proposing the award.
    late: bool,
    plan_version: i32,
    /// Version of the method's meaning.
    engine: i32,
    created_at: DateTime<Utc>,
    /// Id of the run whose facts it ranks again by other rules.
    #[schema(required)]
    replays: Option<RankingId>,
}

impl From<Run> for RankingSummary {
    fn from(run: Run) -> Self {
        Self {
            id: run.id,
            award: run.award,
            mode: run.mode,
            state: run.state,
            as_of: run.as_of,
            late: run.late,
            plan_version: run.plan_version,
            engine: run.engine,
            created_at: run.created_at,
            replays: run.replays,
        }
    }
}

/// A run with its entries. It is advice; people decide.
#[derive(Serialize, ToSchema)]
#[schema(as = Ranking)]
pub struct RankingView {
    #[serde(flatten)]
    head: RankingSummary,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    /// The digests and the proof, by which `GET /rankings/{id}/bundle` is verified; null of a run from before seals, and of
    /// a dry run.
    #[schema(required)]
    seal: Option<Sealed>,
    method: Method,
    /// Of all groups together.
    quota: u32,
    /// How the quota came to be, where it is a share.
    #[schema(required)]
    share: Option<ShareFigures>,
    /// The places that add up to the quota, the best first.
    #[schema(value_type = Vec<Place>)]
    places: Vec<Place>,
    #[schema(value_type = String, example = "together")]
    blocks: Blocks,
    /// The last place within the quota; null if all fit, none can, the line is left to people, or each group has its own.
    #[schema(required)]
    line: Option<Line>,
    /// Whether draws of other weights keep the line; null where the method asks for none, for a line that people draw, or
    /// where there are too many for a view (`GET /rankings/{id}/robustness`).
    #[schema(required)]
    cut_line: Option<CutLine>,
    /// The quota and the line of each group, where groups have quotas of their own.
    group_lines: Vec<GroupLine>,
    /// The awards that share a limit of a unit, and whom this run would take.
    #[schema(required)]
    pool: Option<PoolFigures>,
    /// Best first; with `by_group` group by group.
    entries: Vec<Entry>,
    ineligible: Vec<Ineligible>,
    /// What the council voted, as it stands now; null where it has not voted.
    #[schema(required)]
    council: Option<CouncilView>,
    names: RankingNames,
    /// What to know of the run. Nothing is refused for it.
    notices: Vec<FindingView>,
}

/// With how firm it is, where that takes little time.
pub fn view(run: Run, inputs: Inputs, mut output: Output, beside: Beside) -> RankingView {
    let cut_line = robustness::shown(&inputs, &mut output);
    let Inputs { movement, award, .. } = inputs;
    let notices = beside.notices(run.mode, &output);
    RankingView {
        seal: run.seal.clone(),
        head: run.into(),
        movement,
        method: award.ranking,
        quota: output.quota,
        share: output.share,
        places: award.places,
        blocks: output.blocks,
        line: output.line,
        cut_line,
        group_lines: output.group_lines,
        pool: output.pool,
        entries: output.entries,
        ineligible: output.ineligible,
        council: beside.council,
        names: beside.names,
        notices,
    }
}

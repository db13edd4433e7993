//! What is kept of movements, with the approvals that are not folded yet, and what it comes to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    part::{Part, are_kept, parts, tally},
    store::{self, Parts},
};
use crate::{
    db::{Conn, LocalityId, MovementId, UnitId},
    http::Result,
    movements::{plan::Indicator, target_table::Judged},
    progress::{AskedSpan, Figure, Frame, Question, Report, Tally, judge, slots::Stated},
    submissions::{self, ChangedReport, Value},
    units::{self, Tree},
};

/// A whole movement, in which parts are counted: its leaves with the tree of each.
pub struct Ground<'a> {
    pub frame: &'a Frame,
    pub trees: &'a [Arc<Tree>],
}

impl Ground<'_> {
    /// The parts of all units or of one, leaf by leaf; `report` says what a unit says of an indicator in the leaf of a place.
    pub fn parts<'a>(
        &self,
        only: Option<UnitId>,
        report: impl Fn(usize, UnitId, &str) -> Option<Report<'a>>,
    ) -> Vec<Parts> {
        let mut found: Vec<Parts> = self.trees.iter().map(|_| Parts::new()).collect();
        for indicator in self.frame.indicators() {
            let owed = self.frame.owed(&indicator.code).map(|owed| owed.map(|(stated, sets, _)| (stated, sets)));
            let span = self.frame.leaves().iter().zip(self.trees).zip(owed);
            let span: Vec<Stated> = span.map(|((leaf, tree), owed)| (leaf, &**tree, owed)).collect();
            let own = parts(indicator, &span, only, |place, unit| report(place, unit, &indicator.code));
            for (place, part) in own.into_iter().enumerate().filter(|(_, part)| *part != Part::default()) {
                found[place].insert(indicator.code.clone(), part);
            }
        }
        found
    }

    /// What the reports of some units give before their approvals were changed, and after.
    fn changes<'b>(&self, reports: &'b [ChangedReport]) -> [Vec<Vec<Parts>>; 2] {
        let units: BTreeSet<UnitId> = reports.iter().map(|report| report.unit).collect();
        let place = |code: &str| self.frame.leaves().iter().position(|leaf| leaf.code == code);
        let placed: BTreeMap<(usize, UnitId), &ChangedReport> =
            reports.iter().filter_map(|report| Some(((place(&report.period)?, report.unit), report))).collect();
        [|report: &'b ChangedReport| report.before.as_deref(), |report: &'b ChangedReport| report.after.as_deref()].map(
            |side: fn(&'b ChangedReport) -> Option<&'b [Value]>| {
                let said = |place, unit, _: &str| {
                    let report = *placed.get(&(place, unit))?;
                    Some(Report { approved: true, late: report.late, values: side(report)? })
                };
                units.iter().map(|unit| self.parts(Some(*unit), said)).collect()
            },
        )
    }
}

/// What a movement comes to in the leaves of a span.
pub struct Kept(BTreeMap<String, Parts>);

/// Whether totals say what a span of a movement comes to: for others their reports are asked.
pub fn is_kept(frame: &Frame) -> bool {
    // Leaves that lie between others, of days of their own, break what stands from one to the next.
    let places = frame.places();
    let row = places.windows(2).all(|pair| pair[0] + 1 == pair[1]) && places.len() == frame.leaves().len();
    let versions = frame.movement().versions.iter().flat_map(|version| &version.plan.indicators);
    row && are_kept(&Vec::from_iter(versions))
}

/// What is kept of each movement in the leaves of its frame, as of now; none where it has to be counted from its reports.
pub async fn read(conn: &mut Conn, frames: &[Frame]) -> Result<Vec<Option<Kept>>> {
    let ids: Vec<(LocalityId, MovementId)> = frames.iter().map(id).collect();
    let codes: BTreeSet<&String> = frames.iter().flat_map(|frame| frame.leaves()).map(|leaf| &leaf.code).collect();
    let codes: Vec<String> = codes.into_iter().cloned().collect();
    let mut stored = store::read(conn, &ids, &codes).await?;
    let mut kept: Vec<Option<Kept>> = Vec::with_capacity(frames.len());
    for (place, frame) in frames.iter().enumerate() {
        let generation = frame.movement().recall.generation();
        let own = stored.remove(&place).filter(|stored| stored.generation == generation && is_kept(frame));
        let whole = own.filter(|own| frame.leaves().iter().all(|leaf| own.periods.contains_key(&leaf.code)));
        kept.push(whole.map(|stored| Kept(stored.periods)));
    }
    let mut changed = submissions::changed_reports(conn, &ids).await?;
    changed.sort_by_key(|report| report.movement);
    for reports in changed.chunk_by(|a, b| a.movement == b.movement) {
        let place = reports[0].movement;
        if let Some(kept) = &mut kept[place] {
            kept.change(conn, &frames[place], reports).await?;
        }
    }
    Ok(kept)
}

fn id(frame: &Frame) -> (LocalityId, MovementId) {
    (frame.movement().locality, frame.movement().id)
}

impl Kept {
    pub fn of(periods: BTreeMap<String, Parts>) -> Self {
        Self(periods)
    }

    pub fn periods(&self) -> &BTreeMap<String, Parts> {
        &self.0
    }

    /// Puts in what approvals have changed, in the periods that are here; which these are.
    pub async fn change(
        &mut self,
        conn: &mut Conn,
        frame: &Frame,
        reports: &[ChangedReport],
    ) -> Result<BTreeSet<String>> {
        let whole = Frame::of(conn, frame.movement(), AskedSpan::WHOLE, frame.as_of()).await?;
        let history = units::history(conn, &frame.movement().recall).await?;
        let trees: Vec<Arc<Tree>> = whole.leaves().iter().map(|leaf| history.on(leaf.cutoff_on)).collect();
        let ground = Ground { frame: &whole, trees: &trees };
        let [before, after] = ground.changes(reports);
        let mut touched = BTreeSet::new();
        for (before, after) in before.iter().zip(&after) {
            for (leaf, (less, more)) in whole.leaves().iter().zip(before.iter().zip(after)) {
                let Some(own) = self.0.get_mut(&leaf.code).filter(|_| less != more) else { continue };
                touched.insert(leaf.code.clone());
                less.iter().for_each(|(indicator, part)| own.entry(indicator.clone()).or_default().take_out(part));
                more.iter().for_each(|(indicator, part)| own.entry(indicator.clone()).or_default().merge(part));
                own.retain(|_, part| *part != Part::default());
            }
        }
        Ok(touched)
    }

    /// The figure of the whole in all leaves of the frame. Which reports are missing or stale it does not say.
    pub fn figure(&self, frame: &Frame, indicator: &Indicator, recognised: Option<u64>) -> Figure {
        let asked = frame.asked(indicator, frame.span());
        let targets = frame.targets(&asked, Judged::Whole, &|_, _| None);
        let own = frame.leaves().iter().filter_map(|leaf| self.0.get(&leaf.code)?.get(&indicator.code));
        let counted = match (indicator.counts, frame.places().last()) {
            (Some(_), _) => Tally::counted(recognised),
            (None, Some(last)) => tally(indicator, *last, own),
            (None, None) => Tally::default(),
        };
        let as_of = frame.as_of();
        judge(&Question { indicator, targets: &targets, leaves: &asked.leaves, as_of, recognised }, &counted)
    }
}

//! Fetches what a figure is compared with: the days before it and a year before, from wherever they are.

use super::{
    comparison::{
        Change, Compared, Comparison, Covered, NotCompared, apart_from_zero, change, difference_shown, differs,
        is_comparable,
    },
    figure::{Covers, Figure, exact},
    found::Found,
    frame::AskedSpan,
    gather::{Ask, Gathered, gather},
    verdict::is_over,
};
use crate::{
    clock::day,
    db::Conn,
    exact::Fraction,
    http::Result,
    movements::{
        self,
        periods::{self, Window},
        plan::Indicator,
    },
};

/// How many earlier movements are looked through: those of a year, where each is a quarter.
const EARLIER_MOST: usize = 4;

/// Each indicator's figure so far beside those of the days before and a year before, in the order asked.
pub async fn compare(conn: &mut Conn, found: &Found, indicators: &[&Indicator]) -> Result<Vec<Comparison>> {
    let leaves = found.gathered.frame().leaves();
    let over = leaves.iter().take_while(|leaf| is_over(leaf.cutoff_on, found.as_of)).count();
    let (Some(first), Some(last), false) = (leaves.first(), leaves[..over].last(), indicators.is_empty()) else {
        let reason = match leaves.first() {
            None => NotCompared::NoPeriod,
            Some(first) if first.starts_on > day(found.as_of) => NotCompared::NotBegun,
            Some(_) => NotCompared::NotOver,
        };
        return Ok(indicators.iter().map(|_| Comparison::none(reason)).collect());
    };
    let span = Window { starts_on: first.starts_on, cutoff_on: last.cutoff_on };
    let codes: Vec<&str> = indicators.iter().map(|indicator| indicator.code.as_str()).collect();
    let windows = found.gathered.frame().movement().versions.newest().plan.reporting.windows;
    let (before, year_before) = (periods::before(span, windows), periods::year_before(span, windows));
    let (previous, earlier) =
        (sources(conn, found, before, &codes).await?, sources(conn, found, year_before, &codes).await?);
    let comparison = |indicator: &&Indicator| {
        let now = found.gathered.figure_of_first(over, span, indicator, found.reach());
        let beside = |days: Option<Window>, sources: &[Earlier]| Compared {
            covers: days.map(covers),
            ..compared(found, indicator, &now, sources)
        };
        Comparison {
            covers: Some(covers(span)),
            value: stated(&now),
            coverage: Some(covered(&now)),
            previous: beside(before, &previous),
            year_before: beside(year_before, &earlier),
        }
    };
    Ok(indicators.iter().map(comparison).collect())
}

fn covers(days: Window) -> Covers {
    Covers { from: days.starts_on, to: days.cutoff_on }
}

fn covered(figure: &Figure) -> Covered {
    Covered { expected: figure.coverage.expected, reported: figure.coverage.reported }
}

fn stated(figure: &Figure) -> Option<String> {
    figure.whole.value.clone().or_else(|| figure.whole.level.clone())
}

/// What has the days: the code of its movement, and its reports.
struct Earlier {
    movement: String,
    gathered: Gathered,
}

/// The periods of the movement, else its base period and those of the movement that it continues.
async fn sources(conn: &mut Conn, found: &Found, days: Option<Window>, codes: &[&str]) -> Result<Vec<Earlier>> {
    let (mut sources, Some(days)) = (Vec::new(), days) else { return Ok(Vec::new()) };
    let mut movement = found.movement.clone();
    for _ in 0..=EARLIER_MOST {
        let (span, indicators) = (AskedSpan::Days(days), Some(codes));
        let ask = Ask { span, as_of: found.as_of, submitted: found.gathered.submitted, indicators };
        let gathered = gather(conn, &movement, &ask).await?;
        let plan = &movement.versions.newest().plan;
        let of_base = gathered.frame().leaves().iter().any(|leaf| plan.reporting.is_base(&leaf.code));
        let (is_found, continued) = (!gathered.frame().leaves().is_empty(), plan.continues.clone());
        if is_found {
            sources.push(Earlier { movement: movement.code.clone(), gathered });
        }
        let Some(code) = continued.filter(|_| !is_found || of_base) else { break };
        match movements::find_any(conn, &movement.recall, &code).await? {
            Some(earlier) => movement = earlier,
            None => break,
        }
    }
    Ok(sources)
}

/// A figure beside that of the first source that has one.
fn compared(found: &Found, indicator: &Indicator, now: &Figure, sources: &[Earlier]) -> Compared {
    let (now, own) = (exact(&now.whole, indicator), covered(now));
    let Some(now) = now else { return Compared::none(NotCompared::NoFigure) };
    let of = |Earlier { movement, gathered }: &Earlier| {
        let named = |reason| Compared { movement: Some(movement.clone()), ..Compared::none(reason) };
        let stated_then = gathered.frame().indicators().into_iter().find(|known| known.code == indicator.code);
        let Some(then) = stated_then else { return named(NotCompared::NotStated) };
        if let Some(reason) = differs(indicator, then) {
            return named(reason);
        }
        let figure = gathered.figure(then, found.reach());
        let (value, coverage) = (stated(&figure), Some(covered(&figure)));
        match exact(&figure.whole, then) {
            None => named(NotCompared::NoEarlierFigure),
            Some(_) if !is_comparable(indicator, own, covered(&figure)) => {
                Compared { value, coverage, ..named(NotCompared::Incomplete) }
            }
            Some(was) => {
                let Change { difference, percent, tendency } = change(indicator, &was, &now);
                Compared {
                    covers: None,
                    movement: Some(movement.clone()),
                    value,
                    coverage,
                    difference: Some(difference_shown(indicator, &difference)),
                    difference_exact: Some(Fraction(difference)),
                    percent: percent.map(|percent| apart_from_zero(&percent, 2)),
                    tendency: Some(tendency),
                    reason: None,
                }
            }
        }
    };
    let mut found: Vec<Compared> = sources.iter().map(of).collect();
    found.sort_by_key(|one| one.reason.is_some());
    found.into_iter().next().unwrap_or(Compared::none(NotCompared::NoSource))
}

//! Figures of a city over HTTP.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    choice::{alike, newest},
    rank::ranks,
    whole::Whole,
};
use crate::{
    app::App,
    clock::day,
    days,
    db::Conn,
    http::{Caller, Error, Locale, Query, Reply, Result},
    initiatives,
    movements::{
        self, OfTemplate, label,
        plan::{Indicator, IndicatorKind},
    },
    progress::{Ask, AskedSpan, Covers, Figure, Frame, Leaf, differing, exact, gather, matrix::ProgressCell, totals},
    quantity::Quantity,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_city_progress);
}

#[derive(Deserialize, IntoParams)]
struct CityQuery {
    /// The template that the plans of the localities share.
    #[param(example = "cchc-2025-h2")]
    template: String,
    /// A period code; default: the whole movement, of which each locality has its newest that has begun. Those that share no
    /// day with the newest of all are left out.
    #[param(example = "2025-Q3")]
    period: Option<String>,
    /// Only this indicator.
    #[param(example = "CCHC-05")]
    indicator: Option<String>,
    /// State as of this instant, counted from the revisions, which takes longer; default: now.
    #[serde(default, deserialize_with = "days::optional_instant")]
    as_of: Option<DateTime<Utc>>,
}

/// Figures of a template's movements by locality.
#[derive(Serialize, ToSchema)]
struct CityProgress {
    template: String,
    /// Code of the period; null for the whole movement.
    period: Option<String>,
    as_of: DateTime<Utc>,
    /// The columns, by code of the locality. Of several movements of a locality that have the span, the one begun last.
    localities: Vec<CityLocality>,
    items: Vec<CityIndicator>,
    /// Whoever states an indicator otherwise than most: it is in no sum and no rank of it.
    incomparable: Vec<CityIncomparable>,
}

/// A locality and its movement.
#[derive(Serialize, ToSchema)]
struct CityLocality {
    #[schema(example = "10210")]
    locality: String,
    name: String,
    #[schema(value_type = crate::localities::LocalityKind)]
    kind: String,
    /// Code of the movement.
    movement: String,
    /// Plan version that judges the span.
    plan_version: i32,
    /// First and last day of the locality's periods in the span.
    #[schema(required)]
    covers: Option<Covers>,
}

/// One indicator in all localities.
#[derive(Serialize, ToSchema)]
struct CityIndicator {
    indicator: String,
    name: String,
    kind: IndicatorKind,
    /// Unit of measure of the values, as in the plan.
    unit: Option<String>,
    /// Of all localities together: Σ numerators and Σ denominators, or Σ counts. No target judges it. Null for what cannot
    /// be added.
    numerator: Option<Quantity>,
    denominator: Option<Quantity>,
    value: Option<String>,
    /// A cell for each locality in whose plan it is, in their order.
    parts: Vec<CityCell>,
}

/// The figure of a locality.
#[derive(Serialize, ToSchema)]
struct CityCell {
    /// Place among the localities of the same kind, by the exact figure; equal figures share it. Null without a number.
    rank: Option<u32>,
    #[serde(flatten)]
    cell: ProgressCell,
}

/// An indicator that a locality states otherwise than most.
#[derive(Serialize, ToSchema)]
struct CityIncomparable {
    indicator: String,
    #[schema(example = "10210")]
    locality: String,
    /// What differs.
    members: Vec<&'static str>,
}

/// A locality's movement over the span, with the figures that are asked for.
struct Line {
    of: OfTemplate,
    frame: Frame,
    /// Of the indicators asked for, in their order.
    figures: Vec<Figure>,
}

impl Line {
    fn stated<'a>(&'a self, asked: &'a CityQuery) -> impl Iterator<Item = Stated<'a>> {
        let figures = asked.of(&self.frame).zip(&self.figures);
        figures.map(move |(indicator, figure)| Stated { of: &self.of, indicator, figure })
    }
}

/// An indicator of a locality's plan with its figure.
struct Stated<'a> {
    of: &'a OfTemplate,
    indicator: &'a Indicator,
    figure: &'a Figure,
}

impl CityQuery {
    /// The indicators that are asked for.
    fn of<'a>(&'a self, frame: &'a Frame) -> impl Iterator<Item = &'a Indicator> {
        let all = frame.indicators().into_iter();
        all.filter(|known| self.indicator.as_ref().is_none_or(|code| known.code == *code))
    }
}

/// Progress of the city
///
/// The figures of all movements that share a template, by locality, each ranked among the localities of its kind (commune,
/// ward, …). Localities without a reporting period in the span are left out.
#[utoipa::path(
    tag = "progress", params(CityQuery),
    responses((status = 200, description = "The figures", body = CityProgress), Error)
)]
#[get("/city/progress")]
async fn get_city_progress(app: Data<App>, caller: Caller, asked: Query<CityQuery>) -> Result<Reply> {
    caller.permit_anywhere()?;
    let asked = asked.into_inner();
    app.db
        .snapshot(async |conn| {
            let lines = lines(conn, &app, &caller, &asked).await?;
            Reply::ok(page(&lines, &asked, &caller))
        })
        .await
}

async fn lines(conn: &mut Conn, app: &App, caller: &Caller, asked: &CityQuery) -> Result<Vec<Line>> {
    let as_of = caller.as_of(asked.as_of);
    let all = movements::of_template(conn, &app.memory, &asked.template, as_of).await?;
    if all.is_empty()
        && movements::of_template(conn, &app.memory, &asked.template, caller.as_of(None)).await?.is_empty()
    {
        return Err(Error::missing("template"));
    }
    let mut found: Vec<(OfTemplate, Frame)> = Vec::with_capacity(all.len());
    for of in all {
        let frame = Frame::of(conn, &of.movement, AskedSpan::Period(asked.period.as_deref()), as_of).await?;
        found.push((of, frame));
    }
    let (places, frames): (Vec<OfTemplate>, Vec<Frame>) = chosen(found, day(as_of)).into_iter().unzip();
    let kept = match asked.as_of {
        None => totals::read(conn, &frames).await?,
        Some(_) => frames.iter().map(|_| None).collect(),
    };
    let mut lines = Vec::with_capacity(places.len());
    for ((of, frame), kept) in places.into_iter().zip(frames).zip(kept) {
        let figures = figures(conn, &of, &frame, kept.as_ref(), asked).await?;
        lines.push(Line { of, frame, figures });
    }
    if let Some(code) = asked.indicator.as_ref().filter(|_| lines.iter().all(|line| line.figures.is_empty())) {
        let known: Vec<&str> =
            lines.iter().flat_map(|line| line.frame.indicators()).map(|known| known.code.as_str()).collect();
        let known = Vec::from_iter(BTreeSet::from_iter(known));
        return Err(Error::missing("indicator").knowing(&known).with("indicator", code));
    }
    Ok(lines)
}

/// Those that stand for their localities, by code; without a period in the span none does.
fn chosen(mut found: Vec<(OfTemplate, Frame)>, today: NaiveDate) -> Vec<(OfTemplate, Frame)> {
    found.retain(|(_, frame)| !frame.leaves().is_empty());
    let spans: Vec<(&str, Covers)> =
        found.iter().filter_map(|(of, frame)| Some((of.locality.as_str(), frame.covers()?))).collect();
    let places = newest(&spans, today);
    let mut found: Vec<_> = found.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| found[place].take()).collect()
}

async fn figures(
    conn: &mut Conn,
    of: &OfTemplate,
    frame: &Frame,
    kept: Option<&totals::Kept>,
    asked: &CityQuery,
) -> Result<Vec<Figure>> {
    let Some(kept) = kept else {
        let (period, indicator) = (asked.period.as_deref(), asked.indicator.as_deref());
        let only = indicator.map(|code| [code]);
        let (span, only) = (AskedSpan::Period(period), only.as_ref().map(|codes| &codes[..]));
        let ask = Ask { span, as_of: frame.as_of(), submitted: false, indicators: only };
        let gathered = gather(conn, &of.movement, &ask).await?;
        return Ok(asked.of(frame).map(|indicator| gathered.of_locality(indicator)).collect());
    };
    let recognised = match asked.of(frame).any(|indicator| indicator.counts.is_some()) {
        true => initiatives::recognised(conn, &of.movement, frame.as_of()).await?,
        false => Vec::new(),
    };
    let count = |leaf: &Leaf| {
        let days = leaf.starts_on..=leaf.cutoff_on;
        recognised.iter().filter(|one| days.contains(&day(one.decided_at))).count() as u64
    };
    let figure = |indicator: &Indicator| {
        let recognised = frame.recognised(indicator, frame.leaves(), count);
        kept.figure(frame, indicator, recognised)
    };
    Ok(asked.of(frame).map(figure).collect())
}

fn page(lines: &[Line], asked: &CityQuery, caller: &Caller) -> CityProgress {
    // In the order of the plans.
    let (mut rows, mut row_of): (Vec<Vec<Stated>>, BTreeMap<&str, usize>) = Default::default();
    for stated in lines.iter().flat_map(|line| line.stated(asked)) {
        let row = *row_of.entry(&stated.indicator.code).or_insert(rows.len());
        rows.resize_with(rows.len().max(row + 1), Vec::new);
        rows[row].push(stated);
    }
    let (mut items, mut incomparable) = (Vec::new(), Vec::new());
    for stated in rows {
        let indicators: Vec<&Indicator> = stated.iter().map(|one| one.indicator).collect();
        let of_most = alike(&indicators);
        let placed = stated.into_iter().enumerate();
        let (alike, others): (Vec<_>, Vec<_>) = placed.partition(|(place, _)| of_most.contains(place));
        let [alike, others] = [alike, others].map(|list| list.into_iter().map(|(_, one)| one).collect::<Vec<Stated>>());
        let of_most = alike[0].indicator;
        items.push(item(&alike, caller.locale));
        incomparable.extend(others.iter().map(|one| CityIncomparable {
            indicator: one.indicator.code.clone(),
            locality: one.of.locality.clone(),
            members: differing(of_most, one.indicator).collect(),
        }));
    }
    let locality = |line: &Line| CityLocality {
        locality: line.of.locality.clone(),
        name: line.of.name.clone(),
        kind: line.of.kind.clone(),
        movement: line.of.movement.code.clone(),
        plan_version: line.frame.plan_version(),
        covers: line.frame.covers(),
    };
    CityProgress {
        template: asked.template.clone(),
        period: asked.period.clone(),
        as_of: caller.as_of(asked.as_of),
        localities: lines.iter().map(locality).collect(),
        items,
        incomparable,
    }
}

fn item(stated: &[Stated], locale: Locale) -> CityIndicator {
    let indicator = stated[0].indicator;
    let places: Vec<_> = stated.iter().map(|one| (&one.of.kind, exact(&one.figure.whole, one.indicator))).collect();
    let part = |(one, rank): (&Stated, Option<u32>)| CityCell {
        rank,
        cell: ProgressCell::of(&one.of.locality, one.figure, None),
    };
    let Whole { numerator, denominator, value } = Whole::of(indicator.kind, stated.iter().map(|one| &one.figure.whole));
    CityIndicator {
        indicator: indicator.code.clone(),
        name: label(&indicator.name, locale),
        kind: indicator.kind,
        unit: indicator.unit.clone(),
        numerator,
        denominator,
        value,
        parts: stated.iter().zip(ranks(&places, indicator.direction)).map(part).collect(),
    }
}

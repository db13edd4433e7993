//! Headings added up, and what makes up for what was dropped: the nearest heading that says so, else the total. PURE.

use num_traits::Zero;

use super::result::{Reason, ReasonCode, Scale};
use crate::{
    exact::{self, BigRational, Fraction, half_up},
    movements::plan::Criterion,
    rankings::figures::{CriterionScore, Figures, SumFigures},
};

/// What a criterion, a heading or all of them come to.
#[derive(Default)]
struct Settled {
    points: BigRational,
    full: BigRational,
    /// The maximum of what is left or made up for.
    remaining: BigRational,
    /// Codes of what was dropped and is not made up for.
    dropped: Vec<String>,
}

impl Settled {
    fn of(parts: Vec<Self>) -> Self {
        let sum = |of: fn(&Self) -> &BigRational| exact::sum(parts.iter().map(of));
        Self {
            points: sum(|part| &part.points),
            full: sum(|part| &part.full),
            remaining: sum(|part| &part.remaining),
            dropped: parts.into_iter().flat_map(|part| part.dropped).collect(),
        }
    }
}

/// The criteria of a group beside their scores, in the plan's order.
pub(super) struct Headings<'a> {
    pub plan: &'a [Criterion],
    pub scores: &'a mut [CriterionScore],
}

impl Headings<'_> {
    /// Fills the headings in, and tells how the total makes up for the rest; an error where nothing remains.
    pub fn settle(&mut self) -> Result<Option<Scale>, Reason> {
        // Neither a heading nor anything dropped.
        if self.scores.iter().all(|score| score.points_exact.is_some() || !score.within_maximum()) {
            return Ok(None);
        }
        let Settled { full, remaining, dropped, .. } = self.all_in(None, 0);
        match (dropped.is_empty(), remaining.is_zero()) {
            (true, _) => Ok(None),
            (false, true) => Err(Reason::new(ReasonCode::NoData, None)),
            (false, false) => Ok(Some(Scale { full_max: Fraction(full), remaining_max: Fraction(remaining), dropped })),
        }
    }

    /// Where the criteria of a heading are, or those of none.
    fn places_in(&self, heading: Option<&str>) -> Vec<usize> {
        let own = |place: &usize| self.scores[*place].within.as_deref() == heading;
        (0..self.scores.len()).filter(own).collect()
    }

    /// A heading deeper than there are criteria is in a ring, which lint refuses.
    fn all_in(&mut self, heading: Option<&str>, depth: usize) -> Settled {
        let places = if depth > self.scores.len() { Vec::new() } else { self.places_in(heading) };
        let counted: Vec<usize> = places.into_iter().filter(|place| self.scores[*place].within_maximum()).collect();
        Settled::of(counted.into_iter().map(|place| self.one(place, depth)).collect())
    }

    fn one(&mut self, place: usize, depth: usize) -> Settled {
        let score = &self.scores[place];
        if score.is_heading() {
            return self.heading(place, depth);
        }
        let full = score.max.map(BigRational::from).unwrap_or_default();
        match &score.points_exact {
            Some(points) => Settled { points: points.0.clone(), remaining: full.clone(), full, dropped: Vec::new() },
            None => Settled { full, dropped: vec![score.code.clone()], ..Settled::default() },
        }
    }

    fn heading(&mut self, place: usize, depth: usize) -> Settled {
        let code = self.scores[place].code.clone();
        let inside = self.all_in(Some(&code), depth + 1);
        let parts = self.places_in(Some(&code)).into_iter().map(|place| self.scores[place].code.clone()).collect();
        let remaining_max = (!inside.dropped.is_empty()).then(|| Fraction(inside.remaining.clone()));
        let mut figures = SumFigures { parts, remaining_max, made_up_for: Vec::new() };
        let is_dropped = inside.remaining.is_zero() && !inside.dropped.is_empty();
        let settled = if self.plan[place].rescale && !inside.dropped.is_empty() && !is_dropped {
            let factor = &inside.full / &inside.remaining;
            self.raise(&code, &factor, depth);
            figures.made_up_for = inside.dropped;
            Settled {
                points: inside.points * factor,
                remaining: inside.full.clone(),
                full: inside.full,
                dropped: vec![],
            }
        } else {
            inside
        };
        let score = &mut self.scores[place];
        score.dropped = is_dropped;
        score.points_exact = (!is_dropped).then(|| Fraction(settled.points.clone()));
        score.points = score.points_exact.as_ref().map(|points| half_up(&points.0, 2));
        score.figures = Figures::Sum(figures);
        settled
    }

    /// Lets everything in a heading count so much more.
    fn raise(&mut self, heading: &str, factor: &BigRational, depth: usize) {
        for place in self.places_in(Some(heading)) {
            let score = &mut self.scores[place];
            let before = score.factor.take().map(|before| before.0);
            score.factor = Some(Fraction(before.map_or_else(|| factor.clone(), |before| before * factor)));
            if score.is_heading() && depth <= self.scores.len() {
                let code = self.scores[place].code.clone();
                self.raise(&code, factor, depth + 1);
            }
        }
    }
}

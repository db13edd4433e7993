//! The points that a scale gives for a figure. Exact. PURE.

use num_traits::{One, Zero};

use crate::{
    exact::{BigRational, ratio},
    movements::{
        plan::{Between, Comparator, Knot, PointScale},
        target::Bound,
    },
};

/// A figure in percent of another: of a target, of the best, of a mean. None where there are no percent of it.
pub fn percent(figure: &BigRational, of: &BigRational) -> Option<BigRational> {
    (!of.is_zero()).then(|| figure / of * ratio(100, 1))
}

/// The same counted from an origin up, never below 0. None where nobody is above the origin.
pub fn percent_from(figure: &BigRational, best: &BigRational, origin: &BigRational) -> Option<BigRational> {
    let from = |figure: &BigRational| figure - origin;
    let span = from(best);
    (span > BigRational::zero()).then(|| (from(figure) / span * ratio(100, 1)).max(BigRational::zero()))
}

/// The last knot that a figure reaches.
pub fn reached<'a>(scale: &'a PointScale, figure: &BigRational) -> Option<&'a Knot> {
    scale.knots.iter().rev().find(|knot| reaches(knot, figure))
}

/// The first knot that a figure does not reach.
pub fn next<'a>(scale: &'a PointScale, figure: &BigRational) -> Option<&'a Knot> {
    scale.knots.iter().find(|knot| !reaches(knot, figure))
}

fn reaches(knot: &Knot, figure: &BigRational) -> bool {
    knot.edge().is_some_and(|(edge, beyond)| match beyond {
        true => *figure > BigRational::from(edge),
        false => *figure >= BigRational::from(edge),
    })
}

/// The points of a figure.
pub fn points(scale: &PointScale, figure: &BigRational) -> BigRational {
    let given = |knot: &Knot| BigRational::from(knot.points);
    let (before, after) = (reached(scale, figure), next(scale, figure));
    match (scale.between, before, after) {
        (Between::Step, Some(before), _) => given(before),
        (Between::Step, None, _) => scale.below.map(BigRational::from).unwrap_or_default(),
        (Between::Line, Some(before), Some(after)) => between(before, after, figure).unwrap_or_else(|| given(before)),
        (Between::Line, Some(knot), None) | (Between::Line, None, Some(knot)) => given(knot),
        (Between::Line, None, None) => BigRational::zero(),
    }
}

/// The nearest figure that gives more points: above this one, else below it.
pub fn better(scale: &PointScale, figure: &BigRational) -> Option<Bound> {
    let here = points(scale, figure);
    let more = |points: BigRational| points > here;
    let bound = |knot: &Knot, from: Comparator, beyond: Comparator| {
        let (edge, is_beyond) = knot.edge()?;
        Some(Bound { comparator: if is_beyond { beyond } else { from }, value: edge.into() })
    };
    let (behind, ahead) = scale.knots.split_at(scale.knots.iter().take_while(|knot| reaches(knot, figure)).count());
    if let Some(knot) = ahead.iter().find(|knot| more(knot.points.into())) {
        return bound(knot, Comparator::AtLeast, Comparator::Above);
    }
    match scale.between {
        Between::Line => {
            let knot = behind.iter().rev().find(|knot| more(knot.points.into()))?;
            bound(knot, Comparator::AtMost, Comparator::AtMost)
        }
        Between::Step => {
            let before = |place: usize| match place.checked_sub(1) {
                Some(before) => behind[before].points.into(),
                None => scale.below.map(BigRational::from).unwrap_or_default(),
            };
            let place = (0..behind.len()).rev().find(|place| more(before(*place)))?;
            bound(&behind[place], Comparator::Below, Comparator::AtMost)
        }
    }
}

fn between(before: &Knot, after: &Knot, figure: &BigRational) -> Option<BigRational> {
    let place = |knot: &Knot| Some((BigRational::from(knot.edge()?.0), BigRational::from(knot.points)));
    let ((x0, y0), (x1, y1)) = (place(before)?, place(after)?);
    let part = (figure - &x0) / (x1 - x0);
    Some(&y0 * (BigRational::one() - &part) + y1 * part)
}

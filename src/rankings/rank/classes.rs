//! The class of a total, and every limit that a shown total must not cross. PURE.

use super::entry::ClassFigures;
use crate::{
    exact::{BigRational, Decimal},
    movements::plan::{Award, Class, Comparator, Condition, Term},
    rankings::conditions::{Known, evaluate},
};

/// The best class whose bound the compared total reaches and whose condition holds; with the conditions down to it.
pub(super) fn class(classes: &[Class], known: &Known) -> (Option<String>, Vec<ClassFigures>) {
    let mut asked = Vec::new();
    for class in classes.iter().filter(|class| known.total.is_some_and(|total| class.is_reached(total))) {
        let when = class.when.as_ref().map(|when| evaluate(when, known));
        let holds = when.as_ref().is_none_or(|when| when.holds);
        asked.extend(when.map(|when| ClassFigures { class: class.code.clone(), when }));
        if holds {
            return (Some(class.code.clone()), asked);
        }
    }
    (None, asked)
}

/// Where classes begin, and what conditions ask of the total.
pub(super) fn limits(award: &Award) -> Vec<(Comparator, BigRational)> {
    let edge = |class: &Class| {
        let (edge, beyond) = class.edge()?;
        Some((if beyond { Comparator::Above } else { Comparator::AtLeast }, edge))
    };
    let conditions = award.classes.iter().filter_map(|class| class.when.as_ref()).chain(&award.eligible);
    let atoms = conditions.flat_map(Condition::atoms).filter_map(|(_, atom)| match atom.read()? {
        Term::Total(limits) => Some(limits.each().collect::<Vec<_>>()),
        _ => None,
    });
    let limits = award.classes.iter().filter_map(edge).chain(atoms.flatten());
    limits.map(|(comparator, limit): (Comparator, Decimal)| (comparator, limit.into())).collect()
}

//! The money that goes with an award: of a place as the plan has it, else coefficient × base salary of the day. PURE.

use chrono::NaiveDate;

use crate::{
    exact::{BigRational, Decimal},
    finding::Finding,
    law::Law,
    movements::plan::Award,
};

/// The money of one award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// None for the money of a place, which the plan names.
    pub coefficient: Option<Decimal>,
    /// Dong.
    pub base_salary: Option<Decimal>,
    /// Dong.
    pub amount: u64,
}

/// The money of everybody by their places, on the day of the decision; what nobody has entered yet, where it is needed.
pub fn money(law: &Law, award: &Award, places: &[Option<&str>], on: NaiveDate) -> Result<Vec<Money>, Vec<Finding>> {
    let of_place = |code: &str| award.places.iter().find(|place| place.code == code)?.money;
    let own: Vec<Option<Decimal>> = places.iter().map(|place| place.and_then(of_place)).collect();
    let general = match own.iter().any(Option::is_none) {
        true => Some(law.bonus(&award.form, award.candidates, on)?),
        false => None,
    };
    let one = |own: Option<Decimal>| match own {
        Some(own) => {
            let amount = u64::try_from(BigRational::from(own).ceil().to_integer()).unwrap_or(u64::MAX);
            Some(Money { coefficient: None, base_salary: None, amount })
        }
        None => general.as_ref().map(|bonus| Money {
            coefficient: Some(bonus.coefficient),
            base_salary: Some(bonus.base_salary),
            amount: bonus.amount,
        }),
    };
    Ok(own.into_iter().filter_map(one).collect())
}

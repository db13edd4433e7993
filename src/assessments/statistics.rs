//! What points come to: mean, median, spread. All exact but what has a root in it, which is shown and never ranked on. PURE.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::exact::{self, BigRational};

/// Decimals of a root: many more than are shown.
const ROOT_DIGITS: u32 = 12;

/// Of at least one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    pub mean: BigRational,
    pub median: BigRational,
    pub lowest: BigRational,
    pub highest: BigRational,
    /// Of all of them, not of a sample.
    pub variance: BigRational,
}

impl Spread {
    pub fn of(numbers: impl IntoIterator<Item = BigRational>) -> Option<Self> {
        let mut sorted: Vec<BigRational> = numbers.into_iter().collect();
        sorted.sort();
        let (lowest, highest) = (sorted.first()?.clone(), sorted.last()?.clone());
        let mean = exact::mean(sorted.iter())?;
        let middle = &sorted[(sorted.len() - 1) / 2..=sorted.len() / 2];
        let squares: Vec<BigRational> = sorted.iter().map(|one| (one - &mean) * (one - &mean)).collect();
        Some(Self {
            median: exact::mean(middle.iter())?,
            variance: exact::mean(squares.iter())?,
            mean,
            lowest,
            highest,
        })
    }

    pub fn deviation(&self) -> BigRational {
        root(&self.variance)
    }

    /// How many deviations a number lies from the mean; none where all are alike.
    pub fn z(&self, number: &BigRational) -> Option<BigRational> {
        if self.variance.is_zero() {
            return None;
        }
        let apart = number - &self.mean;
        let z = root(&(&apart * &apart / &self.variance));
        Some(if apart.is_negative() { -z } else { z })
    }
}

/// The square root of what is not negative, cut off after [`ROOT_DIGITS`].
fn root(number: &BigRational) -> BigRational {
    let scale = BigInt::from(10).pow(ROOT_DIGITS);
    let scaled: BigInt = (number * BigRational::from(&scale * &scale)).floor().to_integer();
    BigRational::new(scaled.sqrt(), scale)
}

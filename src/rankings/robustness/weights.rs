//! The weights of a draw, which follow from its seed and its number alone. PURE.

use num_traits::ToPrimitive;

use crate::{exact::Decimal, movements::plan::Robustness};

/// Weights are whole millionths: this is 1.
pub const ONE: i64 = 1_000_000;

/// Each draw has so many numbers of the generator for itself.
const STRIDE: u64 = 1 << 16;

/// The `n`-th number, from 1, of SplitMix64 with a seed (Steele, Lea, Flood: «Fast splittable pseudorandom number
/// generators», 2014).
pub fn splitmix64(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Fills in the weights of a draw, from 1: each uniform among the millionths of 1 ± spread. The `k`-th, from 0, is
/// `1 − s + ⌊r × (2s + 1) / 2⁶⁴⌋` with `s = ⌊spread⌋` in millionths and `r` number `draw × 65,536 + k + 1` of the seed.
pub fn draw(rules: &Robustness, draw: u32, weights: &mut [i64]) {
    let spread = spread(rules.spread);
    let width = u128::from(2 * spread.unsigned_abs() + 1);
    for (weight, n) in weights.iter_mut().zip(u64::from(draw) * STRIDE + 1..) {
        let above = (u128::from(splitmix64(rules.seed, n)) * width) >> 64;
        *weight = ONE - spread + above as i64;
    }
}

/// In millionths, below 1.
fn spread(spread: Decimal) -> i64 {
    let millionths = rust_decimal::Decimal::from(spread).checked_mul(ONE.into());
    let whole = millionths.and_then(|millionths| millionths.floor().to_i64());
    whole.map_or(ONE - 1, |spread| spread.clamp(0, ONE - 1))
}

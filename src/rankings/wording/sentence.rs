//! Sentences in Vietnamese and English, from templates by code. PURE.

use std::{collections::BTreeMap, sync::LazyLock};

use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::{
    exact::{BigRational, Decimal, half_up, ratio, round_up, shown},
    labels::{self, Label},
    rankings::rank::Standing,
};

static SENTENCES: LazyLock<BTreeMap<String, Label>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("sentences.json")).expect("sentences.json is compiled in and read by a test")
});

/// Decimals up to which points are told.
const EXACT: u32 = 8;

/// All templates by code.
pub fn sentences() -> &'static BTreeMap<String, Label> {
    &SENTENCES
}

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub vi: String,
    pub en: String,
}

impl Sentence {
    /// One sentence of several parts.
    pub fn of_parts(parts: &[Self]) -> Self {
        let join = |of: fn(&Self) -> &str| format!("{}.", parts.iter().map(of).collect::<Vec<_>>().join("; "));
        Self { vi: join(|part| &part.vi), en: join(|part| &part.en) }
    }
}

/// A name or a code.
pub fn word(text: impl ToString) -> Sentence {
    Sentence { vi: text.to_string(), en: text.to_string() }
}

/// A label of a list, within a sentence.
pub fn label(list: &str, code: &str) -> Sentence {
    let small = |text: String| {
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    };
    let (vi, en) = labels::name(list, code);
    Sentence { vi: small(vi), en: small(en) }
}

/// A decimal as each language writes it: `1.234,56`, and `1,234.56`.
pub fn number(decimal: impl ToString) -> Sentence {
    let text = decimal.to_string();
    Sentence { vi: written(&text, ".", ","), en: written(&text, ",", ".") }
}

/// A figure as it is shown: a number, a part of a whole, or a level's name.
pub fn figure(text: &str) -> Sentence {
    let is_number = text.parse::<Decimal>().is_ok();
    if is_number { number(text) } else { word(text) }
}

/// Up to 8 decimals, without trailing zeros.
pub fn exactly(points: &BigRational) -> Sentence {
    number(round_up(points))
}

/// So many points, rounded up to 2 decimals, or to as many as keep them within what there is: never less than needed.
pub fn needed(points: &BigRational, room: Option<&BigRational>) -> Sentence {
    let scale = |digits: u32| ratio(BigInt::from(10).pow(digits), 1);
    let up = |digits: u32| (points * scale(digits)).ceil() / scale(digits);
    let exceeds = |digits: u32| room.is_some_and(|room| points <= room && up(digits) > *room);
    let digits = (2..EXACT).find(|digits| !exceeds(*digits)).unwrap_or(EXACT);
    number(half_up(&up(digits), digits))
}

/// So many points that there are, rounded down to 2 decimals, or to as many as show that there are some.
pub fn left_over(points: &BigRational) -> Sentence {
    let scale = |digits: u32| ratio(BigInt::from(10).pow(digits), 1);
    let down = |digits: u32| (points * scale(digits)).floor() / scale(digits);
    let digits = (2..EXACT).find(|digits| points.is_zero() || !down(*digits).is_zero()).unwrap_or(EXACT);
    number(half_up(&down(digits), digits))
}

/// Half-up to 2 decimals, or to as many as show that it is not nothing.
pub fn apart_from_zero(points: &BigRational) -> Sentence {
    number(shown(points, 2, |seen| seen.is_zero() != points.is_zero()))
}

/// A standing against the quota.
pub fn standing(standing: Standing) -> Sentence {
    label(
        "ranking_standing",
        match standing {
            Standing::WithinQuota => "within_quota",
            Standing::TiedAtCutoff => "tied_at_cutoff",
            Standing::BelowQuota => "below_quota",
            Standing::OverUnitLimit => "over_unit_limit",
        },
    )
}

/// A part in percent, half-up to 2 decimals, or to as many as keep it from 100.
pub fn percent(part: &BigRational) -> Sentence {
    let all = ratio(100, 1);
    let text = shown(&(part * &all), 2, |seen| (*seen == all) != part.is_one());
    number(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text })
}

fn written(text: &str, group: &str, point: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut grouped = String::from(sign);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push_str(group);
        }
        grouped.push(digit);
    }
    part.map_or(grouped.clone(), |part| format!("{grouped}{point}{part}"))
}

/// What a template says with these words. A code without one would be a defect, which a test finds.
pub fn say(code: &str, words: &[(&str, Sentence)]) -> Sentence {
    let Some(Label(vi, en)) = SENTENCES.get(code) else { return word(code) };
    Sentence { vi: fill(vi, words, |word| &word.vi), en: fill(en, words, |word| &word.en) }
}

/// Braces in what is filled in stay.
fn fill(template: &str, words: &[(&str, Sentence)], of: fn(&Sentence) -> &str) -> String {
    let mut parts = template.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        filled.push_str(words.iter().find(|(known, _)| *known == name).map_or("–", |(_, word)| of(word)));
        filled.push_str(rest);
    }
    filled
}

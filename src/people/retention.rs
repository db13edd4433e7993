//! How long people are known by name: when a person's term is over, and what stands in their place after it. PURE.

use chrono::{Months, NaiveDate};

use uuid::Uuid;

/// What a person was last part of.
#[derive(Debug, Clone, Copy)]
pub struct LastPart {
    /// The day from which their newest state holds.
    pub registered_on: NaiveDate,
    /// Nominated, or owner of an initiative, in a movement that is not concluded.
    pub takes_part: bool,
    /// The day on which the last movement that they took part in was concluded.
    pub concluded_on: Option<NaiveDate>,
}

/// The day whose people are forgotten today: what ended by it is `years` old.
pub fn term_start(today: NaiveDate, years: u32) -> Option<NaiveDate> {
    today.checked_sub_months(Months::new(years.saturating_mul(12)))
}

/// Whether nothing that the person was part of is newer than the term.
pub fn is_over(last: &LastPart, term_start: NaiveDate) -> bool {
    let newest = last.concluded_on.map_or(last.registered_on, |concluded| concluded.max(last.registered_on));
    !last.takes_part && newest <= term_start
}

/// The name of somebody forgotten: always the same, and told by nothing but the id (of the person, or of the household that
/// they head) that stands everywhere anyway.
pub fn pseudonym(id: impl Into<Uuid>) -> String {
    let id: Uuid = id.into();
    let id = id.to_string();
    format!("Người {}", id.rsplit('-').next().unwrap_or(&id))
}

/// A regular expression of Postgres's that finds a name where it stands by itself, however its words are spaced. None
/// for a name of one word, which may be any word.
pub fn mention(name: &str) -> Option<String> {
    // Letters of Vietnamese and of its neighbours; what Postgres holds for a letter depends on where it runs.
    const LETTER: &str = r"[A-Za-z0-9\u00C0-\u024F\u0300-\u036F\u1E00-\u1EFF]";
    let escape = |word: &str| {
        let escaped = word.chars().flat_map(|c| r"\.^$|?*+()[]{}".contains(c).then_some('\\').into_iter().chain([c]));
        escaped.collect::<String>()
    };
    let words: Vec<String> = name.split_whitespace().map(escape).collect();
    (words.len() > 1).then(|| format!("(?<!{LETTER}){}(?!{LETTER})", words.join(r"\s+")))
}

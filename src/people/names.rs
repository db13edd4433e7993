//! Vietnamese names in search and in order. PURE.

use crate::text::unaccented;

/// Lower case without diacritics, đ as d: «Đặng Thị Hồng» is found by `dang thi hong`.
pub fn plain(text: &str) -> String {
    unaccented(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The given name (last word) first, then the rest. Diacritics break ties, so that «Hoa» and «Hoà» stand apart.
pub fn sort_key(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let turned: Vec<&str> =
        words.last().into_iter().chain(words.iter().take(words.len().saturating_sub(1))).copied().collect();
    let turned = turned.join(" ");
    format!("{}\u{1}{}", plain(&turned), turned.to_lowercase())
}

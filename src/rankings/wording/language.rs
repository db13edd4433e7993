//! Sentences in the language that somebody reads.

use super::sentence::Sentence;
use crate::http::Locale;

pub fn in_language(sentences: impl IntoIterator<Item = Sentence>, locale: Locale) -> Vec<String> {
    let of = |sentence: Sentence| match locale {
        Locale::Vi => sentence.vi,
        Locale::En => sentence.en,
    };
    sentences.into_iter().map(of).collect()
}

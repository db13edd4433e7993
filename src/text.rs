//! Text as it is kept: composed (NFC), without characters that hide or turn what is written. PURE.

use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick};

/// In NFC; most texts are already.
pub fn composed(text: &str) -> String {
    match text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        true => text.to_owned(),
        false => text.nfc().collect(),
    }
}

/// Characters that no text may contain: control characters except tab and line ends, characters that change the writing
/// direction and so make a name look like another (Unicode TR36), and noncharacters, which are for no interchange.
pub fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
        || matches!(c, '\u{FDD0}'..='\u{FDEF}')
        || matches!(u32::from(c) & 0xFFFF, 0xFFFE | 0xFFFF)
}

/// Whether a character shows: fillers, joiners and blanks do not.
pub fn is_visible(c: char) -> bool {
    let hidden = matches!(c, '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}');
    !(hidden || c.is_whitespace() || c.is_control())
}

/// Lower case without diacritics, đ as d. The letters Ð (U+00D0) and Ɖ (U+0189) look like Đ and are often typed for it.
pub fn unaccented(text: &str) -> String {
    let bare = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    bare.map(|c| if matches!(c, 'đ' | 'ð' | 'ɖ') { 'd' } else { c }).collect()
}

/// The words of a search, folded: a text matches that holds each of them, in any order.
pub fn searched(q: &str) -> Vec<String> {
    folded(q).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a text holds every word of a [search](searched).
pub fn holds_all(text: &str, words: &[String]) -> bool {
    let text = folded(text);
    words.iter().all(|word| text.contains(word.as_str()))
}

/// Folds text for comparison: lower case, without diacritics, words separated by one space. `Tử  số:` becomes `tu so`.
pub fn folded(text: &str) -> String {
    let plain = unaccented(text);
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A text without what of it is in brackets: «Tử số (hồ sơ)», «Tử số [hồ sơ]».
pub fn without_brackets(text: &str) -> String {
    let mut depth = 0;
    let outside = |c: &char| match c {
        '(' | '[' => {
            depth += 1;
            false
        }
        ')' | ']' => {
            depth -= 1;
            false
        }
        _ => depth <= 0,
    };
    text.chars().filter(outside).collect()
}

/// Whether two names are one but for a unit of measure, which just one of them has in brackets.
pub fn is_measured_alike(said: &str, name: &str) -> bool {
    let has = |text: &str| text.contains(['(', '[']);
    has(said) != has(name) && folded(&without_brackets(said)) == folded(&without_brackets(name))
}

/// Whether a text may be written for a name that it equals without diacritics: each of its words is without any, or has
/// the name's own, as far as the name has any. Villages differ by a tone alone: «Thôn Trầm» is not «Thôn Trâm», but «thon tram» may be either. Where
/// in a word the tone stands makes no difference («hoà», «hòa»).
pub fn agrees(said: &str, name: &str) -> bool {
    let (said, name) = (letters(said), letters(name));
    let mut from = 0;
    let fits = |word: &[Letter], of_name: &[Letter]| {
        let tones = |word: &[Letter]| word.iter().flat_map(|letter| letter.tones.chars()).collect::<String>();
        let bare = |word: &[Letter]| word.iter().all(|letter| letter.quality.is_empty() && letter.tones.is_empty());
        let qualities = word.iter().map(|letter| &letter.quality).eq(of_name.iter().map(|letter| &letter.quality));
        bare(word) || bare(of_name) || qualities && tones(word) == tones(of_name)
    };
    said.len() == name.len()
        && said.chunk_by(|_, next| !next.begins).all(|word| {
            let of_name = &name[from..from + word.len()];
            from += word.len();
            fits(word, of_name)
        })
}

/// A letter of a word: its marks that make another letter of it (ă, â, đ), its tone, and whether a word begins with it.
struct Letter {
    quality: String,
    tones: String,
    begins: bool,
}

fn letters(text: &str) -> Vec<Letter> {
    const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
    let (mut letters, mut begins) = (Vec::<Letter>::new(), true);
    for c in text.nfd().flat_map(char::to_lowercase) {
        match letters.last_mut() {
            Some(letter) if TONES.contains(&c) => letter.tones.push(c),
            Some(letter) if is_combining_mark(c) => letter.quality.push(c),
            _ if c.is_alphanumeric() => {
                let quality = if matches!(c, 'đ' | 'ð' | 'ɖ') { "đ".to_owned() } else { String::new() };
                letters.push(Letter { quality, tones: String::new(), begins });
                begins = false;
            }
            _ => begins = true,
        }
    }
    letters
}

/// The known name that a mistaken one is near to; none where no known name is. Case, diacritics, separators and zeros
/// that lead a number make no difference; three letters in ten may be others, but no number.
pub fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (wanted, numbers) = bare(name);
    let likeness = |known: &str| match bare(known) {
        (same, _) if same == wanted => 1.0,
        (other, others) if others == numbers => strsim::normalized_damerau_levenshtein(&other, &wanted),
        _ => 0.0,
    };
    let liked = known.into_iter().map(|known| (known, likeness(known))).filter(|(_, likeness)| *likeness > 0.7);
    liked.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(known, _)| known)
}

/// A name as it is compared, and the numbers in it.
fn bare(name: &str) -> (String, Vec<String>) {
    let (mut text, mut numbers, mut digits) = (String::new(), Vec::new(), String::new());
    for c in folded(name).chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let number = digits.trim_start_matches('0').to_owned();
            text.push_str(&number);
            numbers.push(number);
            digits.clear();
        }
        text.extend(Some(c).filter(|c| *c != ' '));
    }
    (text, numbers)
}

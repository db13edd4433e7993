//! A text with placeholders: `{{name}}`, `{{name|chu}}` (a day in words), `{{name|hoa}}` (capitals), `{{#}}` (the number
//! of the row). PURE.

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    Words(&'a str),
    Value { name: &'a str, form: Option<&'a str> },
}

/// The number of a row.
pub const ORDINAL: &str = "#";
/// Before the name of a value that must not be there.
pub const NOT: char = '!';
/// The forms of a value: a day in words, a text in capitals.
pub const IN_WORDS: &str = "chu";
pub const CAPITALS: &str = "hoa";

/// The parts of a text; none where a brace is missing.
pub fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((words, behind)) = rest.split_once("{{") {
        let (inner, after) = behind.split_once("}}")?;
        if words.contains("}}") || inner.contains(['{', '}']) {
            return None;
        }
        let (name, form) = match inner.split_once('|') {
            Some((name, form)) => (name.trim(), Some(form.trim())),
            None => (inner.trim(), None),
        };
        parts.extend([Part::Words(words), Part::Value { name, form }]);
        rest = after;
    }
    parts.push(Part::Words(rest));
    (!rest.contains("}}")).then_some(parts)
}

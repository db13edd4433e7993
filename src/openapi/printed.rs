//! The document as text: indented by one space, and what is short in one line, as is a list of words and numbers. So a
//! change of one thing is a change of few lines. PURE.

use serde_json::Value;

/// Most bytes of an object, or of a list of objects, that stands in one line.
const SHORT: usize = 240;

/// The document as it is served and committed.
pub fn text(document: &Value) -> String {
    let mut text = String::new();
    print(document, 0, &mut text);
    text.push('\n');
    text
}

fn print(value: &Value, depth: usize, text: &mut String) {
    let whole = value.to_string();
    let lines: Vec<(String, &Value)> = match value {
        _ if whole.len() <= SHORT => Vec::new(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (format!("{}: ", Value::from(name.as_str())), member)).collect()
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().map(|item| (String::new(), item)).collect()
        }
        _ => Vec::new(),
    };
    if lines.is_empty() {
        return text.push_str(&whole);
    }
    let begin = |text: &mut String, depth: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n(' ', depth));
    };
    text.push_str(&whole[..1]);
    for (place, (name, member)) in lines.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        begin(text, depth + 1);
        text.push_str(&name);
        print(member, depth + 1, text);
    }
    begin(text, depth);
    text.push_str(&whole[whole.len() - 1..]);
}

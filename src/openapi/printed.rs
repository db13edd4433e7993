//! The document as text: indented by one space, and what holds no other object or list in one line, if it is short, as do
//! lists of such objects. So a change of one thing is a change of few lines. PURE.

use serde_json::Value;

/// Most bytes of what stands in one line.
const SHORT: usize = 100;

/// The document as it is served and committed.
pub fn text(document: &Value) -> String {
    let mut text = String::new();
    print(document, 0, &mut text);
    text.push('\n');
    text
}

fn print(value: &Value, depth: usize, text: &mut String) {
    let whole = value.to_string();
    let is_short = whole.len() <= SHORT;
    let begin = |text: &mut String, place: usize| {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        text.extend(std::iter::repeat_n(' ', depth + 1));
    };
    match value {
        Value::Object(members) if !(is_short && members.values().all(is_single)) => {
            text.push('{');
            for (place, (name, member)) in members.iter().enumerate() {
                begin(text, place);
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push_str(": ");
                print(member, depth + 1, text);
            }
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', depth));
            text.push('}');
        }
        Value::Array(items) if !(is_short && items.iter().all(is_flat)) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                begin(text, place);
                print(item, depth + 1, text);
            }
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', depth));
            text.push(']');
        }
        _ => text.push_str(&whole),
    }
}

/// Whether it holds nothing that holds more.
fn is_flat(value: &Value) -> bool {
    value.as_object().map_or(is_single(value), |members| members.values().all(is_single))
}

fn is_single(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

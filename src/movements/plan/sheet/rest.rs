//! The sheet of what no other sheet holds: places in the document with their values, as JSON. PURE.

use serde_json::{Map, Value, json};

use super::words::{is_kept, is_odd};
use crate::{
    finding::{escape, unescape},
    tables::cells::Cell,
    text::composed,
};

/// Most characters of one cell; a longer value goes on in the cells beside it.
const CELL_MOST: usize = 4_000;

/// Most bytes of a place: what is called by a longer name is a value of what it is in.
const PLACE_MOST: usize = 1_000;

/// What a document says beyond what the other sheets say.
#[derive(Debug, Clone, PartialEq)]
pub struct Rest {
    /// Its place, with items of lists by their codes.
    pub place: String,
    pub value: Value,
    /// The place by indices.
    pub pointer: String,
    pub stands: Stands,
}

/// What stands at a place in the other sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Nothing,
    Else,
    /// A list of other items, or in another order.
    OtherList,
}

pub fn differences(have: &Value, want: &Value) -> Vec<Rest> {
    let mut found = Vec::new();
    walk(have, want, (String::new(), String::new()), &mut found);
    found
}

fn walk(have: &Value, want: &Value, (place, pointer): (String, String), found: &mut Vec<Rest>) {
    let inside =
        |step: &str, index: &str| (format!("{place}/{}", escape(step)), format!("{pointer}/{}", escape(index)));
    match (have, want) {
        _ if have == want => {}
        (Value::Object(known), Value::Object(members)) if known.keys().all(|name| members.contains_key(name)) => {
            for (name, member) in members {
                let (within, inner) = inside(name, name);
                let (place, pointer, member) = match within.len() {
                    ..=PLACE_MOST => (within, inner, member.clone()),
                    _ => (place.clone(), pointer.clone(), json!({ name: member })),
                };
                match known.get(name) {
                    Some(known) => walk(known, &member, (place, pointer), found),
                    None => found.push(Rest { place, value: member, pointer, stands: Stands::Nothing }),
                }
            }
        }
        (Value::Array(known), Value::Array(items)) => {
            let same = known.len() == items.len();
            let steps: Option<Vec<String>> = (0..items.len()).map(|index| step(known, items, index)).collect();
            let mut of_items = Vec::new();
            for (index, step) in steps.iter().flatten().enumerate().filter(|_| same) {
                walk(&known[index], &items[index], inside(step, &index.to_string()), &mut of_items);
            }
            if same && steps.is_some() && of_items.iter().all(|rest| rest.stands != Stands::Else) {
                found.append(&mut of_items);
            } else {
                found.push(Rest { place, value: want.clone(), pointer, stands: Stands::OtherList });
            }
        }
        _ => found.push(Rest { place, value: want.clone(), pointer, stands: Stands::Else }),
    }
}

/// The step to an item: its code, else its index; none, where neither leads there alone. While the rows are applied the
/// list is something between the two that are compared.
fn step(known: &[Value], items: &[Value], index: usize) -> Option<String> {
    let known = known.get(..items.len())?;
    let code = |item: &Value| item.get("code").and_then(Value::as_str).map(str::to_owned);
    let alone =
        |code: &str| [known, items].iter().all(|list| list.iter().filter(|item| item["code"] == code).count() == 1);
    let same = code(&items[index]).filter(|own| code(&known[index]).as_ref() == Some(own) && alone(own));
    let unread =
        |index: &String| [known, items].iter().all(|list| list.iter().all(|item| item["code"] != index.as_str()));
    same.or_else(|| Some(index.to_string()).filter(unread))
}

/// The lines of the sheet, below its headings.
pub fn lines(found: &[Rest]) -> Vec<Vec<Cell>> {
    let line = |rest: &Rest| {
        let quoted = || plain(&Value::from(rest.place.as_str()));
        let own = Some(Cell::Text(rest.place.clone())).filter(|_| !rest.place.is_empty());
        let place = own.filter(|cell| is_kept(cell) && rest.place.trim() == rest.place);
        let place = place.unwrap_or_else(|| Cell::Text(quoted()));
        let signs: Vec<char> = plain(&rest.value).chars().collect();
        let parts = signs.chunks(CELL_MOST).map(|part| Cell::Text(part.iter().collect()));
        std::iter::once(place).chain(parts).collect()
    };
    found.iter().map(line).collect()
}

/// JSON in signs that every file keeps.
fn plain(value: &Value) -> String {
    let text = value.to_string();
    let kept = composed(&text) == text;
    let mut written = String::with_capacity(text.len());
    for sign in text.chars() {
        let odd = sign.is_control() || is_odd(sign) || !kept && !sign.is_ascii();
        match sign {
            sign if odd => {
                sign.encode_utf16(&mut [0; 2]).iter().for_each(|unit| written.push_str(&format!("\\u{unit:04x}")))
            }
            // Files write odd characters as `_x0009_`.
            'x' if written.ends_with('_') => written.push_str("\\u0078"),
            sign => written.push(sign),
        }
    }
    written
}

/// A row: its place, and its value. None where either cannot be read.
pub fn row(cells: &[Cell]) -> (Option<String>, Option<Value>) {
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Blank => String::new(),
        other => other.quoted(),
    };
    let place = cells.first().map(said).unwrap_or_default();
    let place: Option<String> = match place.trim() {
        place if place.starts_with('"') => serde_json::from_str(place).ok(),
        place => Some(place.to_owned()).filter(|place| !place.is_empty()),
    };
    let value: String = cells.iter().skip(1).map(said).collect();
    (place.filter(|place| place.is_empty() || place.starts_with('/')), serde_json::from_str(&value).ok())
}

/// Why a value cannot stand at a place.
#[derive(Debug, PartialEq)]
pub enum Misplaced {
    Nowhere,
    /// Something stands there.
    Said,
}

/// The pointer that a place is, by indices; none, where no item of a list is called so.
pub fn pointer(document: &Value, place: &str) -> Option<String> {
    let (mut at, mut here) = (String::new(), Some(document));
    for step in place.split('/').skip(1) {
        let name = unescape(step);
        let step = match here {
            Some(Value::Array(items)) => index(items, &name)?.to_string(),
            _ => step.to_owned(),
        };
        here = here.and_then(|here| here.pointer(&format!("/{step}")));
        at = format!("{at}/{step}");
    }
    Some(at)
}

/// Puts a value where nothing stands; objects on the way are made. An object adds to one that stands there, an empty list
/// says nothing where there is one.
pub fn put(document: &mut Value, pointer: &str, value: Value) -> Result<(), Misplaced> {
    let mut here = document;
    let mut steps = pointer.split('/').skip(1).map(unescape).peekable();
    while let Some(name) = steps.next() {
        let last = steps.peek().is_none();
        here = match here {
            Value::Array(items) => {
                let item = name.parse().ok().and_then(|index: usize| items.get_mut(index));
                item.ok_or(Misplaced::Nowhere)?
            }
            Value::Object(members) if last && !members.contains_key(&name) => {
                members.insert(name, value);
                return Ok(());
            }
            Value::Object(members) => members.entry(name).or_insert_with(|| Value::Object(Map::new())),
            _ => return Err(Misplaced::Said),
        };
    }
    stand(here, value)
}

fn stand(known: &mut Value, value: Value) -> Result<(), Misplaced> {
    match (known, value) {
        (Value::Array(_), Value::Array(items)) if items.is_empty() => Ok(()),
        (Value::Object(known), Value::Object(members)) => {
            for (name, member) in members {
                match known.get_mut(&name) {
                    Some(known) => stand(known, member)?,
                    None => drop(known.insert(name, member)),
                }
            }
            Ok(())
        }
        _ => Err(Misplaced::Said),
    }
}

/// The place of an item, by its code or its index.
fn index(items: &[Value], name: &str) -> Option<usize> {
    let coded = items.iter().position(|item| item["code"] == name);
    coded.or_else(|| name.parse().ok().filter(|index: &usize| *index < items.len() && index.to_string() == name))
}

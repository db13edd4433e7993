//! What a cell of a plan's workbook means as a value of the document, and back. A form of a value is written only if it
//! reads back as the same value. PURE.

use chrono::{DateTime, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use serde_json::{Map, Value, json};

use super::columns::Holds;
use crate::{
    labels,
    tables::cells::{self, Cell, TEXT_MOST, guarded, says_empty},
    text::{composed, folded, is_forbidden},
};

/// What a cell says that is to be null, or an empty list.
const EMPTY: &str = "(trống)";
/// Most digits of a number that spreadsheets hold exactly.
const DIGITS_MOST: usize = 15;
/// Signs and short words that people write for codes of a list.
const SHORT: [(&str, &str, &str); 8] = [
    ("comparator", "≥", ">="),
    ("comparator", "≤", "<="),
    ("comparator", "từ", ">="),
    ("comparator", "ít nhất", ">="),
    ("comparator", "nhiều nhất", "<="),
    ("comparator", "đến", "<="),
    ("direction", "tăng", "up"),
    ("direction", "giảm", "down"),
];

/// Words of the paper for codes of lists that are open.
const PAPER: [(&str, &str, &str); 12] = [
    ("award_form", "giay_khen", "Giấy khen"),
    ("award_form", "bang_khen", "Bằng khen"),
    ("award_form", "co_thi_dua", "Cờ thi đua"),
    ("award_form", "thu_khen", "Thư khen"),
    ("award_form", "bieu_duong", "Biểu dương"),
    ("document_kind", "ke_hoach", "Kế hoạch"),
    ("document_kind", "quyet_dinh", "Quyết định"),
    ("document_kind", "huong_dan", "Hướng dẫn"),
    ("document_kind", "chi_thi", "Chỉ thị"),
    ("document_kind", "cong_van", "Công văn"),
    ("document_kind", "nghi_quyet", "Nghị quyết"),
    ("document_kind", "other", "Văn bản khác"),
];

/// What a form of award is called on paper; its code, where nobody has a word for it.
pub fn award_form(code: &str) -> &str {
    on_paper("award_form", code)
}

/// What a type of paper is called; its code, where nobody has a word for it.
pub fn document_kind(code: &str) -> &str {
    on_paper("document_kind", code)
}

fn on_paper<'a>(list: &str, code: &'a str) -> &'a str {
    let word = PAPER.iter().find(|(of, known, _)| *of == list && *known == code);
    word.map_or(code, |(.., word)| *word)
}

/// Why a cell is refused: the finding's code, and the words to choose from where it names none of them.
pub type Refused = (&'static str, Option<&'static str>);

/// The value of a cell; none of a blank one.
pub fn read(holds: Holds, cell: &Cell) -> Result<Option<Value>, Refused> {
    if says_empty(cell) {
        return Ok(Some(if is_list(holds) { json!([]) } else { Value::Null }));
    }
    let plain = |code: &'static str| (code, None);
    match holds {
        Holds::Decimal => Ok(cells::decimal(cell).map_err(plain)?.map(|number| json!(number.to_string()))),
        Holds::Figure => figure(cell),
        Holds::Whole => Ok(cells::count(cell).map_err(plain)?.map(Value::from)),
        Holds::Flag if cell.is_blank() => Ok(None),
        Holds::Flag => Ok(Some(json!(cells::flag(cell).map_err(plain)?))),
        Holds::Day => Ok(cells::day(cell).map_err(plain)?.map(|day| json!(day.to_string()))),
        Holds::LooseDay => match cells::day(cell) {
            Ok(day) => Ok(day.map(|day| json!(day.to_string()))),
            Err(_) => Ok(text(cell)?.map(Value::from)),
        },
        Holds::Period => match cell {
            Cell::Month(day) => Ok(Some(json!(day.format("%Y-%m").to_string()))),
            cell => Ok(text(cell)?.map(Value::from)),
        },
        Holds::Moment => moment(cell),
        _ => text(cell)?.map(|said| of_text(holds, &said)).transpose(),
    }
}

fn is_list(holds: Holds) -> bool {
    matches!(holds, Holds::Codes | Holds::Lines)
}

fn text(cell: &Cell) -> Result<Option<String>, Refused> {
    match cell {
        Cell::Date(_) | Cell::Month(_) => Err(("cell_made_date", None)),
        cell => cells::text(cell).map_err(|code| (code, None)),
    }
}

fn of_text(holds: Holds, said: &str) -> Result<Value, Refused> {
    let items = |between: &[char]| -> Vec<String> {
        said.split(between).map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    Ok(match holds {
        Holds::Word(list) => json!(word(list, said)?),
        Holds::WordOrCode(list) => json!(paper(list, said)?),
        Holds::WordOrCodes(list) => match word(list, said) {
            Ok(word) => json!(word),
            Err(_) => json!(items(&[';', ',', '\n'])),
        },
        Holds::Codes => json!(items(&[';', ',', '\n'])),
        Holds::Lines => json!(items(&[';', '\n'])),
        Holds::Decimals => pairs(said, |part| number(part).map(Value::from))?,
        Holds::Wholes => pairs(said, |part| cells::count(&Cell::of_text(part)).ok().flatten().map(Value::from))?,
        Holds::Knots => json!(
            said.split([';', '\n']).filter(|part| !part.trim().is_empty()).map(knot).collect::<Result<Vec<_>, _>>()?
        ),
        _ => json!(said),
    })
}

/// A decimal, or a level by its label or its name.
fn figure(cell: &Cell) -> Result<Option<Value>, Refused> {
    match cells::decimal(cell) {
        Ok(number) => Ok(number.map(|number| json!(number.to_string()))),
        Err("cell_not_number") => {
            let named = |said: String| if said.starts_with(|c: char| c.is_ascii_digit()) { None } else { Some(said) };
            let said = text(cell)?.and_then(named).ok_or(("cell_not_number", None))?;
            Ok(Some(json!(word("level", &said).unwrap_or(&said))))
        }
        Err(code) => Err((code, None)),
    }
}

/// The code of a list that a word stands for. Of a list without labels every word is a code.
fn word<'a>(list: &'static str, said: &'a str) -> Result<&'a str, Refused> {
    let Some(known) = labels::lists().get(list) else { return Ok(said) };
    let plain = folded(said);
    let is_it = |code: &str, label: &labels::Label| {
        code == said || !plain.is_empty() && [code, &label.0, &label.1].iter().any(|word| folded(word) == plain)
    };
    let short =
        SHORT.iter().find(|(of, word, _)| *of == list && (*word == said || folded(word) == plain && !plain.is_empty()));
    let code = short.map(|(.., code)| *code);
    let code = code.or_else(|| known.iter().find(|(code, label)| is_it(code, label)).map(|(code, _)| code.as_str()));
    code.ok_or(("cell_unknown_word", Some(list)))
}

/// The code that a word of the paper stands for, or the code that it is.
fn paper<'a>(list: &'static str, said: &'a str) -> Result<&'a str, Refused> {
    let code = PAPER.iter().find(|(of, _, word)| *of == list && folded(word) == folded(said)).map(|(_, code, _)| *code);
    let is_code = || said.chars().all(|sign| sign.is_ascii_alphanumeric() || "._-".contains(sign));
    code.or_else(|| is_code().then_some(said)).ok_or(("cell_unknown_word", Some(list)))
}

/// The words to choose from in a column.
pub fn choices(list: &str) -> Vec<String> {
    let label = |code: &String| label(list, code);
    let closed = labels::lists().get(list).map(|known| known.keys().map(label).collect());
    closed.unwrap_or_else(|| PAPER.iter().filter(|(of, ..)| *of == list).map(|(.., word)| (*word).to_owned()).collect())
}

fn label(list: &str, code: &str) -> String {
    match (list, code) {
        ("comparator", ">=") => "≥".to_owned(),
        ("comparator", "<=") => "≤".to_owned(),
        ("comparator", code) => code.to_owned(),
        _ => PAPER
            .iter()
            .find(|(of, known, _)| *of == list && *known == code)
            .map_or_else(|| labels::name(list, code).0, |(.., word)| (*word).to_owned()),
    }
}

fn number(said: &str) -> Option<String> {
    cells::decimal(&Cell::of_text(said.trim())).ok().flatten().map(|number| number.to_string())
}

/// `a: 1; b: 2`
fn pairs(said: &str, value: impl Fn(&str) -> Option<Value>) -> Result<Value, Refused> {
    let mut members = Map::new();
    for pair in said.split([';', '\n']).filter(|pair| !pair.trim().is_empty()) {
        let read = pair.rsplit_once(':').and_then(|(key, part)| Some((key.trim().to_owned(), value(part.trim())?)));
        let (key, value) = read.filter(|(key, _)| !key.is_empty()).ok_or(("cell_not_pairs", None))?;
        if members.insert(key, value).is_some() {
            return Err(("cell_not_pairs", None));
        }
    }
    Ok(Value::Object(members))
}

/// `90→5`, or `>90→5`.
fn knot(said: &str) -> Result<Value, Refused> {
    let split = said.split_once('→').or_else(|| said.split_once("->"));
    let read = split.and_then(|(edge, points)| {
        let edge = edge.trim();
        let (member, edge) = match edge.strip_prefix('>').filter(|rest| !rest.starts_with('=')) {
            Some(edge) => ("above", edge),
            None => ("from", edge.strip_prefix('≥').or_else(|| edge.strip_prefix(">=")).unwrap_or(edge)),
        };
        Some(json!({ member: number(edge)?, "points": number(points)? }))
    });
    read.ok_or(("cell_not_knots", None))
}

/// A day with a time in Hà Nội; without one, the beginning of the day. An instant of RFC 3339 is taken as it is.
fn moment(cell: &Cell) -> Result<Option<Value>, Refused> {
    let instant = |day: NaiveDateTime| {
        let at = Ho_Chi_Minh.from_local_datetime(&day).single().ok_or(("cell_not_moment", None))?;
        Ok(Some(json!(at.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::Secs, true))))
    };
    if let Ok(day) = cells::day(cell) {
        return day.map_or(Ok(None), |day| instant(day.and_time(NaiveTime::MIN)));
    }
    let said = text(cell)?.unwrap_or_default();
    if DateTime::parse_from_rfc3339(&said).is_ok() {
        return Ok(Some(json!(said)));
    }
    let (day, time) = said.rsplit_once(' ').ok_or(("cell_not_moment", None))?;
    let day = cells::day(&Cell::of_text(day)).ok().flatten();
    let time = NaiveTime::parse_from_str(&time.replace(['h', 'g'], ":"), "%H:%M").ok();
    day.zip(time).map_or(Err(("cell_not_moment", None)), |(day, time)| instant(day.and_time(time)))
}

/// The cell that a value is written in; none, where none would read back as the same value.
pub fn written(holds: Holds, value: &Value) -> Option<Cell> {
    let same = |cell: &Cell| read(holds, cell).is_ok_and(|read| read.as_ref() == Some(value));
    forms(holds, value).into_iter().find(|cell| is_kept(cell) && same(cell))
}

/// Whether a file gives a text back as it is.
pub fn is_kept(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return true };
    let plain = text.len() <= TEXT_MOST && !text.chars().any(is_odd) && !text.contains("_x") && composed(text) == *text;
    plain && Cell::of_text(&guarded(text)) == *cell
}

/// Signs that do not pass through a file as they are.
pub fn is_odd(sign: char) -> bool {
    matches!(sign, '\r' | '\t') || is_forbidden(sign)
}

/// The ways to write a value, the best first.
fn forms(holds: Holds, value: &Value) -> Vec<Cell> {
    let text = |text: String| Cell::Text(text);
    let comma = |number: &str| number.replace('.', ",");
    match (holds, value) {
        (_, Value::Null) => vec![text(EMPTY.to_owned())],
        (_, Value::Array(items)) if items.is_empty() && is_list(holds) => vec![text(EMPTY.to_owned())],
        (Holds::Flag, Value::Bool(flag)) => vec![text(if *flag { "Có" } else { "Không" }.to_owned())],
        (Holds::Whole, Value::Number(number)) => number.as_f64().map(Cell::Number).into_iter().collect(),
        (Holds::Decimal | Holds::Figure, Value::String(said)) => {
            let short = said.len() <= DIGITS_MOST;
            let number = said.parse().ok().filter(|number: &f64| short && number.is_finite()).map(Cell::Number);
            let words = [comma(said), label("level", said), said.clone()].map(Cell::Text);
            number.into_iter().chain(words).collect()
        }
        (Holds::Day | Holds::LooseDay, Value::String(said)) => {
            let day = said.parse::<chrono::NaiveDate>().ok().map(|day| text(day.format("%d/%m/%Y").to_string()));
            day.into_iter().chain([text(said.clone())]).collect()
        }
        (Holds::Moment, Value::String(said)) => {
            let at = DateTime::parse_from_rfc3339(said).ok().map(|at| at.with_timezone(&Ho_Chi_Minh));
            let words = at.map(|at| text(at.format("%d/%m/%Y %H:%M").to_string()));
            words.into_iter().chain([text(said.clone())]).collect()
        }
        (Holds::Word(list) | Holds::WordOrCode(list) | Holds::WordOrCodes(list), Value::String(said)) => {
            vec![text(label(list, said)), text(said.clone())]
        }
        (Holds::Codes | Holds::WordOrCodes(_), Value::Array(items)) => joined(items, "; "),
        (Holds::Lines, Value::Array(items)) => joined(items, "\n"),
        (Holds::Decimals | Holds::Wholes, Value::Object(members)) => {
            let pair = |(key, value): (&String, &Value)| format!("{key}: {}", comma(&bare(value)));
            vec![text(members.iter().map(pair).collect::<Vec<_>>().join("; "))]
        }
        (Holds::Knots, Value::Array(knots)) => {
            let part = |knot: &Value| {
                let (sign, edge) = if knot["above"].is_null() { ("", &knot["from"]) } else { (">", &knot["above"]) };
                format!("{sign}{}→{}", comma(&bare(edge)), comma(&bare(&knot["points"])))
            };
            vec![text(knots.iter().map(part).collect::<Vec<_>>().join("; "))]
        }
        (_, Value::String(said)) => vec![text(said.clone())],
        _ => Vec::new(),
    }
}

fn joined(items: &[Value], between: &str) -> Vec<Cell> {
    let items: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    items.map(|items| Cell::Text(items.join(between))).into_iter().collect()
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

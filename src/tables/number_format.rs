//! Number formats of spreadsheets: which section a value chooses, and what that section shows of the value. Signs within
//! quotes and after `\`, `_` or `*` are decoration. PURE.

use std::{iter::Peekable, str::Chars};

/// What a format shows of a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// The number as it is.
    Number,
    /// A hundred times the number, once for each percent sign.
    Percent(usize),
    /// A date with its day.
    Day,
    /// A month of a year, without a day.
    Month,
    /// A time of day or a duration.
    Time,
    /// Digits at places: `00000` shows 123 as `00123`, `000-000` as `000-123`.
    Digits(String),
}

/// A number format, read.
#[derive(Debug, Clone)]
pub struct NumberFormat {
    /// Those for numbers; at least one.
    sections: Vec<Section>,
}

#[derive(Debug, Clone, Default)]
struct Section {
    condition: Option<Condition>,
    percents: usize,
    /// The letters of dates and times, one for each run of them.
    letters: Vec<char>,
    /// Digits (none) and the signs between them, where the section has only these.
    places: Vec<Option<char>>,
    /// Whether it has anything beside zeros and literal signs.
    mixed: bool,
    /// Whether it is for texts.
    text: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Condition {
    less: bool,
    equal: bool,
    greater: bool,
    than: f64,
}

impl Condition {
    /// `<100`, `>=1.5`, `<>0`.
    fn read(text: &str) -> Option<Self> {
        let (sign, number) = text.split_at(text.find(|c| !matches!(c, '<' | '>' | '='))?);
        let than = number.trim().parse().ok()?;
        let known = matches!(sign, "<" | "<=" | ">" | ">=" | "=" | "<>");
        let [less, equal, greater] = ['<', '=', '>'].map(|part| sign.contains(part));
        known.then_some(Self { less, equal, greater, than })
    }

    fn holds(self, value: f64) -> bool {
        self.less && value < self.than || self.equal && value == self.than || self.greater && value > self.than
    }
}

impl NumberFormat {
    pub fn read(code: &str) -> Self {
        let mut sections = vec![Section::default()];
        let mut signs = code.chars().peekable();
        while let Some(sign) = signs.next() {
            match sections.last_mut() {
                Some(section) if sign != ';' => section.take(sign, &mut signs),
                _ => sections.push(Section::default()),
            }
        }
        // The fourth is for texts, and so is one that shows the text.
        sections.truncate(3);
        sections.retain(|section| !section.text);
        if sections.is_empty() {
            sections.push(Section { mixed: true, ..Section::default() });
        }
        Self { sections }
    }

    pub fn shown(&self, value: f64) -> Shown {
        self.chosen(value).map_or(Shown::Number, |section| section.shown(value))
    }

    /// The section that a value chooses; none, where it falls into none and the value is shown as it is.
    fn chosen(&self, value: f64) -> Option<&Section> {
        let holds =
            |section: &Section, usual: bool| section.condition.map_or(usual, |condition| condition.holds(value));
        match self.sections.as_slice() {
            [only] => holds(only, true).then_some(only),
            [first, second] if first.condition.is_none() && second.condition.is_some() => {
                Some(if holds(second, false) { second } else { first })
            }
            [first, _] if holds(first, value >= 0.0) => Some(first),
            [_, second] => holds(second, true).then_some(second),
            [first, second, third] => {
                let found = [(first, value > 0.0), (second, value < 0.0)];
                Some(
                    found.into_iter().find(|(section, usual)| holds(section, *usual)).map_or(third, |(found, _)| found),
                )
            }
            _ => None,
        }
    }
}

impl Section {
    fn take(&mut self, sign: char, rest: &mut Peekable<Chars>) {
        match sign {
            '"' => rest.by_ref().take_while(|c| *c != '"').for_each(|c| self.places.push(Some(c))),
            '\\' => self.places.extend(rest.next().map(Some)),
            // A space as wide as the next sign, or a sign that fills the cell.
            '_' | '*' => drop(rest.next()),
            '[' => self.bracket(&rest.by_ref().take_while(|c| *c != ']').collect::<String>()),
            '0' => self.places.push(None),
            '%' => self.percents += 1,
            '@' => self.text = true,
            'E' | 'e' if rest.next_if(|c| matches!(c, '+' | '-')).is_some() => self.mixed = true,
            'G' | 'g' if follows(rest, "eneral") => self.mixed = true,
            'A' | 'a' if follows(rest, "m/pm") || follows(rest, "/p") => self.letters.push('h'),
            '#' | '?' | '.' | ',' | '/' => self.mixed = true,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' | 'e' | 'b' | 'B' => {
                while rest.next_if(|c| c.eq_ignore_ascii_case(&sign)).is_some() {}
                self.letters.push(sign.to_ascii_lowercase());
            }
            other => self.places.push(Some(other)),
        }
    }

    /// A condition, a time that goes on counting (`[h]`), or a colour or language, which show nothing.
    fn bracket(&mut self, inside: &str) {
        let elapsed = |unit: char| !inside.is_empty() && inside.chars().all(|c| c.eq_ignore_ascii_case(&unit));
        match Condition::read(inside) {
            Some(condition) => self.condition = Some(condition),
            None if ['h', 'm', 's'].into_iter().any(elapsed) => self.letters.push('h'),
            None => {}
        }
    }

    fn shown(&self, value: f64) -> Shown {
        if !self.letters.is_empty() {
            return self.date();
        }
        match self.percents {
            0 => self.digits(value).map_or(Shown::Number, Shown::Digits),
            signs => Shown::Percent(signs),
        }
    }

    /// `m` is minutes after hours and before seconds, else months.
    fn date(&self) -> Shown {
        let is_month = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| self.letters.get(at));
            self.letters[at] == 'm' && before != Some(&'h') && self.letters.get(at + 1) != Some(&'s')
        };
        let has = |letters: &[char]| self.letters.iter().any(|letter| letters.contains(letter));
        let (day, month) = (has(&['d']), (0..self.letters.len()).any(is_month));
        match (day, month, has(&['y', 'e', 'b'])) {
            (false, true, true) => Shown::Month,
            (false, false, false) => Shown::Time,
            _ => Shown::Day,
        }
    }

    /// The digits of a whole number at the places of a code; none for formats that do not write codes.
    fn digits(&self, value: f64) -> Option<String> {
        let zeros = self.places.iter().filter(|place| place.is_none()).count();
        let words = self.places.iter().flatten().any(|sign| sign.is_alphanumeric());
        let is_code = !self.mixed && (zeros > 1 || zeros == 1 && words);
        if !is_code || value.fract() != 0.0 || !(0.0..1e15).contains(&value) {
            return None;
        }
        let digits = format!("{value:0>zeros$}");
        let mut digits = digits.chars();
        let mut more = digits.clone().count() - zeros + 1;
        let mut shown = String::new();
        for place in &self.places {
            match place {
                Some(sign) => shown.push(*sign),
                None => shown.extend(digits.by_ref().take(std::mem::replace(&mut more, 1))),
            }
        }
        Some(shown)
    }
}

/// Passes over a word, where it is next, in whatever case.
fn follows(rest: &mut Peekable<Chars>, word: &str) -> bool {
    let mut ahead = rest.clone();
    let is_next = word.chars().all(|letter| ahead.next().is_some_and(|c| c.eq_ignore_ascii_case(&letter)));
    if is_next {
        *rest = ahead;
    }
    is_next
}

//! What rows name, as people write it: codes in any case, names and other names. A code that is written as it is comes
//! first; a name that fits several things is refused with all of them, never guessed. PURE.

use std::collections::{BTreeSet, HashMap};

use crate::{
    finding::Finding,
    movements::plan::{Field, Indicator},
    text::{agrees, folded, without_brackets},
};

/// How people call the levels that plans usually have: as forms write it, and otherwise (folded).
const LEVELS: [(&str, &str, &[&str]); 3] = [
    ("not_started", "Chưa thực hiện", &["chua trien khai", "chua bat dau", "chua lam"]),
    ("in_progress", "Đang thực hiện", &["dang trien khai", "dang lam"]),
    ("done", "Hoàn thành", &["da hoan thanh", "da thuc hien", "da xong", "xong"]),
];

/// A level as forms write it; its code, where it has no words.
pub fn level_word(code: &str) -> &str {
    LEVELS.iter().find(|(known, ..)| *known == code).map_or(code, |(_, word, _)| word)
}

/// Codes by all that names them.
#[derive(Debug, Default)]
pub struct Names {
    codes: BTreeSet<String>,
    /// Each name, without its diacritics, with the names as they are and their codes.
    named: HashMap<String, BTreeSet<(String, String)>>,
}

fn plain(name: &str) -> String {
    folded(name).replace(' ', "")
}

impl Names {
    pub fn add<'a>(&mut self, code: &'a str, names: impl IntoIterator<Item = &'a str>) {
        self.codes.insert(code.to_owned());
        for name in names.into_iter().chain([code]).filter(|name| !plain(name).is_empty()) {
            self.named.entry(plain(name)).or_default().insert((name.to_owned(), code.to_owned()));
        }
    }

    /// The code of what is named; the name as it is, where it names nothing.
    pub fn code(&self, member: &str, said: String) -> Result<String, Finding> {
        if self.codes.contains(&said) {
            return Ok(said);
        }
        let alike = self.named.get(&plain(&said)).into_iter().flatten();
        let codes: BTreeSet<&str> =
            alike.filter(|(name, _)| agrees(&said, name)).map(|(_, code)| code.as_str()).collect();
        match codes.iter().collect::<Vec<_>>().as_slice() {
            [] => Ok(said),
            [only] => Ok((**only).to_owned()),
            _ => {
                let codes: Vec<&str> = codes.into_iter().collect();
                let finding = Finding::new(format!("/{member}"), "name_fits_several");
                Err(finding.with("name", said).with("codes", codes.join(", ")))
            }
        }
    }
}

/// What of a heading may be a code or a name: all of it, without a number before it, without what is in brackets at its
/// end, its first word, what follows that: «CCHC-05: Tỷ lệ…», «1. Tỷ lệ… (%)».
fn spellings(heading: &str) -> Vec<String> {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ' | '/');
    let bare = heading.rsplit_once(['(', '[']).map_or(heading, |(before, _)| before).trim();
    let mut all = Vec::new();
    for text in [heading, bare] {
        all.extend([text.to_owned(), text.trim_start_matches(is_number).trim().to_owned()]);
    }
    let first = |text: &str| text.split([' ', ':', '\n', '(', '–']).next().unwrap_or_default().to_owned();
    all.push(first(heading));
    all.extend(heading.split_once([':', '\n']).map(|(_, rest)| rest.trim().to_owned()));
    all
}

fn has_brackets(name: &str) -> bool {
    name.contains(['(', '['])
}

/// The names in a plan: of its indicators, and of the fields and the levels of each.
#[derive(Debug, Default)]
pub struct PlanNames {
    indicators: Names,
    /// By their names without the units of measure that these have in brackets.
    unmeasured: Names,
    by_indicator: HashMap<String, (Names, Names)>,
}

impl PlanNames {
    pub fn of(indicators: &[Indicator], fields: &[Field]) -> Self {
        let mut names = Self::default();
        for indicator in indicators {
            let words = [Some(&indicator.name.vi), indicator.name.en.as_ref()];
            let words = || words.into_iter().flatten().map(String::as_str);
            names.indicators.add(&indicator.code, words());
            let bare: Vec<String> = words().filter(|name| has_brackets(name)).map(without_brackets).collect();
            if !bare.is_empty() {
                names.unmeasured.add(&indicator.code, bare.iter().map(String::as_str));
            }
            let (mut of_fields, mut of_levels) = (Names::default(), Names::default());
            for field in &indicator.fields {
                let known = fields.iter().find(|known| known.code == field.code);
                let words = |known: &'_ Field| {
                    [&known.name.vi].into_iter().chain(&known.name.en).chain(&known.aliases).cloned().collect()
                };
                let words: Vec<String> = known.map(words).unwrap_or_default();
                of_fields.add(&field.code, words.iter().map(String::as_str));
            }
            for level in &indicator.levels {
                let words = LEVELS.iter().find(|(code, ..)| code == level).map_or([].as_slice(), |(.., words)| words);
                of_levels.add(level, words.iter().copied().chain([level_word(level)]));
            }
            names.by_indicator.insert(indicator.code.clone(), (of_fields, of_levels));
        }
        names
    }

    /// A unit of measure in brackets makes no difference, where just one side has it.
    pub fn indicator(&self, said: String) -> Result<String, Finding> {
        let code = self.indicators.code("indicator", said.clone())?;
        if self.indicators.codes.contains(&code) {
            return Ok(code);
        }
        let code = match has_brackets(&said) {
            true => self.indicators.code("indicator", without_brackets(&said))?,
            false => self.unmeasured.code("indicator", said.clone())?,
        };
        Ok(if self.indicators.codes.contains(&code) { code } else { said })
    }

    /// The indicator of a heading, where it names one.
    pub fn heading(&self, said: &str) -> Result<Option<String>, Finding> {
        let unmeasured = Some(&self.unmeasured).filter(|_| !has_brackets(said));
        for names in [Some(&self.indicators), unmeasured].into_iter().flatten() {
            for spelling in spellings(said) {
                let code = names.code("indicator", spelling)?;
                if names.codes.contains(&code) {
                    return Ok(Some(code));
                }
            }
        }
        Ok(None)
    }

    /// A field of an indicator.
    pub fn field(&self, indicator: &str, said: String) -> Result<String, Finding> {
        match self.by_indicator.get(indicator) {
            Some((fields, _)) => fields.code("field", said),
            None => Ok(said),
        }
    }

    /// A level of an indicator.
    pub fn level(&self, indicator: &str, said: String) -> Result<String, Finding> {
        match self.by_indicator.get(indicator) {
            Some((_, levels)) => levels.code("level", said),
            None => Ok(said),
        }
    }
}

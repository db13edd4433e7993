//! What rows name, as people write it: codes in any case, names and other names. A code that is written as it is comes
//! first; a name that fits several things is refused with all of them, never guessed. PURE.

use std::collections::{BTreeSet, HashMap};

use crate::{
    finding::Finding,
    movements::plan::{Field, Indicator},
    text::folded,
};

/// How people call the levels that plans usually have (folded).
const LEVELS: [(&str, &[&str]); 3] = [
    ("not_started", &["chua thuc hien", "chua trien khai", "chua bat dau", "chua lam"]),
    ("in_progress", &["dang thuc hien", "dang trien khai", "dang lam"]),
    ("done", &["hoan thanh", "da hoan thanh", "da thuc hien", "da xong", "xong"]),
];

/// Codes by all that names them.
#[derive(Debug, Default)]
pub struct Names {
    codes: BTreeSet<String>,
    named: HashMap<String, BTreeSet<String>>,
}

fn plain(name: &str) -> String {
    folded(name).replace(' ', "")
}

impl Names {
    pub fn add<'a>(&mut self, code: &'a str, names: impl IntoIterator<Item = &'a str>) {
        self.codes.insert(code.to_owned());
        for name in names.into_iter().chain([code]).map(plain).filter(|name| !name.is_empty()) {
            self.named.entry(name).or_default().insert(code.to_owned());
        }
    }

    /// The code of what is named; the name as it is, where it names nothing.
    pub fn code(&self, member: &str, said: String) -> Result<String, Finding> {
        if self.codes.contains(&said) {
            return Ok(said);
        }
        let Some(codes) = self.named.get(&plain(&said)) else { return Ok(said) };
        match codes.iter().collect::<Vec<_>>().as_slice() {
            [only] => Ok((*only).clone()),
            _ => {
                let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
                let finding = Finding::new(format!("/{member}"), "name_fits_several");
                Err(finding.with("name", said).with("codes", codes.join(", ")))
            }
        }
    }
}

/// The names in a plan: of its indicators, and of the fields and the levels of each.
#[derive(Debug, Default)]
pub struct PlanNames {
    indicators: Names,
    by_indicator: HashMap<String, (Names, Names)>,
}

impl PlanNames {
    pub fn of(indicators: &[Indicator], fields: &[Field]) -> Self {
        let mut names = Self::default();
        for indicator in indicators {
            let words = [Some(&indicator.name.vi), indicator.name.en.as_ref()];
            names.indicators.add(&indicator.code, words.into_iter().flatten().map(String::as_str));
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
                let words = LEVELS.iter().find(|(code, _)| code == level).map_or([].as_slice(), |(_, words)| words);
                of_levels.add(level, words.iter().copied());
            }
            names.by_indicator.insert(indicator.code.clone(), (of_fields, of_levels));
        }
        names
    }

    pub fn indicator(&self, said: String) -> Result<String, Finding> {
        self.indicators.code("indicator", said)
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

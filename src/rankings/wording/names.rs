//! What a plan calls its criteria and indicators, as sentences name them. PURE.

use std::collections::{BTreeMap, BTreeSet};

use super::sentence::{Sentence, word};
use crate::{
    labels,
    movements::plan::{Class, Criterion, CriterionKind, Group, Indicator, Stage, Text},
};

/// Most characters of a text within a sentence.
const SHORT: usize = 90;

/// By code; a code with several texts in several groups stands for itself.
#[derive(Debug, Clone, Default)]
pub struct Names {
    criteria: BTreeMap<String, Sentence>,
    indicators: BTreeMap<String, Sentence>,
    /// Codes of the criteria whose points the council gives.
    of_council: BTreeSet<String>,
    /// Codes with their names, the best first.
    classes: Vec<(String, Sentence)>,
}

impl Names {
    pub fn of<'a>(groups: impl Iterator<Item = &'a Group>, indicators: impl Iterator<Item = &'a Indicator>) -> Self {
        let criteria: Vec<&Criterion> = groups.flat_map(|group| &group.criteria).collect();
        let of_council = criteria.iter().filter(|criterion| criterion.from == Some(Stage::Council));
        let of_council = of_council.map(|criterion| criterion.code.clone()).collect();
        let texts =
            criteria.iter().filter_map(|one| Some((&*one.code, one.text.clone().or_else(|| by_kind(one.kind))?)));
        let texts: Vec<(&str, Text)> = texts.collect();
        Self {
            criteria: named(texts.iter().map(|(code, text)| (*code, text))),
            indicators: named(indicators.map(|indicator| (&*indicator.code, &indicator.name))),
            of_council,
            classes: Vec::new(),
        }
    }

    /// With the classes of an award, the best first.
    pub fn and_classes<'a>(self, classes: impl Iterator<Item = &'a Class>) -> Self {
        Self { classes: classes.map(|class| (class.code.clone(), short(&class.name))).collect(), ..self }
    }

    pub fn is_of_council(&self, criterion: &str) -> bool {
        self.of_council.contains(criterion)
    }

    pub fn class(&self, code: &str) -> Sentence {
        let named = self.classes.iter().find(|(known, _)| known == code);
        named.map_or_else(|| word(code), |(_, name)| name.clone())
    }

    /// Less is better; behind all where it is none.
    pub fn place_of_class(&self, code: &str) -> usize {
        self.classes.iter().position(|(known, _)| known == code).unwrap_or(self.classes.len())
    }

    pub fn criterion(&self, code: &str) -> Sentence {
        self.criteria.get(code).cloned().unwrap_or_else(|| word(code))
    }

    pub fn indicator(&self, code: &str) -> Sentence {
        self.indicators.get(code).cloned().unwrap_or_else(|| word(code))
    }
}

/// What a criterion without a text is called; none where its sentence says the kind already.
fn by_kind(kind: CriterionKind) -> Option<Text> {
    let code = match kind {
        CriterionKind::Indicators => "indicators",
        CriterionKind::Assessed => "assessed",
        CriterionKind::Initiatives => "initiatives",
        CriterionKind::Reporting => "reporting",
        CriterionKind::Measured => "measured",
        CriterionKind::Gate
        | CriterionKind::Bonus
        | CriterionKind::Penalty
        | CriterionKind::Sum
        | CriterionKind::Check => return None,
    };
    let (vi, en) = labels::name("criterion_kind", code);
    Some(Text { vi, en: Some(en) })
}

fn named<'a>(all: impl Iterator<Item = (&'a str, &'a Text)>) -> BTreeMap<String, Sentence> {
    let mut texts: BTreeMap<&str, Vec<&Text>> = BTreeMap::new();
    for (code, text) in all {
        let of_code = texts.entry(code).or_default();
        if !of_code.contains(&text) {
            of_code.push(text);
        }
    }
    let single = texts.into_iter().filter(|(_, of_code)| of_code.len() == 1);
    let named: Vec<(&str, Sentence)> = single.map(|(code, of_code)| (code, short(of_code[0]))).collect();
    let (mut seen, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for name in named.iter().map(|(_, name)| name.vi.clone()) {
        if !seen.insert(name.clone()) {
            shared.insert(name);
        }
    }
    let clear = |(code, name): (&str, Sentence)| {
        let is_clear = !shared.contains(&name.vi) && !name.vi.ends_with('…');
        let with_code = |text: &str| format!("{text} ({code})");
        let coded = || Sentence { vi: with_code(&name.vi), en: with_code(&name.en) };
        (code.to_owned(), if is_clear { name } else { coded() })
    };
    named.into_iter().map(clear).collect()
}

fn short(text: &Text) -> Sentence {
    let cut = |text: &str| {
        let text = text.trim_end_matches(['.', ';', ' ']);
        match text.char_indices().nth(SHORT) {
            None => text.to_owned(),
            Some((end, _)) => {
                let words = text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words);
                format!("{}…", words.trim_end_matches([',', ';', ' ']))
            }
        }
    };
    Sentence { vi: cut(&text.vi), en: cut(text.en.as_ref().unwrap_or(&text.vi)) }
}

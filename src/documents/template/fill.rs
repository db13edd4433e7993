//! A wording with its values: the paper, or all that is missing. PURE.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    fields::{Field, Holds, fields},
    lint::lint,
    model::{Annex, CertificateText, Line, Piece, Template, Values},
    text::{CAPITALS, IN_WORDS, NOT, ORDINAL, Part, parts},
};
use crate::{
    documents::paper::{
        Appendix, Block, Certificate, Column, Form, Letter, Paper, Signature, Table, in_words, numbered, roman,
    },
    finding::Finding,
};

/// A day or a number that a paper does not have yet is left open, to be written by hand.
const NO_DAY: &str = "ngày … tháng … năm …";
const NO_NUMBER: &str = "        ";
const NUMBER: &str = "so";

type Row = BTreeMap<String, String>;

/// The paper that a wording says with these values.
pub fn fill(template: &Template, values: &Values) -> Result<Paper, Vec<Finding>> {
    let mut findings = lint(template);
    findings.extend(given(template, values));
    if !findings.is_empty() {
        return Err(findings);
    }
    let say = Say { values, row: None };
    let form = match &template.certificate {
        Some(text) => Form::Certificates(certificates(template, text, values)),
        None => Form::Letter(Box::new(letter(template, &say))),
    };
    let trace = values.trace.clone().filter(|_| template.trace);
    Ok(Paper { kind: template.paper, created: values.created, trace, form })
}

/// Values that are missing, and values of no name.
fn given(template: &Template, values: &Values) -> Vec<Finding> {
    let known = fields(template.paper);
    let has = |field: &Field| match field.holds {
        Holds::Text => values.texts.contains_key(field.name),
        Holds::Day => values.days.contains_key(field.name),
        Holds::Rows(_) => values.lists.contains_key(field.name),
    };
    let place = |field: &Field| match field.holds {
        Holds::Text => format!("/texts/{}", field.name),
        Holds::Day => format!("/days/{}", field.name),
        Holds::Rows(_) => format!("/lists/{}", field.name),
    };
    let missing = known.iter().filter(|field| field.required && !has(field)).map(|field| {
        let finding = Finding::new(place(field), "paper_value_missing").with("name", field.name);
        finding.with("about_vi", field.about.0).with("about_en", field.about.1)
    });
    let of = |holds: fn(Holds) -> bool| -> BTreeSet<&str> {
        known.iter().filter(|field| holds(field.holds)).map(|field| field.name).collect()
    };
    let unknown = |pointer: String, name: &str| Finding::new(pointer, "paper_value_unknown").with("name", name);
    let texts = of(|holds| holds == Holds::Text);
    let days = of(|holds| holds == Holds::Day);
    let texts = values.texts.keys().filter(|name| !texts.contains(name.as_str())).map(|name| ("texts", name));
    let days = values.days.keys().filter(|name| !days.contains(name.as_str())).map(|name| ("days", name));
    let plain = texts.chain(days).map(|(kind, name)| unknown(format!("/{kind}/{name}"), name));
    let lists = values.lists.iter().flat_map(|(list, rows)| {
        let members = known.iter().find_map(|field| match field.holds {
            Holds::Rows(members) if field.name == list => Some(members),
            _ => None,
        });
        let Some(members) = members else { return vec![unknown(format!("/lists/{list}"), list)] };
        let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
        let foreign = names.into_iter().filter(|name| !members.contains(&name.as_str()));
        foreign.map(|name| unknown(format!("/lists/{list}"), name)).collect()
    });
    missing.chain(plain).chain(lists).collect()
}

/// What a text says: within a row of a list, the row's members come first.
#[derive(Clone, Copy)]
struct Say<'a> {
    values: &'a Values,
    row: Option<(usize, &'a Row)>,
}

impl<'a> Say<'a> {
    fn text(&self, text: &str) -> String {
        let parts = parts(text).unwrap_or_default();
        let said = parts.into_iter().map(|part| match part {
            Part::Words(words) => words.to_owned(),
            Part::Value { name, form } => self.value(name, form),
        });
        said.collect()
    }

    fn value(&self, name: &str, form: Option<&str>) -> String {
        if let Some((at, row)) = self.row {
            if name == ORDINAL {
                return (at + 1).to_string();
            }
            if let Some(value) = row.get(name) {
                return formed(value, form);
            }
        }
        match (self.values.days.get(name), self.values.texts.get(name)) {
            (Some(day), _) if form == Some(IN_WORDS) => in_words(*day),
            (Some(day), _) => day.format("%d/%m/%Y").to_string(),
            (None, Some(number)) if name == NUMBER && !number.is_empty() => numbered(number),
            (None, Some(text)) if name != NUMBER => formed(text, form),
            (None, _) if form == Some(IN_WORDS) => NO_DAY.to_owned(),
            (None, _) if name == NUMBER => NO_NUMBER.to_owned(),
            (None, _) => String::new(),
        }
    }

    fn has(&self, name: &str) -> bool {
        let values = self.values;
        let text = self.row.and_then(|(_, row)| row.get(name)).or_else(|| values.texts.get(name));
        text.is_some_and(|text| !text.is_empty())
            || values.days.contains_key(name)
            || values.lists.get(name).is_some_and(|rows| !rows.is_empty())
    }

    /// Whether what stands with a value, or without it («!»), stands.
    fn stands(&self, when: &str) -> bool {
        when.strip_prefix(NOT).map_or_else(|| self.has(when), |name| !self.has(name))
    }

    fn rows(&self, list: &str) -> impl Iterator<Item = Say<'a>> {
        let values = self.values;
        values.lists.get(list).into_iter().flatten().enumerate().map(move |row| Say { values, row: Some(row) })
    }

    /// Itself, once for each row, or not at all.
    fn times(&self, each: Option<&str>, when: Option<&str>) -> Vec<Say<'a>> {
        match (each, when) {
            (_, Some(when)) if !self.stands(when) => Vec::new(),
            (Some(list), _) => self.rows(list).collect(),
            _ => vec![*self],
        }
    }

    fn lines(&self, lines: &[Line]) -> Vec<String> {
        let said = lines.iter().flat_map(|line| {
            let times = self.times(line.each.as_deref(), line.when.as_deref());
            times.into_iter().map(|say| say.text(&line.text))
        });
        said.filter(|line| !line.trim().is_empty()).collect()
    }

    fn all(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.text(text)).filter(|text| !text.trim().is_empty()).collect()
    }

    fn optional(&self, text: &str) -> Option<String> {
        Some(self.text(text)).filter(|text| !text.is_empty())
    }
}

fn formed(text: &str, form: Option<&str>) -> String {
    if form == Some(CAPITALS) { text.to_uppercase() } else { text.to_owned() }
}

/// Lines of one list: «;» behind each, «.» behind the last.
fn marked(lines: Vec<String>) -> Vec<String> {
    let last = lines.len().saturating_sub(1);
    let mark = |(at, line): (usize, String)| {
        let plain = line.trim_end_matches(['.', ';', ',', ' ']);
        format!("{plain}{}", if at == last { "." } else { ";" })
    };
    lines.into_iter().enumerate().map(mark).collect()
}

fn letter(template: &Template, say: &Say) -> Letter {
    let mut body = blocks(&template.body, say);
    if let Some(Block::Text(text) | Block::Article(_, text)) = body.last_mut() {
        *text = format!("{}./.", text.trim_end_matches(['.', '/', ';', ' ']));
    }
    let annexes: Vec<&Annex> =
        template.appendices.iter().filter(|annex| annex.when.as_ref().is_none_or(|when| say.stands(when))).collect();
    let label = |at: usize| match annexes.len() {
        1 => "Phụ lục".to_owned(),
        _ => format!("Phụ lục {}", roman(at + 1)),
    };
    let appendix = |(at, annex): (usize, &&Annex)| Appendix {
        label: label(at),
        title: say.text(&annex.title),
        attached: say.text(&annex.attached),
        landscape: annex.landscape,
        body: blocks(&annex.body, say),
    };
    let appendices = annexes.iter().enumerate().map(appendix).collect();
    Letter {
        superior: say.all(&template.superior),
        issuer: say.all(&template.issuer),
        number: format!("Số: {}", say.text(&template.number)),
        place_and_date: say.text(&template.place_and_date),
        type_name: say.text(&template.type_name),
        summary: say.text(&template.summary),
        addressees: say.lines(&template.addressees),
        authority: say.optional(&template.authority),
        bases: marked(say.lines(&template.bases)),
        resolves: say.optional(&template.resolves),
        body,
        signatures: signatures(template, say),
        recipients: marked(say.lines(&template.recipients)),
        appendices,
    }
}

fn signatures(template: &Template, say: &Say) -> Vec<Signature> {
    let signed = template.signatures.iter().flat_map(|signed| {
        let times = say.times(signed.each.as_deref(), None);
        times.into_iter().map(|say| Signature { title: say.all(&signed.title), name: say.text(&signed.name) })
    });
    signed.collect()
}

fn blocks(pieces: &[Piece], say: &Say) -> Vec<Block> {
    let (mut blocks, mut articles) = (Vec::new(), 0);
    for piece in pieces {
        for say in say.times(piece.each.as_deref(), piece.when.as_deref()) {
            if let Some(text) = &piece.text {
                blocks.push(Block::Text(say.text(text)));
            }
            if let Some(heading) = &piece.heading {
                blocks.push(Block::Heading(say.text(heading)));
            }
            if let Some(article) = &piece.article {
                articles += 1;
                blocks.push(Block::Article(format!("Điều {articles}."), say.text(article)));
            }
            if let Some(table) = &piece.table {
                let title = |column: &Column| Column {
                    title: say.text(&column.title),
                    under: column.under.as_ref().map(|above| say.text(above)),
                    text: String::new(),
                    ..column.clone()
                };
                let cells = |say: Say| table.columns.iter().map(|column| say.text(&column.text)).collect();
                let columns = table.columns.iter().map(title).collect();
                blocks.push(Block::Table(Table { columns, rows: say.rows(&table.list).map(cells).collect() }));
            }
        }
    }
    blocks
}

fn certificates(template: &Template, text: &CertificateText, values: &Values) -> Vec<Certificate> {
    let one = |say: Say| Certificate {
        authority: say.all(&text.authority),
        verb: say.text(&text.verb),
        type_name: say.text(&template.type_name),
        recipient: say.text(&text.recipient),
        achievement: say.text(&text.achievement),
        references: say.lines(&text.references),
        place_and_date: say.text(&template.place_and_date),
        signature: signatures(template, &say)
            .into_iter()
            .next()
            .unwrap_or(Signature { title: vec![], name: String::new() }),
        code: text.code.as_ref().and_then(|code| say.optional(code)),
    };
    Say { values, row: None }.rows(&text.each).map(one).collect()
}

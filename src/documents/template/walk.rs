//! Every text of a wording, with its place and the list whose rows it repeats. PURE.

use super::{
    model::{Line, Piece, Template},
    text::NOT,
};

/// A text of a wording.
pub struct Text<'a> {
    pub pointer: String,
    pub text: &'a str,
    /// The list whose row it is written for.
    pub each: Option<&'a str>,
}

/// A name that a wording uses beside its texts.
pub struct Name<'a> {
    pub pointer: String,
    pub name: &'a str,
    /// A list, whose rows repeat something; else a value that must be there.
    pub is_list: bool,
    /// The list within whose rows it is asked for.
    pub within: Option<&'a str>,
}

/// The texts and names of a wording, from top to bottom.
#[derive(Default)]
pub struct Walk<'a> {
    pub texts: Vec<Text<'a>>,
    pub names: Vec<Name<'a>>,
}

impl<'a> Walk<'a> {
    pub fn of(template: &'a Template) -> Self {
        let mut walk = Self::default();
        let singles = [
            ("/number", &template.number),
            ("/place_and_date", &template.place_and_date),
            ("/type_name", &template.type_name),
            ("/summary", &template.summary),
            ("/authority", &template.authority),
            ("/resolves", &template.resolves),
        ];
        singles.into_iter().for_each(|(pointer, text)| walk.text(pointer.to_owned(), text, None));
        walk.plain("/superior", &template.superior, None);
        walk.plain("/issuer", &template.issuer, None);
        walk.lines("/addressees", &template.addressees, None);
        walk.lines("/bases", &template.bases, None);
        walk.pieces("/body", &template.body);
        for (at, signed) in template.signatures.iter().enumerate() {
            let each = signed.each.as_deref();
            walk.name(format!("/signatures/{at}/each"), each, true);
            walk.plain(&format!("/signatures/{at}/title"), &signed.title, each);
            walk.text(format!("/signatures/{at}/name"), &signed.name, each);
        }
        walk.lines("/recipients", &template.recipients, None);
        for (at, annex) in template.appendices.iter().enumerate() {
            let under = format!("/appendices/{at}");
            walk.name(format!("{under}/when"), annex.when.as_deref(), false);
            walk.text(format!("{under}/title"), &annex.title, None);
            walk.text(format!("{under}/attached"), &annex.attached, None);
            walk.pieces(&format!("{under}/body"), &annex.body);
        }
        if let Some(one) = &template.certificate {
            let each = Some(one.each.as_str());
            walk.name("/certificate/each".to_owned(), each, true);
            walk.plain("/certificate/authority", &one.authority, each);
            for (member, text) in
                [("verb", &one.verb), ("recipient", &one.recipient), ("achievement", &one.achievement)]
            {
                walk.text(format!("/certificate/{member}"), text, each);
            }
            walk.lines("/certificate/references", &one.references, each);
            one.code.iter().for_each(|code| walk.text("/certificate/code".to_owned(), code, each));
        }
        walk
    }

    fn text(&mut self, pointer: String, text: &'a str, each: Option<&'a str>) {
        self.texts.push(Text { pointer, text, each });
    }

    fn name(&mut self, pointer: String, name: Option<&'a str>, is_list: bool) {
        self.names.extend(name.map(|name| Name { pointer, name: name.trim_start_matches(NOT), is_list, within: None }));
    }

    fn plain(&mut self, under: &str, texts: &'a [String], each: Option<&'a str>) {
        texts.iter().enumerate().for_each(|(at, text)| self.text(format!("{under}/{at}"), text, each));
    }

    fn lines(&mut self, under: &str, lines: &'a [Line], within: Option<&'a str>) {
        for (at, line) in lines.iter().enumerate() {
            self.name(format!("{under}/{at}/each"), line.each.as_deref(), true);
            self.name(format!("{under}/{at}/when"), line.when.as_deref(), false);
            if line.when.is_some() {
                self.names.last_mut().into_iter().for_each(|name| name.within = within);
            }
            self.text(format!("{under}/{at}/text"), &line.text, line.each.as_deref().or(within));
        }
    }

    fn pieces(&mut self, under: &str, pieces: &'a [Piece]) {
        for (at, piece) in pieces.iter().enumerate() {
            let (under, each) = (format!("{under}/{at}"), piece.each.as_deref());
            self.name(format!("{under}/each"), each, true);
            self.name(format!("{under}/when"), piece.when.as_deref(), false);
            let texts = [("text", &piece.text), ("heading", &piece.heading), ("article", &piece.article)];
            for (member, text) in texts.into_iter().filter_map(|(member, text)| Some((member, text.as_ref()?))) {
                self.text(format!("{under}/{member}"), text, each);
            }
            if let Some(table) = &piece.table {
                let list = Some(table.list.as_str());
                self.name(format!("{under}/table/list"), list, true);
                for (at, column) in table.columns.iter().enumerate() {
                    let under = format!("{under}/table/columns/{at}");
                    self.text(format!("{under}/title"), &column.title, None);
                    column.under.iter().for_each(|above| self.text(format!("{under}/under"), above, None));
                    self.text(format!("{under}/text"), &column.text, list);
                }
            }
        }
    }
}

//! The body of a paper in the form of Nghị định 30/2020/NĐ-CP, Phụ lục I. PURE.

use super::{
    page::{ACROSS, ACROSS_LANDSCAPE, Sheet, section},
    tables::{Cell, list, placed},
    xml::{Align, Set, paragraph, paragraph_of, rule, run, speck},
};
use crate::documents::{
    metrics::{balanced, lines},
    paper::{Appendix, Block, Letter, Signature},
};

pub const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
pub const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";

/// Columns of the head: the issuer's and the nation's.
const HEAD: [u32; 2] = [3640, ACROSS - 3640];
const HALVES: [u32; 2] = [ACROSS / 2, ACROSS - ACROSS / 2];

/// What a program may measure otherwise than we do.
const AIR: u32 = 60;

/// First line 1,27 cm, 6 pt between paragraphs.
const BODY: Set = Set { align: Align::Both, first: 720, ..Set::sized(28).spaced(0, 120) };

/// All sections but that the last has its properties behind everything, as the schema wants it.
pub fn letter(letter: &Letter, is_traced: bool) -> String {
    let mut out = head(letter);
    out.push_str(&opening(letter));
    out.push_str(&blocks(&letter.body, ACROSS, true));
    out.push_str(&closing(letter));
    let mut sheet = Sheet::Portrait;
    for appendix in &letter.appendices {
        out.push_str(&speck(&section(sheet, is_traced)));
        sheet = if appendix.landscape { Sheet::Landscape } else { Sheet::Portrait };
        out.push_str(&self::appendix(appendix));
    }
    out + &speck("") + &section(sheet, is_traced)
}

/// A text in the middle and the rule below it: a share (in hundredths) of its longest line.
fn ruled(text: &str, set: Set, share: u32, across: u32) -> [String; 2] {
    let within = balanced(text, set.size, set.bold, across);
    let longest = lines(text, set.size, set.bold, within).into_iter().max().unwrap_or_default();
    let beside = (across - (longest * share / 100).min(across)) / 2;
    [middle(set, text, across), rule(beside, beside, set.keep)]
}

/// A text in the middle, its lines of about one length.
fn middle(set: Set, text: &str, across: u32) -> String {
    let side = (across - balanced(text, set.size, set.bold, across)).saturating_sub(AIR) / 2;
    paragraph(Set { left: side, right: side, ..set }, text)
}

/// Superior body and issuer beside the national name; below them the number beside place and date.
fn head(letter: &Letter) -> String {
    const SUPERIOR: Set = Set::centred(26);
    const ISSUER: Set = Set::centred(26).bold();
    const MOTTO_SET: Set = Set::centred(28).bold();
    let [left, right] = HEAD;
    let superior: String = letter.superior.iter().map(|line| paragraph(SUPERIOR, line)).collect();
    // A hyphen begins no line.
    let issuer = letter.issuer.join("\n").replace(" - ", "\u{a0}- ");
    let issuer = superior + &ruled(&issuer, ISSUER, 40, left).concat();
    let nation = paragraph(Set::centred(26).bold(), NATION) + &ruled(MOTTO, MOTTO_SET, 100, right).concat();
    let number = paragraph(Set::centred(26).spaced(120, 0), &letter.number);
    let day = paragraph(Set::centred(28).italic().spaced(120, 0), &letter.place_and_date);
    placed(&HEAD, vec![vec![Cell::of(issuer), Cell::of(nation)], vec![Cell::of(number), Cell::of(day)]])
}

/// Type, trích yếu, addressees, authority and legal bases.
fn opening(letter: &Letter) -> String {
    const TITLE: Set = Set::centred(28).bold().kept(true);
    let mut out = paragraph(TITLE.spaced(360, 0), &letter.type_name);
    out.push_str(&ruled(&letter.summary, TITLE, 40, ACROSS).concat());
    match letter.addressees.as_slice() {
        [] => {}
        [one] => out.push_str(&paragraph(Set::centred(28).spaced(240, 120), &format!("Kính gửi: {one}"))),
        several => {
            let label = Set { left: 1700, ..Set::sized(28) };
            out.push_str(&paragraph(label.spaced(240, 0).kept(true), "Kính gửi:"));
            let entry = Set { left: 2300, ..Set::sized(28) };
            let last = several.len() - 1;
            out.extend(several.iter().enumerate().map(|(at, one)| {
                let mark = if at == last { "." } else { ";" };
                paragraph(entry.spaced(0, if at == last { 120 } else { 0 }), &format!("- {one}{mark}"))
            }));
        }
    }
    if let Some(authority) = &letter.authority {
        out.push_str(&paragraph(Set::centred(28).bold().spaced(240, 120), authority));
    }
    // A paper without either begins its text a line below the rule.
    let mut before = if letter.addressees.is_empty() && letter.authority.is_none() { 240 } else { 0 };
    for base in &letter.bases {
        out.push_str(&paragraph(Set { before, ..BODY.italic() }, base));
        before = 0;
    }
    if let Some(resolves) = &letter.resolves {
        out.push_str(&paragraph(Set::centred(28).bold().spaced(120, 120).kept(true), resolves));
    } else if before > 0 {
        out.push_str(&speck_of(before));
    }
    out
}

/// Nothing, so high.
fn speck_of(high: u32) -> String {
    paragraph(Set { before: high, size: 2, ..Set::sized(2) }, "")
}

/// `holds_last`: the last paragraph stays with the signature that follows.
fn blocks(blocks: &[Block], across: u32, holds_last: bool) -> String {
    let last = blocks.len().saturating_sub(1);
    let mut out = String::new();
    for (at, block) in blocks.iter().enumerate() {
        let keep = holds_last && at == last;
        out.push_str(&match block {
            // What announces what follows stays with it.
            Block::Text(text) => paragraph(BODY.kept(keep || text.ends_with(':')), text),
            Block::Heading(text) => {
                paragraph(Set { align: Align::Left, ..BODY.bold().kept(true) }.spaced(120, 120), text)
            }
            Block::Article(label, text) => {
                let runs = run(BODY.bold(), label) + &run(BODY, &format!(" {text}"));
                paragraph_of(BODY.kept(keep), &runs)
            }
            Block::Table(table) => list(table, across) + &speck_of(120),
        });
    }
    out
}

/// Signatures beside the recipients; where several sign, the recipients stand below.
fn closing(letter: &Letter) -> String {
    let recipients = recipients(&letter.recipients);
    let cell = |signature: &Signature| Cell::of(self::signature(signature));
    let mut rows = Vec::new();
    match letter.signatures.as_slice() {
        [one] => rows.push(vec![Cell::of(recipients), cell(one)]),
        several => {
            for pair in several.chunks(2) {
                rows.push(match pair {
                    [left, right] => vec![cell(left), cell(right)],
                    _ => vec![cell(&pair[0]), Cell::of(paragraph(Set::sized(28), ""))],
                });
            }
            if !letter.recipients.is_empty() {
                rows.push(vec![Cell::of(recipients), Cell::of(paragraph(Set::sized(28), ""))]);
            }
        }
    }
    speck_kept() + &placed(&HALVES, rows)
}

fn speck_kept() -> String {
    paragraph(Set::sized(2).kept(true), "")
}

fn recipients(lines: &[String]) -> String {
    if lines.is_empty() {
        return paragraph(Set::sized(22), "");
    }
    let first = paragraph(Set::sized(24).bold().italic().spaced(120, 0).kept(true), "Nơi nhận:");
    first + &lines.iter().map(|line| paragraph(Set::sized(22).kept(true), &format!("- {line}"))).collect::<String>()
}

/// The title in capitals, room to sign, the name.
pub fn signature(signature: &Signature) -> String {
    const SET: Set = Set::centred(28).bold().kept(true);
    let before = |at: usize| if at == 0 { 120 } else { 0 };
    let title = signature.title.iter().enumerate().map(|(at, line)| paragraph(SET.spaced(before(at), 0), line));
    title.collect::<String>() + &paragraph(SET.spaced(1400, 0), &signature.name)
}

fn appendix(appendix: &Appendix) -> String {
    const HEADING: Set = Set::centred(28).bold().kept(true);
    let across = if appendix.landscape { ACROSS_LANDSCAPE } else { ACROSS };
    [
        paragraph(HEADING, &appendix.label),
        middle(HEADING, &appendix.title, across),
        middle(Set::centred(28).italic().spaced(0, 240).kept(true), &format!("({})", appendix.attached), across),
        blocks(&appendix.body, across, false),
    ]
    .concat()
}

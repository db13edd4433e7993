//! The body of a paper in the form of Nghị định 30/2020/NĐ-CP, Phụ lục I. PURE.

use docx_rs::{AlignmentType, Docx, Paragraph, Table};

use super::{
    page::{ACROSS, ACROSS_LANDSCAPE, Sheet, ended, section},
    tables::{cell, list, placed},
    text::{Set, bare, paragraph, rule, run, speck},
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
const BODY: Set = Set { align: AlignmentType::Both, first: 720, ..Set::sized(28).spaced(0, 120) };

/// Each section but the last has its properties in its last paragraph; those of the last stand behind everything.
pub fn letter(docx: Docx, letter: &Letter) -> Docx {
    let frame = docx.document.section_property.clone();
    let opened = opening(letter).into_iter().fold(docx.add_table(head(letter)), Docx::add_paragraph);
    let said = blocks(opened, &letter.body, ACROSS, true);
    let mut docx = said.add_paragraph(speck(0).keep_next(true)).add_table(closing(letter));
    let mut sheet = Sheet::Portrait;
    for appendix in &letter.appendices {
        docx = docx.add_paragraph(ended(&frame, sheet));
        sheet = if appendix.landscape { Sheet::Landscape } else { Sheet::Portrait };
        docx = self::appendix(docx, appendix);
    }
    docx.document.section_property = section(&frame, sheet);
    docx.add_paragraph(speck(0))
}

/// A text in the middle and the rule below it: a share (in hundredths) of its longest line.
fn ruled(text: &str, set: Set, share: u32, across: u32) -> [Paragraph; 2] {
    let within = balanced(text, set.size, set.bold, across);
    let longest = lines(text, set.size, set.bold, within).into_iter().max().unwrap_or_default();
    let beside = (across - (longest * share / 100).min(across)) / 2;
    [middle(set, text, across), rule(beside, beside, set.keep)]
}

/// A text in the middle, its lines of about one length.
fn middle(set: Set, text: &str, across: u32) -> Paragraph {
    let side = (across - balanced(text, set.size, set.bold, across)).saturating_sub(AIR) / 2;
    paragraph(Set { left: side, right: side, ..set }, text)
}

/// Superior body and issuer beside the national name; below them the number beside place and date.
fn head(letter: &Letter) -> Table {
    const SUPERIOR: Set = Set::centred(26);
    const ISSUER: Set = Set::centred(26).bold();
    const MOTTO_SET: Set = Set::centred(28).bold();
    let [left, right] = HEAD;
    let superior = letter.superior.iter().map(|line| paragraph(SUPERIOR, line));
    // A hyphen begins no line.
    let issuer = letter.issuer.join("\n").replace(" - ", "\u{a0}- ");
    let issuer = superior.chain(ruled(&issuer, ISSUER, 40, left));
    let nation = [paragraph(Set::centred(26).bold(), NATION)].into_iter().chain(ruled(MOTTO, MOTTO_SET, 100, right));
    let number = paragraph(Set::centred(26).spaced(120, 0), &letter.number);
    let day = paragraph(Set::centred(28).italic().spaced(120, 0), &letter.place_and_date);
    placed(&HEAD, vec![vec![cell(issuer), cell(nation)], vec![cell([number]), cell([day])]])
}

/// Type, trích yếu, addressees, authority and legal bases.
fn opening(letter: &Letter) -> Vec<Paragraph> {
    const TITLE: Set = Set::centred(28).bold().kept(true);
    let mut out = vec![paragraph(TITLE.spaced(360, 0), &letter.type_name)];
    out.extend(ruled(&letter.summary, TITLE, 40, ACROSS));
    match letter.addressees.as_slice() {
        [] => {}
        [one] => out.push(paragraph(Set::centred(28).spaced(240, 120), &format!("Kính gửi: {one}"))),
        several => {
            let label = Set { left: 1700, ..Set::sized(28) };
            out.push(paragraph(label.spaced(240, 0).kept(true), "Kính gửi:"));
            let entry = Set { left: 2300, ..Set::sized(28) };
            let last = several.len() - 1;
            out.extend(several.iter().enumerate().map(|(at, one)| {
                let mark = if at == last { "." } else { ";" };
                paragraph(entry.spaced(0, if at == last { 120 } else { 0 }), &format!("- {one}{mark}"))
            }));
        }
    }
    if let Some(authority) = &letter.authority {
        out.push(paragraph(Set::centred(28).bold().spaced(240, 120), authority));
    }
    // A paper without either begins its text a line below the rule.
    let mut before = if letter.addressees.is_empty() && letter.authority.is_none() { 240 } else { 0 };
    for base in &letter.bases {
        out.push(paragraph(Set { before, ..BODY.italic() }, base));
        before = 0;
    }
    if let Some(resolves) = &letter.resolves {
        out.push(paragraph(Set::centred(28).bold().spaced(120, 120).kept(true), resolves));
    } else if before > 0 {
        out.push(speck(before));
    }
    out
}

/// `holds_last`: the last paragraph stays with the signature that follows.
fn blocks(docx: Docx, blocks: &[Block], across: u32, holds_last: bool) -> Docx {
    let last = blocks.len().saturating_sub(1);
    blocks.iter().enumerate().fold(docx, |docx, (at, block)| {
        let keep = holds_last && at == last;
        match block {
            // What announces what follows stays with it.
            Block::Text(text) => docx.add_paragraph(paragraph(BODY.kept(keep || text.ends_with(':')), text)),
            Block::Heading(text) => {
                let set = Set { align: AlignmentType::Left, ..BODY.bold().kept(true) };
                docx.add_paragraph(paragraph(set.spaced(120, 120), text))
            }
            Block::Article(label, text) => {
                let article = bare(BODY.kept(keep)).add_run(run(BODY.bold(), label));
                docx.add_paragraph(article.add_run(run(BODY, &format!(" {text}"))))
            }
            Block::Table(table) => docx.add_table(list(table, across)).add_paragraph(speck(120)),
        }
    })
}

/// Signatures beside the recipients; where several sign, the recipients stand below.
fn closing(letter: &Letter) -> Table {
    let recipients = cell(recipients(&letter.recipients));
    let signed = |signature: &Signature| cell(self::signature(signature));
    let nobody = || cell([bare(Set::sized(28))]);
    let rows = match letter.signatures.as_slice() {
        [one] => vec![vec![recipients, signed(one)]],
        several => {
            let pairs = several.chunks(2);
            let mut rows: Vec<_> =
                pairs.map(|pair| vec![signed(&pair[0]), pair.get(1).map_or_else(nobody, signed)]).collect();
            if !letter.recipients.is_empty() {
                rows.push(vec![recipients, nobody()]);
            }
            rows
        }
    };
    placed(&HALVES, rows)
}

fn recipients(lines: &[String]) -> Vec<Paragraph> {
    if lines.is_empty() {
        return vec![bare(Set::sized(22))];
    }
    let first = paragraph(Set::sized(24).bold().italic().spaced(120, 0).kept(true), "Nơi nhận:");
    let listed = lines.iter().map(|line| paragraph(Set::sized(22).kept(true), &format!("- {line}")));
    [first].into_iter().chain(listed).collect()
}

/// The title in capitals, room to sign, the name.
pub fn signature(signature: &Signature) -> impl Iterator<Item = Paragraph> {
    const SET: Set = Set::centred(28).bold().kept(true);
    let before = |at: usize| if at == 0 { 120 } else { 0 };
    let title = signature.title.iter().enumerate().map(move |(at, line)| paragraph(SET.spaced(before(at), 0), line));
    title.chain([paragraph(SET.spaced(1400, 0), &signature.name)])
}

fn appendix(docx: Docx, appendix: &Appendix) -> Docx {
    const HEADING: Set = Set::centred(28).bold().kept(true);
    let across = if appendix.landscape { ACROSS_LANDSCAPE } else { ACROSS };
    let attached = Set::centred(28).italic().spaced(0, 240).kept(true);
    let headed = docx
        .add_paragraph(paragraph(HEADING, &appendix.label))
        .add_paragraph(middle(HEADING, &appendix.title, across))
        .add_paragraph(middle(attached, &format!("({})", appendix.attached), across));
    blocks(headed, &appendix.body, across, false)
}

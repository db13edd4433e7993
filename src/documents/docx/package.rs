//! The parts of the file and how they name each other (ECMA-376, part 2). PURE.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::{
    certificate::{certificates, picture},
    letter::letter,
    page::{NOTHING_ABOVE, NUMBER_ABOVE, TRACE, TRACE_FIRST},
    xml::{Set, escaped, page_number, paragraph, paragraph_of},
};
use crate::documents::{
    paper::{Form, Paper, Trace},
    qr,
};

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture""#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// A part beside the document: its path below `word/`, the id and the kind by which the document names it, its bytes.
struct Beside {
    path: String,
    id: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

/// The file.
pub fn docx(paper: &Paper) -> ZipResult<Vec<u8>> {
    let is_traced = paper.trace.is_some();
    let mut beside = vec![
        part("styles.xml", "rIdStyles", "styles", STYLES),
        part("settings.xml", "rIdSettings", "settings", SETTINGS),
    ];
    let content = match &paper.form {
        Form::Letter(form) => {
            let number = paragraph_of(Set::centred(28), &page_number(Set::sized(28)));
            beside.push(part("header1.xml", NUMBER_ABOVE, "header", &framed("hdr", &number)));
            beside.push(part("header2.xml", NOTHING_ABOVE, "header", &framed("hdr", &paragraph(Set::centred(28), ""))));
            letter(form, is_traced)
        }
        Form::Certificates(all) => {
            for (at, code) in all.iter().enumerate().filter_map(|(at, one)| Some((at, one.code.as_ref()?))) {
                let path = format!("media/code{}.png", at + 1);
                beside.push(Beside { path, id: picture(at), kind: "image", bytes: qr::png(code) });
            }
            certificates(all, is_traced)
        }
    };
    if let Some(trace) = &paper.trace {
        let foot = framed("ftr", &told(trace));
        beside.push(part("footer1.xml", TRACE_FIRST, "footer", &foot));
        beside.push(part("footer2.xml", TRACE, "footer", &foot));
    }
    let document = format!("{DECLARATION}<w:document {NAMES}><w:body>{content}</w:body></w:document>");
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), types(&beside).into_bytes()),
        ("_rels/.rels".into(), relations().into_bytes()),
        ("docProps/core.xml".into(), core(paper).into_bytes()),
        ("word/document.xml".into(), document.into_bytes()),
        ("word/_rels/document.xml.rels".into(), named(&beside).into_bytes()),
    ];
    parts.extend(beside.into_iter().map(|part| (format!("word/{}", part.path), part.bytes)));
    zipped(&parts)
}

fn zipped(parts: &[(String, Vec<u8>)]) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn part(path: &str, id: &str, kind: &'static str, text: &str) -> Beside {
    Beside { path: path.to_owned(), id: id.to_owned(), kind, bytes: text.as_bytes().to_vec() }
}

fn framed(tag: &str, content: &str) -> String {
    format!("{DECLARATION}<w:{tag} {NAMES}>{content}</w:{tag}>")
}

/// Where the figures come from, off the form's frame.
fn told(trace: &Trace) -> String {
    let run = trace.run.as_ref().map(|run| format!("Lần xếp hạng {run}; số liệu đến {}", trace.cut));
    let first = run.unwrap_or_else(|| format!("Số liệu đến {}", trace.cut));
    let lines = [Some(first), trace.seal.as_ref().map(|seal| format!("Niêm phong {seal}"))];
    paragraph(Set::centred(16), &lines.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

fn types(beside: &[Beside]) -> String {
    let mut out = format!(
        r#"{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>"#
    );
    for part in beside.iter().filter(|part| part.kind != "image") {
        let _ = write!(out, r#"<Override PartName="/word/{}" ContentType="{WORD}.{}+xml"/>"#, part.path, part.kind);
    }
    out + "</Types>"
}

fn relations() -> String {
    format!(
        r#"{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#
    )
}

fn named(beside: &[Beside]) -> String {
    let mut out = format!(r#"{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">"#);
    for Beside { path, id, kind, .. } in beside {
        let _ = write!(out, r#"<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{path}"/>"#);
    }
    out + "</Relationships>"
}

/// Title, language and time.
fn core(paper: &Paper) -> String {
    let title = match &paper.form {
        Form::Letter(letter) => format!("{} {}", letter.type_name, letter.summary.replace('\n', " ")),
        Form::Certificates(all) => all.first().map(|one| one.type_name.clone()).unwrap_or_default(),
    };
    let (title, at) = (escaped(&title), paper.created.format("%Y-%m-%dT%H:%M:%SZ"));
    format!(
        r#"{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title><dc:language>vi-VN</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified></cp:coreProperties>"#
    )
}

/// Times New Roman in the four slots that a program may read a letter's face from.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style><w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>"#;
/// Word lays the paper out as the present version does.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#;

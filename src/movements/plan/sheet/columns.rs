//! What a plan's workbook is made of: sheets of columns, each for a member of the document. PURE.

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text,
    /// A period code: `2026-Q1`.
    Period,
    /// A decimal, as JSON holds it: text.
    Decimal,
    /// A decimal or the name of a level.
    Figure,
    Whole,
    Flag,
    /// A word of a list of labels.
    Word(&'static str),
    /// A word of the paper, or any code.
    WordOrCode(&'static str),
    /// A word of a list, or codes.
    WordOrCodes(&'static str),
    Codes,
    /// Texts, one a line.
    Lines,
    Day,
    /// A day, or what of it can be read.
    LooseDay,
    /// A day with a time in Hà Nội.
    Moment,
    /// `CT-01: 2; CT-02: 1,5`.
    Decimals,
    /// The same with whole numbers.
    Wholes,
    /// `0→0; >90→5`.
    Knots,
}

/// A column, or of a sheet of facts a line: the member that it holds.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub title: &'static str,
    /// Other headings that are taken (any case, with or without diacritics).
    pub others: &'static [&'static str],
    /// The member's path in the item: `target/value`.
    pub path: &'static str,
    pub holds: Holds,
    /// How it is filled in.
    pub note: &'static str,
    pub example: &'static str,
}

/// What the lines of a sheet are.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Each a fact of the document: name, content, note.
    Facts,
    /// Items of a list.
    List(&'static str),
    /// Items of a member of a list's items, of which the first column names the code.
    Within { list: &'static str, member: &'static str, parent: Column },
    /// Units, with a column for each indicator and period.
    Targets,
    /// What no other sheet holds: places and values.
    Rest,
}

#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    pub name: &'static str,
    pub about: &'static str,
    pub shape: Shape,
    pub columns: &'static [Column],
}

pub const fn col(title: &'static str, path: &'static str, holds: Holds, note: &'static str) -> Column {
    Column { title, others: &[], path, holds, note, example: "" }
}

impl Column {
    pub const fn or(mut self, others: &'static [&'static str]) -> Self {
        self.others = others;
        self
    }

    pub const fn eg(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// How it is filled in, with an example.
    pub fn guide(&self) -> String {
        match (self.note, self.example) {
            (note, "") => note.to_owned(),
            ("", example) => format!("Ví dụ: {example}"),
            (note, example) => format!("{note} Ví dụ: {example}"),
        }
    }
}

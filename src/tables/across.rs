//! Tables whose values stand side by side: a line is a unit, and up to four lines of headings say which value a column
//! holds, the last of them whether it is a numerator, a count or something else. PURE.

use super::{
    cells::{Cell, decimal},
    headings::{Across, Headings, Said, Table, Titles, address, title, unplaced},
};
use crate::finding::Finding;

/// Lines of headings, the first included.
const DEEP: usize = 4;

/// Columns that are looked at.
const WIDE: usize = 128;

/// How a table is read: by its headings, or by those of each value that stands in a line.
pub struct Layout<R: Table> {
    pub sides: Vec<Headings<R>>,
    /// Whether values stand side by side.
    pub across: bool,
    /// Columns that are not read, with their headings.
    pub beside: Vec<(usize, String)>,
    /// The last line of the headings.
    pub last: usize,
}

/// A line of cells with its number, as people count them.
pub type Numbered = (usize, Vec<Cell>);

/// A heading with its address.
type Heading = (String, String);

/// The layout that the first lines of a table tell; none, where they have no headings.
pub fn layout<R: Table>(titles: &Titles<R>, lines: &[Numbered]) -> Result<Option<Layout<R>>, Vec<Finding>> {
    let whole = last_of_first(lines, |cells| titles.stand_in(cells));
    let at = whole.or_else(|| last_of_first(lines, |cells| titles.stand_below_title(cells)));
    if let Some(at) = at {
        let mut headings = titles.read(&lines[at].1)?;
        if whole.is_none() {
            headings.given.extend(said_above::<R>(&lines[..at]));
        }
        let lowest = lines[at].1.iter().enumerate().filter_map(|(place, cell)| Some((place, title(cell)?)));
        let beside = titles.beside(lowest);
        return Ok(Some(Layout { sides: vec![headings], across: false, beside, last: lines[at].0 }));
    }
    for across in R::ACROSS {
        let is_head = |(_, cells): &Numbered| {
            let columns = titles.columns(cells);
            columns.contains(&across.line) && !columns.contains(&across.above[0])
        };
        for top in (0..lines.len()).filter(|top| is_head(&lines[*top])) {
            if let Some(layout) = (Block::of(titles, across, lines, top)).read(titles, across, lines)? {
                return Ok(Some(layout));
            }
        }
    }
    Ok(None)
}

/// The first lines that are headings; of headings in several lines the last is next to the rows.
fn last_of_first(lines: &[Numbered], stand: impl Fn(&[Cell]) -> bool) -> Option<usize> {
    let first = lines.iter().position(|(_, cells)| stand(cells))?;
    Some(first + lines[first + 1..].iter().take_while(|(_, cells)| stand(cells)).count())
}

/// What the titles above say for every row, where all of them say one thing.
fn said_above<R: Table>(lines: &[Numbered]) -> Option<(R::Column, Cell, String)> {
    let mut found: Option<(String, String)> = None;
    for (number, cells) in lines {
        for (place, text) in cells.iter().take(WIDE).enumerate().filter_map(|(place, cell)| Some((place, title(cell)?)))
        {
            for said in R::titled(&text) {
                match &found {
                    Some((other, _)) if *other != said => return None,
                    _ => found = Some((said, address(place, *number))),
                }
            }
        }
    }
    found.and_then(|(said, address)| Some((R::TITLED?, Cell::Text(said), address)))
}

/// The lines of headings, from the first to the last.
struct Block {
    from: usize,
    to: usize,
}

impl Block {
    /// The lines around the one that names what lines are about.
    fn of<R: Table>(titles: &Titles<R>, across: &Across<R::Column>, lines: &[Numbered], at: usize) -> Self {
        let head = &lines[at].1;
        let is_line = |cell: &Cell| title(cell).is_some_and(|text| column(titles, &text) == Some(across.line));
        let place = head.iter().position(is_line).unwrap_or_default();
        let goes_on = |(_, cells): &&Numbered| {
            let key = cells.get(place).unwrap_or(&Cell::Blank);
            let words = |cell: &Cell| match cell {
                Cell::Text(_) => decimal(cell).is_err(),
                cell => cell.is_blank(),
            };
            (key.is_blank() || Some(key) == head.get(place))
                && cells.iter().all(words)
                && cells.iter().any(|cell| !cell.is_blank())
        };
        let below = lines[at + 1..].iter().take(DEEP - 1).take_while(goes_on).count();
        // Where the line's other headings say only what a value is, those above say which.
        let mut right = head.iter().skip(place + 1).filter_map(title);
        let only_parts = right.all(|text| column(titles, &text).is_some());
        let above = at.checked_sub(1).map(|above| &lines[above]).filter(|(_, cells)| {
            let left_blank = cells.iter().take(place + 1).all(Cell::is_blank);
            below == 0 && only_parts && left_blank && cells.len() > place + 1
        });
        Self { from: at - usize::from(above.is_some()), to: at + below }
    }

    fn read<R: Table>(
        &self,
        titles: &Titles<R>,
        across: &Across<R::Column>,
        lines: &[Numbered],
    ) -> Result<Option<Layout<R>>, Vec<Finding>> {
        let block = &lines[self.from..=self.to];
        let width = block.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default().min(WIDE);
        let is_place = |column: R::Column| {
            let of_line = column == across.line || across.beside.contains(&column);
            of_line || Some(column) == R::TITLED || across.above[1..].contains(&column)
        };
        let mut sides = Sides { own: Vec::new(), values: Vec::new(), findings: Vec::new() };
        for place in 0..width {
            let mut stack = stack(titles, block, place);
            let Some((last, _)) = stack.last().cloned() else { continue };
            match titles.find(&last) {
                Some(Said::Beside(None) | Said::Repeated) => {}
                Some(Said::Column(column) | Said::Beside(Some(column))) if is_place(column) => {
                    // A code comes before a name.
                    let at = if matches!(titles.find(&last), Some(Said::Column(_))) { 0 } else { sides.own.len() };
                    sides.own.insert(at, (column, place));
                }
                Some(Said::Column(column)) => {
                    stack.pop();
                    sides.part::<R>(across, stack, (column, place), last);
                }
                _ => sides.values.push(Side {
                    above: stack,
                    at: across.bare.iter().map(|c| (*c, place)).collect(),
                    bare: true,
                }),
            }
        }
        if sides.values.is_empty() {
            return Ok(None);
        }
        if !sides.findings.is_empty() {
            return Err(sides.findings);
        }
        let title = said_above::<R>(&lines[..self.from]);
        let lowest = (0..width).filter_map(|place| Some((place, stack(titles, block, place).pop()?.0)));
        let beside = titles.beside(lowest);
        Ok(Some(Layout { sides: sides.headings(across, title), across: true, beside, last: lines[self.to].0 }))
    }
}

fn column<R: Table>(titles: &Titles<R>, text: &str) -> Option<R::Column> {
    match titles.find(text)? {
        Said::Column(column) | Said::Beside(Some(column)) => Some(column),
        Said::Beside(None) | Said::Repeated => None,
    }
}

/// The headings above a column, from the top. A blank one is the next on its left, as merged cells are, where the column
/// has one of its own below.
fn stack<R: Table>(titles: &Titles<R>, block: &[Numbered], place: usize) -> Vec<Heading> {
    let own = |line: &Numbered| line.1.get(place).and_then(title);
    let Some(last) = block.iter().rposition(|line| own(line).is_some()) else { return Vec::new() };
    let mut found: Vec<Heading> = Vec::new();
    for (at, line) in block[..=last].iter().enumerate() {
        let heading = match own(line) {
            Some(text) => Some((text, address(place, line.0))),
            None if at < last => left_of(titles, line, place),
            None => None,
        };
        if let Some(heading) = heading.filter(|heading| found.last().is_none_or(|last| last.0 != heading.0)) {
            found.push(heading);
        }
    }
    found
}

fn left_of<R: Table>(titles: &Titles<R>, line: &Numbered, place: usize) -> Option<Heading> {
    let left = line.1.iter().enumerate().take(place).rev();
    let (at, text) = left.filter_map(|(at, cell)| Some((at, title(cell)?))).next()?;
    titles.find(&text).is_none().then(|| (text, address(at, line.0)))
}

/// One value of a line: what stands above it, and the columns of its parts.
struct Side<C> {
    above: Vec<Heading>,
    at: Vec<(C, usize)>,
    bare: bool,
}

/// The columns of a block.
struct Sides<C> {
    own: Vec<(C, usize)>,
    values: Vec<Side<C>>,
    findings: Vec<Finding>,
}

impl<C: Copy + PartialEq> Sides<C> {
    /// A column that is a part of the value that the headings above it name.
    fn part<R: Table<Column = C>>(
        &mut self,
        across: &Across<C>,
        above: Vec<Heading>,
        (column, place): (C, usize),
        title: String,
    ) {
        let named = |side: &&mut Side<C>| !side.bare && side.above == above;
        match self.values.iter_mut().find(named) {
            _ if above.is_empty() || across.above.contains(&column) => {
                self.findings.push(unplaced::<R>(title, across.above[0]));
            }
            Some(side) if side.at.iter().any(|(known, _)| *known == column) => {
                self.findings.push(Finding::new("", "column_twice").with("column", title));
            }
            Some(side) => side.at.push((column, place)),
            None => self.values.push(Side { above, at: vec![(column, place)], bare: false }),
        }
    }

    fn headings<R: Table<Column = C>>(self, across: &Across<C>, title: Option<(C, Cell, String)>) -> Vec<Headings<R>> {
        let title = title.filter(|(column, ..)| !self.own.iter().any(|(own, _)| own == column));
        let headings = |side: Side<C>| {
            // The lowest are the nearest; above them stand titles of groups.
            let skipped = side.above.len().saturating_sub(across.above.len());
            let above = side.above.into_iter().skip(skipped).zip(across.above);
            let above = above.map(|((text, address), column)| (*column, Cell::Text(text), address));
            let given = above.chain(title.clone()).collect();
            let from = side.at.first().map_or(0, |(_, place)| *place);
            Headings { from, at: self.own.iter().copied().chain(side.at).collect(), given, bare: side.bare }
        };
        self.values.into_iter().map(headings).collect()
    }
}

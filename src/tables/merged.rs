//! Cells that are merged down over rows: the content of the first counts for each of them. PURE.

use std::collections::BTreeMap;

use calamine::Dimensions;

use super::cells::Cell;

/// The merged areas of some columns, followed from line to line.
pub struct MergedDown {
    /// Those that have not begun, the next one last.
    ahead: Vec<Dimensions>,
    /// By column, the last line and the content of the area that has begun.
    begun: BTreeMap<u32, (u32, Cell)>,
}

impl MergedDown {
    /// The areas below a line that begin in one of the columns.
    pub fn of(areas: Vec<Dimensions>, columns: &[u32], below: u32) -> Self {
        let counts =
            |area: &Dimensions| area.start.0 > below && area.end.0 > area.start.0 && columns.contains(&area.start.1);
        let mut ahead: Vec<Dimensions> = areas.into_iter().filter(counts).collect();
        ahead.sort_by_key(|area| std::cmp::Reverse(area.start));
        Self { ahead, begun: BTreeMap::new() }
    }

    /// Fills a line where areas that began above reach it; lines come one after another.
    pub fn fill(&mut self, line: u32, cells: &mut Vec<Cell>) {
        for (column, (end, first)) in &self.begun {
            let blank = cells.get(*column as usize).is_none_or(Cell::is_blank);
            if *end >= line && blank {
                put(cells, *column, first.clone());
            }
        }
        while let Some(area) = self.ahead.pop_if(|area| area.start.0 <= line) {
            if area.start.0 == line {
                let first = cells.get(area.start.1 as usize).cloned().unwrap_or_default();
                self.begun.insert(area.start.1, (area.end.0, first));
            }
        }
    }
}

/// Puts a cell into a line that may be shorter.
pub fn put(cells: &mut Vec<Cell>, column: u32, cell: Cell) {
    let place = column as usize;
    if cells.len() <= place {
        cells.resize(place + 1, Cell::Blank);
    }
    cells[place] = cell;
}

//! Draws as a table: weights and ranks, a draw a line, so that anyone can make one again. PURE.

use std::ops::Range;

use super::{
    order::{Weighed, weigh},
    table::Table,
    weights::{ONE, draw},
};
use crate::{movements::plan::Robustness, rankings::rank::Output, tables::cells::guarded};

/// The heading: the draw's number, a weight for each criterion, a rank for each entry in the order of the run.
pub fn heading(table: &Table, output: &Output) -> Result<Vec<u8>, csv::Error> {
    let weights = table.criteria.iter().map(|code| format!("weight {code}"));
    let ranks = output.entries.iter().map(|entry| format!("rank {}", entry.candidate.code));
    let cells = std::iter::once("draw".to_owned()).chain(weights).chain(ranks);
    written(b"\xEF\xBB\xBF".to_vec(), [cells.map(|cell| guarded(&cell)).collect()])
}

/// Lines of these draws.
pub fn lines(table: &Table, rules: &Robustness, draws: Range<u32>) -> Result<Vec<u8>, csv::Error> {
    let mut weights = vec![0; table.criteria.len()];
    let mut rooms: Vec<Weighed> = table.blocks.iter().map(Weighed::room).collect();
    let mut ranks = vec![0; table.blocks.iter().map(|block| block.rows()).sum()];
    let line = |number| {
        draw(rules, number, &mut weights);
        for (block, weighed) in table.blocks.iter().zip(&mut rooms) {
            weigh(block, &weights, &block.fixed, weighed);
            block.entries.iter().zip(&weighed.ranks).for_each(|(entry, rank)| ranks[*entry] = *rank);
        }
        let shown = weights.iter().map(|weight| format!("{}.{:06}", weight / ONE, weight % ONE));
        std::iter::once(number.to_string()).chain(shown).chain(ranks.iter().map(u32::to_string)).collect()
    };
    written(Vec::new(), draws.map(line))
}

fn written(before: Vec<u8>, lines: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(before);
    lines.into_iter().try_for_each(|line| writer.write_record(line))?;
    writer.into_inner().map_err(|error| error.into_error().into())
}

//! Candidates in order. The comparison is a list of steps, the total first, then the plan's tie-breakers; each entry
//! carries the figures it was compared on. Nothing else decides: who is level on every step shares the rank (1, 2, 2,
//! 4), and no draw, id or order of entry parts them. PURE.

mod classes;
mod contender;
mod display;
mod entry;
mod female_first;
mod firm;
mod line;
mod order;
mod quota;
mod seats;

pub(super) use entry::first_difference;
pub use entry::{
    CandidateRef, ClassFigures, Entry, GroupLine, Ineligible, Line, Output, PoolFigures, PooledUnit, Standing, Step,
    TOTAL,
};
pub(super) use female_first::comes_first;
pub use firm::{CutLine, EntryRobustness};
pub(super) use line::gap;
pub use order::{ENGINE, rank, rank_as};
pub use quota::ShareFigures;

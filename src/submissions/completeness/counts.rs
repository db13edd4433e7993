//! Who has reported and who has not, counted. Every expected report is received or missing, and every received one came
//! on time or late; nothing is counted twice and nothing is left out. PURE.

use serde::Serialize;

use crate::exact::{ratio, shown};

/// A report that came and was not withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// At the first hand-in that was not taken back.
    pub late: bool,
    pub excused: bool,
    pub approved: bool,
}

/// A report that is expected of one unit for one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// None where it is missing.
    pub came: Option<Came>,
    /// Its due instant has passed.
    pub due: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub expected: u32,
    pub received: u32,
    pub approved: u32,
    pub on_time: u32,
    pub late: u32,
    /// Of the late ones.
    pub excused: u32,
    pub missing: u32,
    /// Of the missing ones: due already.
    pub overdue: u32,
}

impl Counts {
    pub fn of(obligations: impl IntoIterator<Item = Expected>) -> Self {
        let mut counts = Self::default();
        for Expected { came, due } in obligations {
            counts.expected += 1;
            match came {
                None => {
                    counts.missing += 1;
                    counts.overdue += u32::from(due);
                }
                Some(Came { late, excused, approved }) => {
                    counts.received += 1;
                    counts.approved += u32::from(approved);
                    counts.on_time += u32::from(!late);
                    counts.late += u32::from(late);
                    counts.excused += u32::from(late && excused);
                }
            }
        }
        counts
    }
}

/// How a unit kept its due instants: reports due, and of them on time and excused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timeliness {
    pub due: u32,
    pub on_time: u32,
    pub excused: u32,
}

/// Of the reports that are due, each as it came or did not: what completeness counts, a ranking counts alike.
pub fn timeliness(due: impl IntoIterator<Item = Option<Came>>) -> Timeliness {
    let counts = Counts::of(due.into_iter().map(|came| Expected { came, due: true }));
    Timeliness { due: counts.expected, on_time: counts.on_time, excused: counts.excused }
}

/// A share in percent, half-up to 2 decimals, with digits added until it stands on its own side of 0 and 100: 9,999 of
/// 10,000 is not `100.00`. None of nothing.
pub fn percent(part: u32, whole: u32) -> Option<String> {
    let exact = ratio(part, (whole > 0).then_some(whole)?) * ratio(100, 1);
    // Ends: of n reports the nearest to 0 and 100 lie 100/n away.
    Some(shown(&exact, 2, |shown| {
        (*shown == ratio(0, 1)) != (part == 0) || (*shown == ratio(100, 1)) != (part == whole)
    }))
}

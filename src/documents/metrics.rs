//! How wide a line is in Times New Roman, from the advance widths of a face with the same metrics (Liberation Serif 2):
//! a rule below a line is as long as the line or a part of it, and the national name stands on one line. PURE.

use unicode_normalization::UnicodeNormalization;

/// Widths of U+0020 to U+007E, in thousandths of the size.
const REGULAR: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
];
const BOLD: [u16; 95] = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944,
    722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556,
    444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394,
    220, 394, 520,
];
/// What is no Latin letter with a mark: regular, bold.
const OTHERS: [(char, u16, u16); 12] = [
    ('Đ', 722, 722),
    ('đ', 500, 556),
    ('Ơ', 722, 778),
    ('ơ', 529, 554),
    ('Ư', 776, 796),
    ('ư', 542, 600),
    ('–', 500, 500),
    ('—', 1000, 1000),
    ('…', 1000, 1000),
    ('“', 444, 500),
    ('”', 444, 500),
    ('·', 333, 333),
];
/// How finely a width is sought: 2 pt.
const STEP: u32 = 40;
const HORN: char = '\u{31b}';

/// Twentieths of a point that a text takes at a size in half-points.
pub fn width(text: &str, half_points: u32, bold: bool) -> u32 {
    let total: u64 = text.chars().map(|c| u64::from(advance(c, bold))).sum();
    u32::try_from((total * u64::from(half_points)).div_ceil(100)).unwrap_or(u32::MAX)
}

/// The widths of a text's lines within `across`.
pub fn lines(text: &str, half_points: u32, bold: bool, across: u32) -> Vec<u32> {
    let space = width(" ", half_points, bold);
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut so_far = 0_u32;
        for word in line.split(' ').map(|word| width(word, half_points, bold)) {
            if so_far > 0 && so_far.saturating_add(space).saturating_add(word) > across {
                lines.push(so_far);
                so_far = word;
            } else {
                let space = if so_far > 0 { space } else { 0 };
                so_far = so_far.saturating_add(space).saturating_add(word);
            }
        }
        lines.push(so_far);
    }
    lines
}

/// The least width in which a text takes no more lines than within `across`: its lines are then of about one length.
pub fn balanced(text: &str, half_points: u32, bold: bool, across: u32) -> u32 {
    let fewest = lines(text, half_points, bold, across).len();
    let steps = (1..across / STEP).map(|step| across - step * STEP);
    let fits = |narrower: &u32| {
        let lines = lines(text, half_points, bold, *narrower);
        lines.len() == fewest && lines.iter().all(|line| line <= narrower)
    };
    steps.take_while(fits).last().unwrap_or(across)
}

fn advance(c: char, bold: bool) -> u16 {
    let marks: Vec<char> = c.nfd().collect();
    let horned = marks.contains(&HORN).then(|| [marks[0], HORN].into_iter().nfc().next().unwrap_or(c));
    let base = horned.unwrap_or(marks[0]);
    let known = OTHERS.iter().find(|(other, ..)| *other == base);
    let plain = (base as usize).checked_sub(0x20).filter(|at| *at < REGULAR.len());
    match (known, plain) {
        (Some((_, regular, wide)), _) => {
            if bold {
                *wide
            } else {
                *regular
            }
        }
        (None, Some(at)) => {
            if bold {
                BOLD[at]
            } else {
                REGULAR[at]
            }
        }
        // Of other scripts: as wide as high, so that no line is thought shorter than it is.
        (None, None) => 1000,
    }
}

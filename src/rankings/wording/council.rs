//! What the council voted, in sentences. PURE.

use super::sentence::{Sentence, number, say};

/// On one candidate: so many for it, of so many.
pub fn of_vote(in_favour: u32, base: u32, passed: bool) -> Sentence {
    let words = [("for", number(in_favour)), ("base", number(base))];
    if passed { say("council_passed", &words) } else { say("council_not_passed", &words) }
}

/// On all candidates on which it voted.
pub fn of_council(passed: usize, not_passed: usize) -> Sentence {
    let words = [("count", number(passed + not_passed)), ("passed", number(passed)), ("not", number(not_passed))];
    say("council_all", &words)
}

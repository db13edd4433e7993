//! Shares of a council: `2/3` and `>=2/3` mean at least two thirds, `>1/2` more than half. PURE.

use std::str::FromStr;

/// A part of a whole that must be reached, or exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Reaching it is not enough.
    exceed: bool,
    part: u32,
    whole: u32,
}

/// What was read is no share that some count could reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a share such as 2/3 or >1/2")]
pub struct NotAShare;

impl Share {
    /// Whether `count` of `all` is share enough; of nobody it never is.
    pub fn reached(&self, count: u32, all: u32) -> bool {
        let (have, need) = (u64::from(count) * u64::from(self.whole), u64::from(self.part) * u64::from(all));
        all > 0 && if self.exceed { have > need } else { have >= need }
    }
}

impl FromStr for Share {
    type Err = NotAShare;

    fn from_str(text: &str) -> Result<Self, NotAShare> {
        let (exceed, fraction) = match (text.strip_prefix(">="), text.strip_prefix('>')) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => (false, text),
        };
        let number = |digits: &str| {
            let plain = Some(digits).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
            plain.and_then(|digits| digits.parse::<u32>().ok()).ok_or(NotAShare)
        };
        let (part, whole) = fraction.split_once('/').ok_or(NotAShare)?;
        let share = Self { exceed, part: number(part)?, whole: number(whole)? };
        let reachable = share.part < share.whole || (share.part == share.whole && !exceed);
        if share.part > 0 && reachable { Ok(share) } else { Err(NotAShare) }
    }
}

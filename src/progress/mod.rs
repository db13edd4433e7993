//! Progress: approved values added up exactly and held against their targets.

mod verdict;

pub use verdict::Verdict;

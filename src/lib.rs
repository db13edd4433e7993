//! thidua: an open service for running and judging a public-sector emulation movement. The map of the crate:
pub mod exact; // exact numbers: decimals as written, rationals as compared (pure)
pub mod finding; // one thing wrong, by code and pointer (pure)
pub mod movements; // plans as data, lint, periods, launch
pub mod progress; // approved values added up exactly, against their targets
pub mod rankings; // candidates in order, each place explained
pub mod submissions; // units' reports: drafts, checks, approval

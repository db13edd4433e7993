//! thidua: an open service for running and judging a public-sector emulation movement. The map of the crate:
pub mod exact; // exact numbers: decimals as written, rationals as compared (pure)
pub mod finding; // one thing wrong, by code and pointer (pure)
pub mod movements; // plans as data, lint, periods, launch

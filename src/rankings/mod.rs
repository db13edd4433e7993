//! Rankings: candidates put in order by the plan's method, each place explained.

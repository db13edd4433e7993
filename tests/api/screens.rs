//! Screens: what one page of a front end shows in one answer, and that it is what the single operations answer.

mod form;
mod review;
mod summary;

//! What a run says in sentences, in Vietnamese and in English: an entry, two beside each other, what moved it, how firm a place is. The
//! templates are data (`sentences.json`); a number is written as each language writes it, and the law is named by its
//! article.

mod council;
mod criterion;
mod entry;
mod language;
mod moved;
mod names;
mod pair;
mod sentence;

pub use council::{of_council, of_vote};
pub use entry::{of_entry, of_ineligible, step};
pub use language::in_language;
pub use moved::{of_came, of_cut, of_left, of_moved};
pub use names::Names;
pub use pair::of_pair;
pub use sentence::{Sentence, label, needed, number, percent, say, sentences, word};

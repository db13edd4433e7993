//! Answers from memory beside computed ones, along the walk.

use super::Walk;

/// Reads that are held, and what changes nothing of their answers.
const HELD: [(&str, &str); 5] = [
    ("progress/CCHC-18?by=unit", "basis=approved"),
    ("progress?by=period", "basis=approved"),
    ("submissions?count=true", "limit=50"),
    ("submissions/completeness?unit=phong-kinh-te", "locality=10210"),
    ("submissions/inbox?count=true", "limit=50"),
];

impl Walk<'_> {
    /// What is answered from memory is what is computed, to the byte: the same is asked in other words.
    pub fn hold(&self) {
        let (path, in_other_words) = HELD[self.past.len() % HELD.len()];
        let path = format!("{}/{path}", self.movement.path);
        let agency = self.app.agency();
        let (first, again) = (agency.get(&path).ok(), agency.get(&path).ok());
        let computed = agency.get(&format!("{path}&{in_other_words}")).ok();
        assert_eq!((first.text(), again.text()), (computed.text(), computed.text()), "{:?}", self.told);
        assert_eq!(first.etag(), again.etag());
    }
}

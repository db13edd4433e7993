//! What people read beside the figures of a run: names, titles, comments, as they were at the time. They decide nothing,
//! so they are apart from the frozen inputs and output: a person can be forgotten in them one day, while what was
//! judged stays the same to the byte. PURE.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    figures::{CriterionScore, Figures},
    inputs::Inputs,
    rank::{CandidateRef, Entry, Output},
};
use crate::movements::plan::{Blocks, Stage};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// By the candidate's code.
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    titles: BTreeMap<Uuid, String>,
    /// Of the appraisal, by the candidate's code and the criterion's.
    #[serde(default)]
    comments: BTreeMap<String, BTreeMap<String, String>>,
}

impl Texts {
    /// Takes the texts out of gathered inputs.
    pub fn take(inputs: &mut Inputs) -> Self {
        let mut texts = Self::default();
        for candidate in &mut inputs.candidates {
            texts.names.insert(candidate.code.clone(), std::mem::take(&mut candidate.name));
            candidate.held.iter_mut().for_each(String::clear);
            for initiative in &mut candidate.initiatives {
                texts.titles.insert(initiative.id, std::mem::take(&mut initiative.title));
            }
            let comments = candidate.assessments.iter_mut().filter_map(|one| {
                let comment = one.comment.take()?;
                (one.stage == Stage::Appraisal).then(|| (one.criterion.clone(), comment))
            });
            texts.comments.insert(candidate.code.clone(), comments.collect());
        }
        texts
    }

    /// Inserts them into the view, and sorts tied entries by name.
    pub fn show(&self, output: &mut Output) {
        for entry in &mut output.entries {
            self.name(&mut entry.candidate);
            let comments = self.comments.get(&entry.candidate.code);
            entry.criteria.iter_mut().for_each(|score| self.explain(score, comments));
        }
        output.ineligible.iter_mut().for_each(|one| self.name(&mut one.candidate));
        output.ineligible.sort_by(|a, b| a.candidate.shown_before(&b.candidate));
        for line in output.lines_mut() {
            line.held_by.iter_mut().for_each(|holder| self.name(holder));
            line.held_by.sort_by(CandidateRef::shown_before);
        }
        let together = output.blocks == Blocks::Together;
        let level = |a: &Entry, b: &Entry| a.tied && a.rank == b.rank && (together || a.group == b.group);
        for level in output.entries.chunk_by_mut(level) {
            level.sort_by(|a, b| a.candidate.shown_before(&b.candidate));
        }
    }

    fn name(&self, candidate: &mut CandidateRef) {
        if let Some(name) = self.names.get(&candidate.code) {
            candidate.name.clone_from(name);
        }
    }

    fn explain(&self, score: &mut CriterionScore, comments: Option<&BTreeMap<String, String>>) {
        let comment = || comments.and_then(|comments| comments.get(&score.code)).cloned();
        match &mut score.figures {
            Figures::Gate(gate) => gate.comment = comment().or(gate.comment.take()),
            Figures::Check(check) => check.comment = comment().or(check.comment.take()),
            Figures::Assessed(given) | Figures::Bonus(given) | Figures::Penalty(given)
                if given.from == Some(Stage::Appraisal) =>
            {
                given.comment = comment().or(given.comment.take());
            }
            Figures::Initiatives(counted) => {
                for one in &mut counted.initiatives {
                    if let Some(title) = self.titles.get(&one.id) {
                        one.title.clone_from(title);
                    }
                }
            }
            _ => {}
        }
    }
}

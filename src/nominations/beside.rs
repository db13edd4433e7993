//! The other nominations that a dossier stands beside: its candidate's, whose achievement may be the same, and those of
//! persons who bear the same name. They are shown, and people decide.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    found_store::{self, Other},
    rules::{Nomination, State, overlap, window},
};
use crate::{
    db::{Conn, MovementId},
    http::{Caller, Result},
    movements::{self, Movement, plan::Span},
    people::{self, Directory, Party, PartyView},
};

/// Another nomination that may be of the same candidate, or for the same achievement.
#[derive(Serialize, ToSchema)]
pub struct OtherNomination {
    candidate: PartyView,
    #[schema(example = "cchc-2025-h1")]
    movement: String,
    #[schema(example = "ca-nhan")]
    award: String,
    state: State,
    /// Awarded, as published and not revoked: one achievement is awarded once.
    awarded: bool,
    nominated_at: DateTime<Utc>,
    /// Another person of the movement who bears the same name: maybe one person who was registered twice.
    namesake: bool,
}

/// The others of some nominations, with everybody by name.
pub struct Beside {
    others: Vec<(Other, Span)>,
    pub directory: Arc<Directory>,
}

impl Beside {
    /// Of dossiers of one award; `directory` knows their candidates.
    pub async fn find(
        conn: &mut Conn,
        caller: &Caller,
        (movement, award): (&Movement, &str),
        candidates: &[Party],
        directory: Arc<Directory>,
    ) -> Result<Self> {
        let mut others = found_store::others(conn, movement, award, candidates).await?;
        let namesakes: BTreeSet<Party> = others.iter().map(|other| other.candidate).collect();
        let directory = match namesakes.iter().all(|party| directory.kind_of(*party).is_some()) {
            true => directory,
            false => {
                let everybody = namesakes.into_iter().chain(candidates.iter().copied());
                Arc::new(people::directory(conn, caller.recall()?, everybody, caller.today()).await?)
            }
        };
        let reach = caller.reach();
        others.retain(|other| directory.reaches(&reach, other.candidate));
        let mut elsewhere: BTreeMap<MovementId, Movement> = BTreeMap::new();
        for id in others.iter().map(|other| other.movement).collect::<BTreeSet<_>>() {
            elsewhere.insert(id, movements::by_id(conn, caller.recall()?, id).await?);
        }
        let spanned = |other: Other| {
            let plan = &elsewhere.get(&other.movement)?.versions.newest().plan;
            let span = window(plan, &other.group).clone();
            Some((other, span))
        };
        Ok(Self { others: others.into_iter().filter_map(spanned).collect(), directory })
    }

    /// Those beside one dossier: in the movement all, in others those whose days overlap its own.
    pub fn of(&self, movement: &Movement, nomination: &Nomination, own: &Span) -> Vec<OtherNomination> {
        let is_beside = |(other, span): &&(Other, Span)| {
            other.of == nomination.candidate && (other.movement == movement.id || overlap(own, span))
        };
        let shown = |(other, _): &(Other, Span)| OtherNomination {
            candidate: self.directory.view(other.candidate),
            movement: other.movement_code.clone(),
            award: other.award.clone(),
            state: other.state,
            awarded: other.awarded,
            nominated_at: other.nominated_at,
            namesake: other.candidate != nomination.candidate,
        };
        self.others.iter().filter(is_beside).map(shown).collect()
    }
}

//! What dossiers rely on: documents of the candidate's unit, and recognised initiatives, each of which serves one form of
//! award of one movement.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{
    found_store::{self, Use},
    place::Place,
    rules::{Draft, EVIDENCE_MOST, INITIATIVES_MOST, same_form},
};
use crate::{
    db::{Conn, InitiativeId, LocalityId},
    finding::Finding,
    http::Result,
    initiatives::{self, Initiative},
    submissions,
};

/// Initiatives that dossiers name, locked until the transaction ends, and what they serve. Of two dossiers that name one at
/// once, the second sees the first.
pub struct Named {
    initiatives: BTreeMap<InitiativeId, Initiative>,
    uses: Vec<Use>,
}

impl Named {
    /// Whoever locks nominations, too, locks them before.
    pub async fn lock(conn: &mut Conn, locality: LocalityId, ids: &BTreeSet<InitiativeId>) -> Result<Self> {
        if ids.is_empty() {
            return Ok(Self { initiatives: BTreeMap::new(), uses: Vec::new() });
        }
        let ordered: Vec<InitiativeId> = ids.iter().copied().collect();
        let locked = initiatives::lock_all(conn, locality, &ordered).await?;
        let uses = found_store::uses(conn, locality, ids, None).await?;
        Ok(Self { initiatives: locked.into_iter().map(|one| (one.id, one)).collect(), uses })
    }

    /// Everything wrong with the initiatives of a dossier.
    pub fn check(&self, place: &Place, draft: &Draft) -> Vec<Finding> {
        if draft.initiatives.len() > INITIATIVES_MOST {
            return vec![Finding::new("/initiatives", "initiatives_too_many").with("most", INITIATIVES_MOST)];
        }
        let check = |(i, id): (usize, &InitiativeId)| {
            let at = format!("/initiatives/{i}");
            if draft.initiatives[..i].contains(id) {
                return Some(Finding::new(at, "initiative_twice"));
            }
            let own = self.initiatives.get(id).filter(|known| known.owners.contains(&place.candidate));
            let Some(known) = own else { return Some(Finding::new(at, "initiative_not_own").with("initiative", id)) };
            if known.state != initiatives::State::Recognised {
                return Some(Finding::new(at, "initiative_not_recognised").with("title", &known.title));
            }
            let used = self.uses.iter().find(|used| used.initiative == *id && used.is_apart_from(place))?;
            let finding = Finding::new(at, "initiative_used").with("title", &known.title);
            Some(finding.with("award", &used.award).with("movement", &used.movement_code))
        };
        draft.initiatives.iter().enumerate().filter_map(check).collect()
    }
}

impl Use {
    /// Whether it forbids the initiative to a dossier of this place.
    fn is_apart_from(&self, place: &Place) -> bool {
        self.movement != place.movement.id || !same_form(&place.plan.plan, &self.award, &place.award.code)
    }
}

/// Everything wrong with the documents of a dossier.
pub async fn check_evidence(conn: &mut Conn, place: &Place, draft: &Draft) -> Result<Vec<Finding>> {
    if draft.evidence.len() > EVIDENCE_MOST {
        return Ok(vec![Finding::new("/evidence", "documents_too_many").with("most", EVIDENCE_MOST)]);
    }
    let named: BTreeSet<Uuid> = draft.evidence.iter().copied().collect();
    let known = match place.unit() {
        Some(unit) => submissions::evidence_of_unit(conn, &place.movement, unit.id, &named).await?,
        None => BTreeSet::new(),
    };
    let check = |(i, id): (usize, &Uuid)| {
        let fits = known.contains(id) && !draft.evidence[..i].contains(id);
        (!fits).then(|| Finding::new(format!("/evidence/{i}"), "nomination_evidence_unknown"))
    };
    Ok(draft.evidence.iter().enumerate().filter_map(check).collect())
}

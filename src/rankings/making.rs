//! A run made of gathered facts: ranked, sealed, written as it is stored and as it is answered. Of many candidates it takes
//! a core for a while.

use super::{
    found::RankingNames,
    inputs::Inputs,
    rank::rank,
    seal::{Parts, Sealed},
    store::{Record, Run},
    texts::Texts,
    views::view,
};
use crate::{
    auth::Signer,
    canonical::{digest, hex},
    db::JsonText,
    http::{Error, Reply, Result},
};

pub struct Made {
    pub record: Record,
    pub reply: Reply,
}

impl Made {
    /// Without a signer nothing is sealed.
    pub fn of(mut run: Run, inputs: Inputs, texts: Texts, words: RankingNames, signer: Option<Signer>) -> Result<Self> {
        let mut output = rank(&inputs);
        let frozen = [serde_json::to_value(&inputs), serde_json::to_value(&output)];
        let [facts, found] = frozen.map(|part| part.map_err(Error::internal));
        let (facts, found) = (facts?, found?);
        let text = |part| JsonText::of(part).map_err(Error::internal);
        let named = |part| digest(part).map(|digest| hex(&digest)).map_err(Error::internal);
        let (stored, digests) = ((text(&facts)?, text(&found)?), [named(&facts)?, named(&found)?]);
        if let Some(signer) = signer {
            let facts = facts.as_object().cloned().ok_or_else(|| Error::internal("inputs are an object"))?;
            run.seal = Some(Sealed::of(&run, &Parts::of(facts, found), &signer)?);
        }
        let texts_stored = JsonText::of(&texts).map_err(Error::internal)?;
        texts.show(&mut output);
        let location = format!("/api/v1/rankings/{}", run.id);
        let reply = Reply::created(location, view(run.clone(), inputs, output, words))?;
        let record = Record { run, inputs: stored.0, output: stored.1, texts: texts_stored, digests };
        Ok(Self { record, reply })
    }
}

//! What papers of one award have in common: head, bases, the run that they cite, rows of their lists.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::bases::{bases, expired};
use crate::{
    app::App,
    awards::{
        Recipient,
        proposals::{Proposal, award_on},
        recipient_of,
    },
    clock::day,
    council::{self, Voted},
    days::told,
    db::{AccountId, Conn, NominationId},
    documents::{Trace, Values},
    http::{Caller, Error, Result},
    identity,
    law::{self, Law},
    movements::{
        Movement,
        plan::{Award, CandidateKind, Document, ExpiredBases, sheet::award_form},
    },
    nominations::Nomination,
    papers,
    people::{Directory, Party},
    rankings::{self, Entry, Inputs, KeptRun, Output, Run, wording::number},
};

/// A row of a list, by member.
pub type Row = BTreeMap<String, String>;

/// What is known without the run.
pub struct Grounds {
    locality: String,
    title: String,
    document: Document,
    pub award: Award,
    pub law: Law,
    votes: BTreeMap<NominationId, Voted>,
}

/// The run that the proposal names, as it is read.
pub struct Cited {
    run: Run,
    pub inputs: Inputs,
    output: Output,
}

impl Grounds {
    /// By the plan in force when the proposal was made, with what the council had voted by then.
    pub async fn of(
        conn: &mut Conn,
        caller: &Caller,
        movement: &Movement,
        proposal: &Proposal,
    ) -> Result<(Self, KeptRun)> {
        let on = day(proposal.proposed_at);
        let plan = &movement.on(on).plan;
        let award = award_on(movement, on, &proposal.award).cloned();
        let run = rankings::find_run(conn, movement.locality, proposal.ranking).await?;
        let grounds = Self {
            locality: caller.locality.as_ref().map(|locality| locality.name.clone()).unwrap_or_default(),
            title: plan.title.vi.clone(),
            document: plan.document.clone(),
            award: award.ok_or_else(|| Error::missing("award"))?,
            law: law::of_locality(conn, movement.locality).await?,
            votes: council::votes(conn, movement, &proposal.award, proposal.proposed_at).await?,
        };
        Ok((grounds, run.ok_or_else(|| Error::internal("a proposal without a run"))?))
    }

    /// The values that every paper has.
    pub fn head(&self, cited: &Cited) -> Values {
        let mut texts = papers::place(&self.locality);
        texts.insert("phong_trao".to_owned(), movement_called(&self.title));
        texts.insert("hinh_thuc".to_owned(), award_form(&self.award.form).to_owned());
        let (days, lists) = (BTreeMap::new(), BTreeMap::new());
        Values { texts, days, lists, created: cited.run.as_of, trace: Some(cited.trace()) }
    }

    /// The bases of a paper of a day (422, where the plan refuses one that is out of force).
    pub fn bases(&self, on: NaiveDate) -> Result<Vec<Row>> {
        if self.award.expired_bases == Some(ExpiredBases::Refuse) {
            Error::check(expired(&self.law, &self.document, on))?;
        }
        let bases = bases(&self.law, &self.document, &self.title, on);
        Ok(bases.into_iter().map(|basis| row([("ten", basis)])).collect())
    }

    /// So many of them: `05 tập thể` (409 for nobody).
    pub fn many(&self, count: usize) -> Result<String> {
        let kind = match self.award.candidates {
            CandidateKind::Unit => "tập thể",
            CandidateKind::Person => "cá nhân",
            CandidateKind::Household => "hộ gia đình",
        };
        if count == 0 { Err(Error::of("paper_of_nobody")) } else { Ok(format!("{count:02} {kind}")) }
    }

    /// A candidate in a list, with the figures of the run and the votes.
    pub fn row(&self, cited: &Cited, directory: &Directory, of: &Nomination) -> Row {
        let party = directory.view(of.candidate);
        let entry = cited.entry(&party.code);
        let class = entry.and_then(|entry| entry.class.as_ref()).map(|code| {
            let class = self.award.classes.iter().find(|class| class.code == *code);
            class.map_or_else(|| code.clone(), |class| class.name.vi.clone())
        });
        let vote = self.votes.get(&of.id).map(|vote| format!("{}/{}", vote.count.in_favour, vote.base));
        let recipient = recipient_of(directory, of);
        row([
            ("ten", called(of.candidate, &recipient)),
            ("don_vi", party.unit_name.unwrap_or_default()),
            ("hang", entry.map(|entry| entry.rank.to_string()).unwrap_or_default()),
            ("diem", entry.map(|entry| number(&entry.total).vi).unwrap_or_default()),
            ("xep_loai", class.unwrap_or_default()),
            ("thanh_tich", recipient.achievement),
            ("phieu", vote.unwrap_or_default()),
        ])
    }
}

impl Cited {
    /// Read away from the threads that answer requests.
    pub async fn read(app: &App, kept: KeptRun) -> Result<Self> {
        let (run, inputs, output) = app.rankings.aside(move || kept.whole()).await?;
        Ok(Self { run, inputs, output })
    }

    pub fn entry(&self, code: &str) -> Option<&Entry> {
        self.output.entries.iter().find(|entry| entry.candidate.code == code)
    }

    /// Run, seal and cut, for the foot of each page.
    fn trace(&self) -> Trace {
        let seal = self.run.seal.as_ref().map(|sealed| sealed.seal.output.clone());
        Trace { run: Some(self.run.id.to_string()), seal, cut: told(self.run.as_of) }
    }
}

/// The name of whoever signs; left for the stamp, where nobody has recorded it.
pub async fn signer(conn: &mut Conn, account: AccountId) -> Result<String> {
    Ok(identity::display_name(conn, account).await?.unwrap_or_default())
}

/// How a paper calls whoever is awarded: a person with position and unit.
pub fn called(party: Party, recipient: &Recipient) -> String {
    let name = match party {
        Party::Household(_) => format!("Hộ gia đình {}", recipient.name),
        Party::Unit(_) | Party::Person(_) => recipient.name.clone(),
    };
    let parts = [Some(name), recipient.position.clone(), recipient.unit.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub fn row<const N: usize>(cells: [(&str, String); N]) -> Row {
    cells.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// A movement in a sentence: «phong trào thi đua Đẩy mạnh …».
fn movement_called(title: &str) -> String {
    let lower = title.to_lowercase();
    match lower.starts_with("phong trào") {
        true => title.chars().take(1).flat_map(char::to_lowercase).chain(title.chars().skip(1)).collect(),
        false => format!("phong trào thi đua {title}"),
    }
}

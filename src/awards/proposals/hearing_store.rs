//! What is heard about proposals, in the database.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::hearing::{Answered, Consultation, Consulted, Hearing, Objection, Posting};
use crate::{
    db::{
        AccountId, Conn, LocalityId, NominationId, ObjectionId, OnConstraint, ProposalId, from_text,
        schema::{
            award_consultations as consultations, award_objection_answers as answers, award_objections as objections,
            award_postings as postings,
        },
        to_text,
    },
    http::{Actor, Error, Result, etag},
};

pub async fn hearing(conn: &mut Conn, locality: LocalityId, of: ProposalId) -> Result<Hearing> {
    Ok(Hearing {
        consultations: consulted(conn, locality, of).await?,
        posting: posting(conn, locality, of).await?,
        objections: raised(conn, locality, of).await?,
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = consultations)]
struct Row {
    agency: String,
    version: i32,
    name: String,
    asked_on: NaiveDate,
    answer: Option<String>,
    answered_on: Option<NaiveDate>,
    document: Option<String>,
    response: Option<String>,
}

/// What was last recorded of each agency.
async fn consulted(conn: &mut Conn, locality: LocalityId, of: ProposalId) -> Result<Vec<Consultation>> {
    let rows: Vec<Row> = consultations::table
        .filter(consultations::locality_id.eq(locality).and(consultations::proposal_id.eq(of)))
        .distinct_on(consultations::agency)
        .order((consultations::agency, consultations::version.desc()))
        .select(Row::as_select())
        .load(conn)
        .await?;
    let read = |row: Row| {
        let Row { agency, version, name, asked_on, answer, answered_on, document, response } = row;
        let answer = answer.map(from_text).transpose()?;
        Ok(Consultation {
            agency,
            version,
            said: Consulted { name, asked_on, answer, answered_on, document, response },
        })
    };
    rows.into_iter().map(read).collect()
}

/// Adds a version; of two at once the second is refused (412).
pub async fn insert_consultation(conn: &mut Conn, actor: &Actor, of: ProposalId, new: &Consultation) -> Result<()> {
    let Consultation { agency, version, said } = new;
    let insert = diesel::insert_into(consultations::table).values((
        consultations::locality_id.eq(actor.locality),
        consultations::proposal_id.eq(of),
        consultations::agency.eq(agency),
        consultations::version.eq(version),
        consultations::name.eq(&said.name),
        consultations::asked_on.eq(said.asked_on),
        consultations::answer.eq(said.answer.map(to_text).transpose()?),
        consultations::answered_on.eq(said.answered_on),
        consultations::document.eq(&said.document),
        consultations::response.eq(&said.response),
        consultations::recorded_by.eq(actor.account),
        consultations::at.eq(actor.at),
    ));
    let taken = || Error::of("precondition_failed").with("etag", etag(*version));
    insert.execute(conn).await.on_constraint("award_consultations_pkey", taken)?;
    Ok(())
}

async fn posting(conn: &mut Conn, locality: LocalityId, of: ProposalId) -> Result<Option<Posting>> {
    let row: Option<(i32, NaiveDate, NaiveDate)> = postings::table
        .find((locality, of))
        .select((postings::working_days, postings::posted_on, postings::ends_on))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(days, posted_on, ends_on)| Posting { working_days: days as u32, posted_on, ends_on }))
}

/// A proposal is posted once (409).
pub async fn insert_posting(conn: &mut Conn, actor: &Actor, of: ProposalId, new: &Posting) -> Result<()> {
    let insert = diesel::insert_into(postings::table).values((
        postings::locality_id.eq(actor.locality),
        postings::proposal_id.eq(of),
        postings::working_days.eq(new.working_days as i32),
        postings::posted_on.eq(new.posted_on),
        postings::ends_on.eq(new.ends_on),
        postings::posted_by.eq(actor.account),
        postings::at.eq(actor.at),
    ));
    insert.execute(conn).await.on_constraint("award_postings_pkey", || Error::of("proposal_posted"))?;
    Ok(())
}

type Raised = (ObjectionId, Option<NominationId>, String, AccountId, DateTime<Utc>);
type Said = (Option<String>, Option<AccountId>, Option<DateTime<Utc>>);

fn objection(((id, nomination, text, raised_by, at), (answer, by, on)): (Raised, Said)) -> Objection {
    let answer = answer.zip(by).zip(on).map(|((text, by), at)| Answered { text, by, at });
    Objection { id, nomination, text, raised_by, at, answer }
}

/// Objections, each with its answer.
macro_rules! with_answer {
    () => {
        objections::table
            .left_join(
                answers::table
                    .on(answers::locality_id.eq(objections::locality_id).and(answers::objection_id.eq(objections::id))),
            )
            .select((
                (objections::id, objections::nomination_id, objections::text, objections::raised_by, objections::at),
                (answers::text.nullable(), answers::answered_by.nullable(), answers::at.nullable()),
            ))
    };
}

async fn raised(conn: &mut Conn, locality: LocalityId, of: ProposalId) -> Result<Vec<Objection>> {
    let of_proposal = objections::locality_id.eq(locality).and(objections::proposal_id.eq(of));
    let rows: Vec<(Raised, Said)> = with_answer!().filter(of_proposal).order(objections::id).load(conn).await?;
    Ok(rows.into_iter().map(objection).collect())
}

/// The proposal that an objection is about.
pub async fn objected(conn: &mut Conn, locality: LocalityId, id: ObjectionId) -> Result<Option<ProposalId>> {
    let of_id = objections::table.find((locality, id)).select(objections::proposal_id);
    Ok(of_id.first(conn).await.optional()?)
}

pub async fn insert_objection(conn: &mut Conn, actor: &Actor, of: ProposalId, new: &Objection) -> Result<()> {
    diesel::insert_into(objections::table)
        .values((
            objections::locality_id.eq(actor.locality),
            objections::id.eq(new.id),
            objections::proposal_id.eq(of),
            objections::nomination_id.eq(new.nomination),
            objections::text.eq(&new.text),
            objections::raised_by.eq(new.raised_by),
            objections::at.eq(new.at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// An objection is answered once (409).
pub async fn insert_answer(conn: &mut Conn, actor: &Actor, of: ObjectionId, text: String) -> Result<Answered> {
    let answer = Answered { text, by: actor.account, at: actor.at.trunc_subsecs(6) };
    let insert = diesel::insert_into(answers::table).values((
        answers::locality_id.eq(actor.locality),
        answers::objection_id.eq(of),
        answers::text.eq(&answer.text),
        answers::answered_by.eq(answer.by),
        answers::at.eq(answer.at),
    ));
    insert.execute(conn).await.on_constraint("award_objection_answers_pkey", || Error::of("objection_answered"))?;
    Ok(answer)
}

//! Runs in the database, inputs and output whole.

use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    inputs::Inputs,
    rank::Output,
    run::{Mode, State},
    seal::{Parts, Sealed},
    texts::Texts,
};
use crate::{
    db::{
        Conn, JsonText, Listed, LocalityId, Lock, MovementId, Order, RankingId, SortKey, Sorts, advisory_lock,
        from_text, listed, schema::rankings, to_text,
    },
    http::{Actor, Error, Result},
    movements::Movement,
};

/// A run without its inputs and output.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    pub id: RankingId,
    pub movement: MovementId,
    pub award: String,
    pub mode: Mode,
    pub state: State,
    pub as_of: DateTime<Utc>,
    pub late: bool,
    pub plan_version: i32,
    pub engine: i32,
    pub created_at: DateTime<Utc>,
    /// None of runs from before seals.
    pub seal: Option<Sealed>,
    /// The run whose facts it ranks again.
    pub replays: Option<RankingId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = rankings)]
struct Row {
    id: RankingId,
    movement_id: MovementId,
    award: String,
    mode: String,
    state: String,
    as_of: DateTime<Utc>,
    late: bool,
    plan_version: i32,
    engine: i32,
    created_at: DateTime<Utc>,
    seal: Option<Value>,
    replays: Option<RankingId>,
}

impl Row {
    fn run(self) -> Result<Run> {
        Ok(Run {
            id: self.id,
            movement: self.movement_id,
            award: self.award,
            mode: from_text(self.mode)?,
            state: from_text(self.state)?,
            as_of: self.as_of,
            late: self.late,
            plan_version: self.plan_version,
            engine: self.engine,
            created_at: self.created_at,
            seal: self.seal.map(serde_json::from_value).transpose().map_err(Error::internal)?,
            replays: self.replays,
        })
    }
}

/// A run as it is stored, in the very JSON that is frozen.
pub struct Record {
    pub run: Run,
    pub inputs: JsonText,
    pub output: JsonText,
    pub texts: JsonText,
    /// Of inputs and output, in hexadecimal digits.
    pub digests: [String; 2],
}

/// Stores a run. An official one supersedes the previous one, whose id it returns; of two concurrent runs the second
/// waits for the first to commit.
pub async fn insert(
    conn: &mut Conn,
    actor: &Actor,
    Record { run, inputs, output, texts, .. }: &Record,
) -> Result<Option<RankingId>> {
    let former = match run.state {
        State::Official => supersede(conn, actor, run).await?,
        _ => None,
    };
    diesel::insert_into(rankings::table)
        .values((
            rankings::locality_id.eq(actor.locality),
            rankings::id.eq(run.id),
            rankings::movement_id.eq(run.movement),
            rankings::award.eq(&run.award),
            rankings::mode.eq(to_text(run.mode)?),
            rankings::state.eq(to_text(run.state)?),
            rankings::as_of.eq(run.as_of),
            rankings::late.eq(run.late),
            rankings::plan_version.eq(run.plan_version),
            rankings::engine.eq(run.engine),
            rankings::inputs.eq(inputs),
            rankings::output.eq(output),
            rankings::texts.eq(texts),
            rankings::created_by.eq(actor.account),
            rankings::created_at.eq(run.created_at),
            rankings::seal.eq(run.seal.as_ref().map(serde_json::to_value).transpose().map_err(Error::internal)?),
            rankings::replays.eq(run.replays),
        ))
        .execute(conn)
        .await?;
    Ok(former)
}

/// Supersedes the official run of the award, and keeps other runs out until the transaction ends.
async fn supersede(conn: &mut Conn, actor: &Actor, run: &Run) -> Result<Option<RankingId>> {
    advisory_lock(conn, Lock::Ranking { movement: run.movement, award: &run.award }).await?;
    let of_award = rankings::locality_id.eq(actor.locality).and(rankings::movement_id.eq(run.movement));
    let former = rankings::table
        .filter(of_award.and(rankings::award.eq(&run.award)).and(rankings::state.eq(to_text(State::Official)?)));
    let superseded = rankings::state.eq(to_text(State::Superseded)?);
    Ok(diesel::update(former).set(superseded).returning(rankings::id).get_result(conn).await.optional()?)
}

/// A run alone.
pub async fn head(conn: &mut Conn, locality: LocalityId, id: RankingId) -> Result<Option<Run>> {
    let row = rankings::table.find((locality, id)).select(Row::as_select());
    row.first::<Row>(conn).await.optional()?.map(Row::run).transpose()
}

/// A run as the database has it. What is long is read by [`Kept::whole`] or [`Kept::frozen`], away from the threads that
/// answer requests.
pub struct Kept {
    pub run: Run,
    inputs: JsonText,
    output: JsonText,
    texts: JsonText,
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: RankingId) -> Result<Option<Kept>> {
    let whole = (Row::as_select(), rankings::inputs, rankings::output, rankings::texts);
    let row = rankings::table.find((locality, id)).select(whole);
    let found = row.first::<(Row, JsonText, JsonText, JsonText)>(conn).await.optional()?;
    found.map(|(row, inputs, output, texts)| Ok(Kept { run: row.run()?, inputs, output, texts })).transpose()
}

impl Kept {
    /// With its inputs, and its output with names and texts.
    pub fn whole(&self) -> Result<(Run, Inputs, Output)> {
        Ok((self.run.clone(), self.inputs()?, self.output()?))
    }

    /// Its output with names and texts.
    pub fn output(&self) -> Result<Output> {
        let mut output = self.output.read().map_err(Error::internal)?;
        self.texts()?.show(&mut output);
        Ok(output)
    }

    /// As it is frozen: the very JSON, without the texts that stand apart.
    pub fn frozen(&self) -> Result<Frozen> {
        let inputs: Map<String, Value> = self.inputs.read().map_err(Error::internal)?;
        let output = self.output.read().map_err(Error::internal)?;
        Ok(Frozen { run: self.run.clone(), parts: Parts::of(inputs, output) })
    }

    pub fn inputs(&self) -> Result<Inputs> {
        self.inputs.read().map_err(Error::internal)
    }

    pub fn texts(&self) -> Result<Texts> {
        self.texts.read().map_err(Error::internal)
    }
}

pub struct Frozen {
    pub run: Run,
    pub parts: Parts,
}

/// What the audit log keeps of a run: its head, and digests of the rest, which never changes.
#[derive(Serialize)]
pub struct Stored<'a> {
    #[serde(flatten)]
    run: &'a Run,
    inputs: String,
    output: String,
    /// The official run that it supersedes.
    supersedes: Option<RankingId>,
}

impl<'a> Stored<'a> {
    pub fn of(made: &'a Record, supersedes: Option<RankingId>) -> Self {
        let [inputs, output] = made.digests.clone();
        Self { run: &made.run, inputs, output, supersedes }
    }
}

/// Which runs a list shows.
pub struct Filter {
    pub mode: Option<Mode>,
    pub state: Option<State>,
}

/// The newest first.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::instant("created_at", "rankings.created_at"),
        SortKey::instant("as_of", "rankings.as_of"),
        SortKey::text("mode", "rankings.mode"),
        SortKey::text("state", "rankings.state"),
    ],
    default: "-created_at",
    tie: SortKey::id("id", "rankings.id"),
};

pub async fn list(
    conn: &mut Conn,
    movement: &Movement,
    award: &str,
    filter: &Filter,
    order: &Order,
) -> Result<Listed<Run>> {
    listed!(conn, order, Row, matching(movement, award, filter)?).try_map(Row::run)
}

fn matching<'a>(movement: &Movement, award: &'a str, filter: &Filter) -> Result<rankings::BoxedQuery<'a, Pg>> {
    let of_award = rankings::locality_id.eq(movement.locality).and(rankings::movement_id.eq(movement.id));
    let mut query = rankings::table.filter(of_award.and(rankings::award.eq(award))).into_boxed();
    if let Some(mode) = filter.mode {
        query = query.filter(rankings::mode.eq(to_text(mode)?));
    }
    if let Some(state) = filter.state {
        query = query.filter(rankings::state.eq(to_text(state)?));
    }
    Ok(query)
}

//! What was handed in, in the database: revisions that never change, with a row for each of their values.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    db::{
        AccountId, Conn, LocalityId, SubmissionId, from_text,
        schema::{accounts, revision_values as values, submission_revisions as revisions},
        to_text, write_rows,
    },
    exact::Decimal,
    http::{Actor, Error, Result},
    quantity::Quantity,
    submissions::{
        content::{Content, OnBehalf},
        store::Submission,
        value::Value,
    },
};

/// A value as a row, written and read by these columns alone.
#[derive(Queryable, Selectable, Serialize)]
#[diesel(table_name = values)]
pub struct ValueRow {
    #[diesel(embed)]
    #[serde(flatten)]
    numbers: NumberRow,
    explanation: Option<String>,
    evidence: Vec<Option<Uuid>>,
}

/// What is added up of a value: all of it but its words and files.
#[derive(Queryable, Selectable, Serialize)]
#[diesel(table_name = values)]
pub struct NumberRow {
    indicator: String,
    /// Empty where the indicator has no fields.
    field: String,
    state: String,
    numerator: Option<i64>,
    denominator: Option<i64>,
    count: Option<i64>,
    level: Option<String>,
    #[serde(serialize_with = "exactly")]
    value: Option<rust_decimal::Decimal>,
    rank: Option<i64>,
    population: Option<i64>,
    estimated: bool,
    /// Numerator, denominator and count are in units of 10^−decimals.
    decimals: i16,
}

/// The columns of a number row, in its order, of a row `v`; and what a value row has after them.
pub const NUMBERS: &str =
    "v.indicator, v.field, v.state, v.numerator, v.denominator, v.count, v.level, v.value, v.rank,
    v.population, v.estimated, v.decimals";
pub const WORDS: &str = "v.explanation, v.evidence";

/// As text: a number of JSON may lose digits.
fn exactly<S: Serializer>(value: &Option<rust_decimal::Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(|value| value.to_string()).serialize(serializer)
}

impl ValueRow {
    /// Every member is taken by its name, so that none is forgotten.
    fn of(said: Value) -> Result<Self> {
        let Value {
            indicator,
            field,
            state,
            numerator,
            denominator,
            count,
            level,
            value,
            rank,
            population,
            estimated,
            explanation,
            evidence,
        } = said;
        let numbers = [numerator, denominator, count];
        let decimals = numbers.iter().flatten().map(|number| number.decimals()).max().unwrap_or(0);
        // A check has let pass what has no more units than a JSON number.
        let stored = |number: Option<Quantity>| {
            let units = number.map(|number| number.units_at(decimals).and_then(|units| i64::try_from(units).ok()));
            units.map(|units| units.ok_or_else(|| Error::internal("a number with too many digits"))).transpose()
        };
        let numbers = NumberRow {
            indicator,
            field: field.unwrap_or_default(),
            state: to_text(state)?,
            numerator: stored(numerator)?,
            denominator: stored(denominator)?,
            count: stored(count)?,
            level,
            value: value.map(rust_decimal::Decimal::from),
            rank,
            population,
            estimated,
            decimals: i16::try_from(decimals).map_err(Error::internal)?,
        };
        Ok(Self { numbers, explanation, evidence: evidence.into_iter().map(Some).collect() })
    }

    pub fn value(self) -> Result<Value> {
        let evidence = self.evidence.into_iter().flatten().collect();
        Ok(Value { explanation: self.explanation, evidence, ..self.numbers.value()? })
    }
}

impl NumberRow {
    /// Without explanation and evidence.
    pub fn value(self) -> Result<Value> {
        let decimals = u32::try_from(self.decimals).map_err(Error::internal)?;
        let number = |units: Option<i64>| units.map(|units| Quantity::of(units.into(), decimals).plain());
        Ok(Value {
            indicator: self.indicator,
            field: Some(self.field).filter(|field| !field.is_empty()),
            state: from_text(self.state)?,
            numerator: number(self.numerator),
            denominator: number(self.denominator),
            count: number(self.count),
            level: self.level,
            value: self.value.map(Decimal::from),
            rank: self.rank,
            population: self.population,
            estimated: self.estimated,
            explanation: None,
            evidence: Vec::new(),
        })
    }
}

#[derive(Serialize)]
struct WrittenValue {
    locality_id: LocalityId,
    submission_id: SubmissionId,
    revision: i32,
    #[serde(flatten)]
    value: ValueRow,
}

#[derive(Serialize)]
struct WrittenRevision<'a> {
    locality_id: LocalityId,
    submission_id: SubmissionId,
    revision: i32,
    narrative: Option<&'a str>,
    submitted_by: AccountId,
    submitted_at: DateTime<Utc>,
    on_behalf: Option<&'a OnBehalf>,
}

/// Freezes what was handed in, each by its actor.
pub async fn insert(conn: &Conn, locality: LocalityId, handed_in: &[(&Actor, &Submission)]) -> Result<()> {
    const REVISIONS: &str = "INSERT INTO submission_revisions
        SELECT r.* FROM json_populate_recordset(NULL::submission_revisions, $1::json) AS r WHERE r.locality_id = $2";
    const VALUES: &str = "INSERT INTO revision_values
        SELECT r.* FROM json_populate_recordset(NULL::revision_values, $1::json) AS r WHERE r.locality_id = $2";
    let (mut revisions, mut values) = (Vec::with_capacity(handed_in.len()), Vec::new());
    for (actor, Submission { id, revision, content, .. }) in handed_in.iter().copied() {
        revisions.push(WrittenRevision {
            locality_id: locality,
            submission_id: *id,
            revision: *revision,
            narrative: content.narrative.as_deref(),
            submitted_by: actor.account,
            submitted_at: actor.at,
            on_behalf: content.on_behalf.as_ref(),
        });
        for value in content.values.iter().cloned() {
            let value = ValueRow::of(value)?;
            values.push(WrittenValue { locality_id: locality, submission_id: *id, revision: *revision, value });
        }
    }
    write_rows(conn, locality, REVISIONS, &revisions).await?;
    write_rows(conn, locality, VALUES, &values).await?;
    Ok(())
}

/// A frozen revision's head.
#[derive(Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct Revision {
    pub revision: i32,
    pub narrative: Option<String>,
    pub submitted_at: DateTime<Utc>,
    pub on_behalf: Option<Json>,
}

/// The revisions, oldest first, each with the name of who submitted it.
pub async fn list(conn: &mut Conn, locality: LocalityId, id: SubmissionId) -> Result<Vec<(Revision, String)>> {
    let of_submission =
        revisions::table.filter(revisions::locality_id.eq(locality).and(revisions::submission_id.eq(id)));
    let rows = of_submission
        .inner_join(accounts::table.on(accounts::id.eq(revisions::submitted_by)))
        .order(revisions::revision)
        .select((Revision::as_select(), accounts::username))
        .load(conn)
        .await?;
    Ok(rows)
}

/// The values of one revision, by indicator and field.
pub async fn values_of(conn: &mut Conn, locality: LocalityId, id: SubmissionId, revision: i32) -> Result<Vec<Value>> {
    let of_revision =
        values::locality_id.eq(locality).and(values::submission_id.eq(id)).and(values::revision.eq(revision));
    let rows = values::table.filter(of_revision).order((values::indicator, values::field));
    let rows: Vec<ValueRow> = rows.select(ValueRow::as_select()).load(conn).await?;
    rows.into_iter().map(ValueRow::value).collect()
}

/// What a revision says, whole; it must be there.
pub async fn content(conn: &mut Conn, locality: LocalityId, id: SubmissionId, revision: i32) -> Result<Content> {
    type Head = (Option<String>, Option<serde_json::Value>);
    let head = revisions::table.find((locality, id, revision));
    let (narrative, on_behalf): Head = head.select((revisions::narrative, revisions::on_behalf)).first(conn).await?;
    let on_behalf = on_behalf.map(serde_json::from_value).transpose().map_err(Error::internal)?;
    let values = values_of(conn, locality, id, revision).await?;
    Ok(Content { narrative, secret: false, values, on_behalf })
}

//! The order of a list as SQL. A page goes on after the position of the last row seen, as it stood when it was seen: a
//! change of that row skips nobody.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use diesel::{
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Bool, Int8, Json, Text},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::Conn;
use crate::problem::{Error, Result};

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// Text in the order of Vietnamese: word by word, by the alphabet (a ă â … d đ …), then by the tones.
    Words,
    Instant,
    Day,
    Number,
    Id,
}

/// A key that a list may be sorted by: its name in `sort`, and the SQL that yields its value, which is never null.
#[derive(Debug, Clone)]
pub struct SortKey {
    pub name: &'static str,
    sql: Cow<'static, str>,
    kind: Kind,
}

impl SortKey {
    pub const fn text(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql: Cow::Borrowed(sql), kind: Kind::Text }
    }

    pub const fn words(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql: Cow::Borrowed(sql), kind: Kind::Words }
    }

    pub const fn instant(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql: Cow::Borrowed(sql), kind: Kind::Instant }
    }

    pub const fn day(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql: Cow::Borrowed(sql), kind: Kind::Day }
    }

    pub const fn number(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql: Cow::Borrowed(sql), kind: Kind::Number }
    }

    pub const fn id(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql: Cow::Borrowed(sql), kind: Kind::Id }
    }

    /// What rows are compared by.
    fn compared(&self) -> String {
        match self.kind {
            Kind::Words => words(&self.sql),
            _ => self.sql.to_string(),
        }
    }

    /// The value of a row, as text.
    fn shown(&self) -> String {
        match self.kind {
            Kind::Instant => format!(r#"to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#, self.sql),
            _ => format!("({})::text", self.sql),
        }
    }

    /// A value shown earlier, to compare rows with.
    fn given(&self, value: &str) -> String {
        let value = format!("CAST({value} AS text)");
        match self.kind {
            Kind::Text => value,
            Kind::Words => words(&value),
            Kind::Instant => format!("CAST({value} AS timestamptz)"),
            Kind::Day => format!("CAST({value} AS date)"),
            Kind::Number => format!("CAST({value} AS bigint)"),
            Kind::Id => format!("CAST({value} AS uuid)"),
        }
    }

    /// Whether a text may be a value of this key.
    fn fits(&self, value: &str) -> bool {
        match self.kind {
            Kind::Text | Kind::Words => !value.contains('\0'),
            Kind::Instant => NaiveDateTime::parse_from_str(value, SHOWN).is_ok_and(|at| is_of_our_era(at.date())),
            Kind::Day => value.parse::<NaiveDate>().is_ok_and(is_of_our_era),
            Kind::Number => value.parse::<i64>().is_ok(),
            Kind::Id => value.parse::<Uuid>().is_ok_and(|id| id.to_string() == value),
        }
    }
}

/// An instant as a position shows it.
const SHOWN: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// Whether Postgres reads the day as it is written here.
pub fn is_of_our_era(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

/// The words of a text for comparison. Each word has its tone at its end, so that «hoà» and «hòa» are one word.
fn words(sql: &str) -> String {
    const TONES: &str = r"\u0300\u0309\u0303\u0301\u0323";
    let lower = format!("translate(lower({sql} COLLATE \"vi-x-icu\"), 'ðɖ', 'đđ')");
    let turned = format!(r"regexp_replace(normalize({lower}, NFD), '([{TONES}])([^ ]*)', '\2\1', 'g')");
    format!("string_to_array(normalize({turned}, NFC), ' ')")
}

/// The keys of a list, its order when none is named, and the key that tells two equal rows apart.
pub struct Sorts {
    pub keys: &'static [SortKey],
    pub default: &'static str,
    pub tie: SortKey,
}

/// What a `sort` names that the list has no key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsortable {
    Unknown,
    Twice,
}

impl Sorts {
    /// The keys by name.
    pub fn names(&self) -> String {
        self.keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ")
    }

    /// The first rows of the list in its own order.
    pub fn first(&self, rows: i64) -> Order {
        let keys = self.read(self.default).unwrap_or_else(|_| vec![(self.tie.clone(), false)]);
        Order { keys, sort: self.default.to_owned(), after: None, limit: rows - 1, count: false }
    }

    /// The keys of a `sort` such as `name,-created_at`, each with whether it descends; the last is always the tie's.
    fn read(&self, sort: &str) -> Result<Vec<(SortKey, bool)>, Unsortable> {
        let mut keys: Vec<(SortKey, bool)> = Vec::new();
        for named in sort.split(',') {
            let (name, descends) = named.strip_prefix('-').map_or((named, false), |name| (name, true));
            let key = self.keys.iter().find(|key| key.name == name).ok_or(Unsortable::Unknown)?;
            if keys.iter().any(|(known, _)| known.name == key.name) {
                return Err(Unsortable::Twice);
            }
            keys.push((key.clone(), descends));
        }
        let descends = keys.last().is_some_and(|(_, descends)| *descends);
        if !keys.iter().any(|(known, _)| known.name == self.tie.name) {
            keys.push((self.tie.clone(), descends));
        }
        Ok(keys)
    }
}

/// The values of a row's keys, as text.
pub type Position = Vec<String>;

/// The order of one list, the position after which the page begins, and its size.
#[derive(Debug, Clone)]
pub struct Order {
    keys: Vec<(SortKey, bool)>,
    /// As the client named it.
    pub sort: String,
    after: Option<Position>,
    pub limit: i64,
    /// Whether all that match are to be counted.
    pub count: bool,
}

impl Order {
    pub fn of(sorts: &Sorts, sort: Option<&str>, limit: i64, count: bool) -> Result<Self, Unsortable> {
        let sort = sort.unwrap_or(sorts.default).to_owned();
        Ok(Self { keys: sorts.read(&sort)?, sort, after: None, limit, count })
    }

    /// The same after a position; none where it is of another order.
    pub fn after(self, position: Position) -> Option<Self> {
        let fits = self.keys.len() == position.len()
            && self.keys.iter().zip(&position).all(|((key, _), value)| key.fits(value));
        fits.then_some(Self { after: Some(position), ..self })
    }

    /// The same with other SQL for a key.
    pub fn keyed(mut self, name: &str, sql: String) -> Self {
        self.keys.iter_mut().filter(|(key, _)| key.name == name).for_each(|(key, _)| key.sql = Cow::Owned(sql.clone()));
        self
    }

    /// One row more than the page has: it tells whether there is a next page.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// For `ORDER BY`.
    pub fn by(&self) -> String {
        let each = self.keys.iter().map(|(key, descends)| key.compared() + if *descends { " DESC" } else { "" });
        each.collect::<Vec<_>>().join(", ")
    }

    /// The position of a row, an array of texts.
    pub fn position(&self) -> String {
        format!("ARRAY[{}]", self.keys.iter().map(|(key, _)| key.shown()).collect::<Vec<_>>().join(", "))
    }

    /// Whether a row lies after the position, as a condition of a query; true on the first page.
    pub fn beyond(&self) -> Beyond {
        // A value stands where an even piece ends and the next begins.
        let text = self.condition(|_| "\u{1}".to_owned());
        let after = self.after.clone().unwrap_or_default();
        let named = self.named_values().into_iter().filter_map(|at| after.get(at).cloned()).collect();
        Beyond { pieces: text.split('\u{1}').map(str::to_owned).collect(), values: named }
    }

    /// The same as text, with the position in an array of texts.
    pub fn beyond_array(&self, array: &str) -> String {
        self.condition(|at| format!("({array})[{}]", at + 1))
    }

    /// The values of an array for [`Order::beyond_array`].
    pub fn values(&self) -> Position {
        self.after.clone().unwrap_or_default()
    }

    fn is_one_way(&self) -> bool {
        self.keys.iter().all(|(_, descends)| *descends == self.keys[0].1)
    }

    /// The numbers of the values in the order in which the condition names them.
    fn named_values(&self) -> Vec<usize> {
        let last = self.keys.len();
        if self.is_one_way() { (0..last).collect() } else { (0..last).flat_map(|at| 0..=at).collect() }
    }

    fn condition(&self, value: impl Fn(usize) -> String) -> String {
        if self.after.is_none() {
            return "true".to_owned();
        }
        let sign = |descends: bool| if descends { "<" } else { ">" };
        let given = |at: usize| self.keys[at].0.given(&value(at));
        let compared = |at: usize| self.keys[at].0.compared();
        if self.is_one_way() {
            // As rows: an index on the keys is entered at the position.
            let all = |side: &dyn Fn(usize) -> String| (0..self.keys.len()).map(side).collect::<Vec<_>>().join(", ");
            return format!("({}) {} ({})", all(&compared), sign(self.keys[0].1), all(&given));
        }
        let step = |at: usize| {
            let same = (0..at).map(|at| format!("{} = {}", compared(at), given(at)));
            let next = format!("{} {} {}", compared(at), sign(self.keys[at].1), given(at));
            format!("({})", same.chain([next]).collect::<Vec<_>>().join(" AND "))
        };
        format!("({})", (0..self.keys.len()).map(step).collect::<Vec<_>>().join(" OR "))
    }
}

/// A condition with as many values as the order has keys.
#[derive(Debug, Clone)]
pub struct Beyond {
    pieces: Vec<String>,
    values: Vec<String>,
}

impl Expression for Beyond {
    type SqlType = Bool;
}

impl<QS> AppearsOnTable<QS> for Beyond {}

impl<QS> SelectableExpression<QS> for Beyond {}

impl<GB> ValidGrouping<GB> for Beyond {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for Beyond {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Beyond {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        for (at, piece) in self.pieces.iter().enumerate() {
            if let Some(value) = at.checked_sub(1).and_then(|before| self.values.get(before)) {
                out.push_bind_param::<Text, _>(value)?;
            }
            out.push_sql(piece);
        }
        Ok(())
    }
}

/// Rows of a list, each with its position, up to one more than the page has; and how many match in all, where asked for.
pub struct Listed<R> {
    pub rows: Vec<(R, Position)>,
    pub total: Option<i64>,
}

impl<R> Listed<R> {
    /// The same rows as something else.
    pub fn map<T>(self, mut each: impl FnMut(R) -> T) -> Listed<T> {
        let rows = self.rows.into_iter().map(|(row, position)| (each(row), position)).collect();
        Listed { rows, total: self.total }
    }

    pub fn try_map<T, E>(self, mut each: impl FnMut(R) -> Result<T, E>) -> Result<Listed<T>, E> {
        let rows = self.rows.into_iter().map(|(row, position)| Ok((each(row)?, position))).collect::<Result<_, E>>()?;
        Ok(Listed { rows, total: self.total })
    }

    pub fn items(&self) -> impl Iterator<Item = &R> {
        self.rows.iter().map(|(row, _)| row)
    }
}

/// The page of a list in its order, and the number of all rows where asked for. `$matching` is the boxed query of all
/// rows of the list; it is built for each of the two.
macro_rules! listed {
    ($conn:expr, $order:expr, $row:ty, $matching:expr) => {{
        let total: Option<i64> = match $order.count {
            true => Some($matching.count().get_result($conn).await?),
            false => None,
        };
        let position = ::diesel::dsl::sql::<::diesel::sql_types::Array<::diesel::sql_types::Text>>(&$order.position());
        let by = ::diesel::dsl::sql::<::diesel::sql_types::Text>(&$order.by());
        let page = $matching.filter($order.beyond()).select((<$row>::as_select(), position));
        let rows: Vec<($row, $crate::db::Position)> = page.order(by).limit($order.fetch()).load($conn).await?;
        $crate::db::Listed { rows, total }
    }};
}

pub(crate) use listed;

/// The position that a query of text selects beside a row, as `keys`.
#[derive(QueryableByName)]
pub struct Positioned {
    #[diesel(sql_type = Array<Text>)]
    pub keys: Position,
}

/// How many rows a query of text counts.
#[derive(QueryableByName)]
pub struct Total {
    #[diesel(sql_type = Int8)]
    pub total: i64,
}

/// Puts rows in order that are not in a table: the keys name the members of `r`, an item as JSON (`r->>'code'`).
pub async fn arrange<R: Serialize>(conn: &mut Conn, order: &Order, rows: Vec<R>) -> Result<Listed<R>> {
    #[derive(QueryableByName)]
    struct Place {
        #[diesel(sql_type = Int8)]
        number: i64,
    }
    let total = order.count.then_some(rows.len() as i64);
    let sent = serde_json::to_value(&rows).map_err(Error::internal)?;
    let query = format!(
        "SELECT number, {position} AS keys
         FROM json_array_elements($1) WITH ORDINALITY AS listed (r, number), (SELECT $2 AS values) AS seen
         WHERE {beyond} ORDER BY {by} LIMIT $3",
        position = order.position(),
        beyond = order.beyond_array("seen.values"),
        by = order.by(),
    );
    let query = diesel::sql_query(query).bind::<Json, _>(sent).bind::<Array<Text>, _>(order.values());
    let places: Vec<(Place, Positioned)> = query.bind::<Int8, _>(order.fetch()).load(conn).await?;
    let mut rows: Vec<Option<R>> = rows.into_iter().map(Some).collect();
    let taken = |(place, positioned): (Place, Positioned)| {
        let row = usize::try_from(place.number - 1).ok().and_then(|at| rows.get_mut(at)?.take());
        row.map(|row| (row, positioned.keys)).ok_or_else(|| Error::internal("a row that was not sent"))
    };
    Ok(Listed { rows: places.into_iter().map(taken).collect::<Result<_>>()?, total })
}

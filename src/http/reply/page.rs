//! Keyset pagination: an opaque cursor names the last row seen, so that every page has the same cost.

use actix_web::HttpRequest;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::answer::Reply;
use crate::{
    canonical::{hex, unhex},
    db::{Listed, Order, Position, Sorts, Unsortable},
    finding::Finding,
    http::{Error, Result},
};

const DEFAULT: i64 = 50;
const MOST: i64 = 200;

/// Page of a list: size and position.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct PageQuery {
    /// Items per page, 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<i64>,
    /// `next_cursor` of the previous page.
    pub cursor: Option<Cursor>,
}

impl PageQuery {
    /// Rows of the page; a store fetches one more to detect a next page.
    pub fn limit(&self) -> Result<i64> {
        limit(self.limit)
    }

    /// The key of the last row seen.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>> {
        self.cursor.as_ref().map(Cursor::decode).transpose()
    }

    /// The same, where the key fits.
    pub fn after_if<K: DeserializeOwned>(&self, fits: impl Fn(&K) -> bool) -> Result<Option<K>> {
        match self.after()? {
            Some(key) if !fits(&key) => Err(Cursor::invalid()),
            key => Ok(key),
        }
    }
}

fn limit(asked: Option<i64>) -> Result<i64> {
    match asked.unwrap_or(DEFAULT) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Error::of("query_invalid").at("/limit", "limit_out_of_range")),
    }
}

/// Page of a list that may be sorted: size, position, order.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct ListQuery {
    /// Items per page, 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<i64>,
    /// `next_cursor` of the previous page, with the same `sort`.
    pub cursor: Option<Cursor>,
    /// Keys of the list separated by commas, with `-` before one that descends. The description names the keys.
    pub sort: Option<String>,
    /// Whether `total` is answered.
    #[param(example = true)]
    pub count: Option<bool>,
}

/// What a cursor of a sorted list holds: the order, and where the last row seen stood in it.
#[derive(Serialize, Deserialize)]
struct Place {
    sort: String,
    at: Position,
}

impl ListQuery {
    /// The order of a list with these keys.
    pub fn order(&self, sorts: &Sorts) -> Result<Order> {
        let refused = |why| {
            let code = match why {
                Unsortable::Unknown => "sort_unknown",
                Unsortable::Twice => "sort_twice",
            };
            Error::of("query_invalid").because(vec![Finding::new("/sort", code).with("keys", sorts.names())])
        };
        let (limit, count) = (limit(self.limit)?, self.count.unwrap_or(false));
        let order = Order::of(sorts, self.sort.as_deref(), limit, count).map_err(refused)?;
        let Some(cursor) = &self.cursor else { return Ok(order) };
        let Place { sort, at } = cursor.decode()?;
        let order = if sort == order.sort { order.after(at) } else { None };
        order.ok_or_else(Cursor::invalid)
    }
}

/// Number of all items of a list, where `count=true` asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(minimum = 0)]
pub struct Total(i64);

/// An opaque position in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(String);

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^([0-9a-f]{2})+$"));
        text.description(Some("An opaque position in a list.")).into()
    }
}

impl ToSchema for Cursor {}

impl Cursor {
    pub fn encode(key: &impl Serialize) -> Result<Self> {
        let json = serde_json::to_vec(key).map_err(Error::internal)?;
        Ok(Self(hex(&json)))
    }

    pub fn decode<K: DeserializeOwned>(&self) -> Result<K> {
        unhex(&self.0).and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(Self::invalid)
    }

    fn invalid() -> Error {
        Error::of("query_invalid").at("/cursor", "cursor_invalid")
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Null on the last page.
    #[schema(required)]
    pub next_cursor: Option<Cursor>,
    #[schema(required)]
    pub total: Option<Total>,
}

impl<T: Serialize> Page<T> {
    /// A list that is one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { total: Some(Total(items.len() as i64)), items, next_cursor: None }
    }

    /// Builds a page of a sorted list.
    pub fn listed<R>(listed: Listed<R>, order: &Order, mut view: impl FnMut(R) -> T) -> Result<Self> {
        let (position, total) =
            (|(_, at): &(R, Position)| Place { sort: order.sort.clone(), at: at.clone() }, listed.total);
        Ok(Self { total: total.map(Total), ..Self::of(listed.rows, order.limit, position, |(row, _)| view(row))? })
    }

    /// Builds a page of up to `limit + 1` rows; `key` is a row's position.
    pub fn of<R, K: Serialize>(
        mut rows: Vec<R>,
        limit: i64,
        key: impl Fn(&R) -> K,
        view: impl FnMut(R) -> T,
    ) -> Result<Self> {
        let more = rows.len() as i64 > limit;
        rows.truncate(limit as usize);
        let next_cursor = match rows.last() {
            Some(last) if more => Some(Cursor::encode(&key(last))?),
            _ => None,
        };
        Ok(Self { items: rows.into_iter().map(view).collect(), next_cursor, total: None })
    }

    /// The reply, with the next page's URL in a `Link` header (RFC 8288).
    pub fn reply(self, req: &HttpRequest) -> Result<Reply> {
        let link = self.next_cursor.as_ref().map(|cursor| {
            let others = req.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
            let query: Vec<String> = others.map(str::to_owned).chain([format!("cursor={}", cursor.0)]).collect();
            format!("<{}?{}>; rel=\"next\"", req.path(), query.join("&"))
        });
        Ok(Reply { link, ..Reply::ok(self)? })
    }
}

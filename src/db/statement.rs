//! A statement as text. It is prepared once for each connection and known by its text, so that this must be one of a few:
//! what a client asks for is bound, or is a query of Diesel's.

use std::{borrow::Cow, marker::PhantomData};

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{HasSqlType, Untyped},
};

/// A statement whose text says `$1`, `$2`, … of what is bound to it, in this order. Rows are read by the names of columns.
pub struct Statement<'a, Rows = Untyped> {
    text: Cow<'static, str>,
    bound: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
    rows: PhantomData<fn(Rows)>,
}

pub fn statement<'a>(text: impl Into<Cow<'static, str>>) -> Statement<'a> {
    Statement { text: text.into(), bound: Vec::new(), rows: PhantomData }
}

impl<'a> Statement<'a> {
    /// Rows are read by the order of columns instead: of many rows, looking for the names is what costs.
    pub fn in_order<Rows>(self) -> Statement<'a, Rows> {
        Statement { text: self.text, bound: self.bound, rows: PhantomData }
    }

    /// Its rows within another statement, which binds after it.
    pub fn within(self, before: &str, after: &str) -> Self {
        Self { text: format!("{before}{}{after}", self.text).into(), ..self }
    }

    pub fn bind<T: 'a, V>(mut self, value: V) -> Self
    where
        V: ToSql<T, Pg> + Send + 'a,
        Pg: HasSqlType<T>,
    {
        self.bound.push(Box::new(Bound { value, as_type: PhantomData::<fn(T)> }));
        self
    }
}

struct Bound<T, V> {
    value: V,
    as_type: PhantomData<fn(T)>,
}

impl<T, V> QueryFragment<Pg> for Bound<T, V>
where
    V: ToSql<T, Pg>,
    Pg: HasSqlType<T>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<T, V>(&self.value)
    }
}

impl<Rows> QueryFragment<Pg> for Statement<'_, Rows> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.text);
        // Diesel writes the number of each value that it binds: here they are a comment.
        out.push_sql(" --");
        self.bound.iter().try_for_each(|bound| bound.walk_ast(out.reborrow()))
    }
}

// Known by its text.
impl<Rows> QueryId for Statement<'_, Rows> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Rows> Query for Statement<'_, Rows> {
    type SqlType = Rows;
}

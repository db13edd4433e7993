//! A change of the organisation tree must not break a movement once launched: `launch` says what would.

use std::pin::Pin;

use super::{
    launch,
    movement::{Movement, Period},
    store,
};
use crate::{
    db::{Conn, Recall},
    finding::Finding,
    http::Result,
    units::TreeChange,
};

/// What a change breaks in the movements launched.
pub fn tree_rule<'a>(
    conn: &'a mut Conn,
    recall: &'a Recall,
    change: &'a TreeChange,
) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + 'a>> {
    Box::pin(async move {
        let launched = store::ever_launched(conn, recall).await?;
        let check = |(movement, periods): &(Movement, Vec<Period>)| launch::check_change(movement, periods, change);
        Ok(launched.iter().flat_map(check).collect())
    })
}

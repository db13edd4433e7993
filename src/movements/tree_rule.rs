//! A change of the organisation tree, or an amendment, must not break a movement once launched: `launch` says what would.

use std::pin::Pin;

use super::{launch, store};
use crate::{
    db::{Conn, LocalityId},
    finding::Finding,
    http::Result,
    units,
};

/// What does not go with the movements launched, as the tree stands in this transaction.
pub fn tree_rule(conn: &mut Conn, locality: LocalityId) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + '_>> {
    Box::pin(async move {
        let (mut broken, history) = (Vec::new(), units::history(conn, locality).await?);
        for movement in store::ever_launched(conn, locality).await? {
            let periods = store::list_periods(conn, &movement).await?;
            broken.extend(launch::check_launched(&movement, &periods, &history));
        }
        Ok(broken)
    })
}

//! No change of the organisation tree, and no amendment, takes a unit or what it owes away from under a report. Held at
//! the cut-off of every period of a movement once launched.

use std::pin::Pin;

use super::{store, stranded::stranded};
use crate::{
    db::{Conn, LocalityId},
    finding::Finding,
    http::Result,
    movements, units,
};

/// The reports that nobody would count as the tree and the plans stand in this transaction.
pub fn tree_rule(conn: &mut Conn, locality: LocalityId) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + '_>> {
    Box::pin(async move {
        let (mut broken, history) = (Vec::new(), units::history(conn, locality).await?);
        for movement in movements::ever_launched(conn, locality).await? {
            let said = store::handed_in(conn, &movement).await?;
            let periods = movements::list_periods(conn, &movement).await?;
            broken.extend(stranded(&movement, &periods, &history, &said));
        }
        Ok(broken)
    })
}

//! What the agency remarks to a candidate.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store;
use crate::{
    app::App,
    http::{Caller, Error, Page, Path, Reply, Result},
    movements::label,
    nominations::{self, NominationPath, State, place},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_remarks);
}

/// A remark to the candidate on one criterion.
#[derive(Serialize, ToSchema)]
struct RemarkView {
    #[schema(example = "1.1.b")]
    criterion: String,
    /// Text of the criterion.
    #[schema(required)]
    text: Option<String>,
    comment: String,
    at: DateTime<Utc>,
}

/// Remarks to a candidate
///
/// The agency's comments on the criteria, for the candidate's unit, once the dossier is verified or rejected; before there
/// are none. Neither points nor internal comments, and no comment on an answer that was sent back.
#[utoipa::path(tag = "awards", params(NominationPath), responses((status = 200, description = "The remarks", body = Page<RemarkView>), Error))]
#[get("/movements/{movement}/awards/{award}/nominations/{candidate}/remarks")]
async fn list_remarks(app: Data<App>, caller: Caller, path: Path<NominationPath>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let place = place(conn, &caller, &path).await?;
            let found = nominations::find(conn, &place.movement, &place.award.code, place.candidate).await?;
            let nomination = found.ok_or_else(|| Error::missing("nomination"))?;
            caller.permit()?;
            let given = match nomination.state {
                State::Verified | State::Rejected => {
                    store::as_of(conn, place.movement.locality, &[nomination.id], None).await?
                }
                State::Nominated | State::Withdrawn => Vec::new(),
            };
            let criteria = place.group(&nomination.group).into_iter().flat_map(|group| &group.criteria);
            let remarks = criteria.filter_map(|criterion| {
                let own = given.iter().find(|given| given.criterion == criterion.code && given.sent_back.is_none())?;
                Some(RemarkView {
                    criterion: criterion.code.clone(),
                    text: criterion.text.as_ref().map(|text| label(text, caller.locale)),
                    comment: own.comment.clone()?,
                    at: own.at,
                })
            });
            Reply::ok(Page::whole(remarks.collect()))
        })
        .await
}

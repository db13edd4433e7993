//! Localities as the city makes and lists them.

use actix_web::{HttpRequest, get, post, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

use super::store;
use crate::{
    app::App,
    days,
    http::{Caller, Error, Json, Page, PageQuery, Query, Reply, Result, Write, not_blank},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_localities).service(create_locality);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LocalityKind {
    Xa,
    Phuong,
    DacKhu,
}

/// A new commune, ward or special zone.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLocality {
    /// The 5-digit administrative code, as text.
    #[validate(custom(function = five_digits))]
    #[schema(pattern = "^[0-9]{5}$", example = "10210")]
    pub code: String,
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "Xã Hồng Vân")]
    pub name: String,
    pub kind: LocalityKind,
    /// First day on which the code means this locality.
    #[serde(deserialize_with = "days::day")]
    #[schema(example = "2025-07-01")]
    pub valid_from: NaiveDate,
}

fn five_digits(code: &str) -> Result<(), ValidationError> {
    let digits = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some(()).ok_or_else(|| ValidationError::new("locality_code_malformed"))
}

/// A commune, ward or special zone.
#[derive(Serialize, ToSchema)]
pub struct LocalityView {
    #[schema(example = "10210")]
    pub code: String,
    #[schema(example = "Xã Hồng Vân")]
    pub name: String,
    #[schema(value_type = LocalityKind)]
    pub kind: String,
    #[schema(example = "2025-07-01")]
    pub valid_from: NaiveDate,
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
}

/// Localities
///
/// Every locality of the installation, by code.
#[utoipa::path(
    tag = "organisation", params(PageQuery),
    responses((status = 200, description = "A page", body = Page<LocalityView>), Error)
)]
#[get("/localities")]
async fn list_localities(req: HttpRequest, app: Data<App>, caller: Caller, page: Query<PageQuery>) -> Result<Reply> {
    caller.permit_anywhere()?;
    let (limit, after) = (page.limit()?, page.after::<(String, NaiveDate)>()?);
    let rows = app.db.read(async |conn| store::list(conn, after, limit + 1).await).await?;
    Page::of(rows, limit, |row| (row.code.clone(), row.valid_from), store::Row::view)?.reply(&req)
}

/// Make a locality
///
/// A code that another locality bears at present is refused; the earlier one is closed first.
#[utoipa::path(tag = "organisation", responses((status = 201, description = "Made", body = LocalityView), Error))]
#[post("/localities")]
async fn create_locality(app: Data<App>, write: Write, body: Json<NewLocality>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, caller| {
            caller.permit_anywhere()?;
            let new = body.valid()?;
            let row = store::insert(conn, &new, caller.now).await?;
            caller.about(format!("localities/{}", row.code));
            caller.after(&row)?;
            Reply::created("/api/v1/localities".into(), row.view())
        })
        .await
}

//! The kinds of units of a locality, as its plans name them.

use std::{collections::BTreeMap, pin::Pin};

use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    kinds::{UnitKind, known},
    store,
};
use crate::{
    app::App,
    db::{Conn, LocalityId},
    http::{Caller, Error, Locale, Page, Reply, Result},
};

/// The kinds that a locality's plans name, by code.
pub type KindsOfPlans =
    for<'a> fn(&'a mut Conn, LocalityId) -> Pin<Box<dyn Future<Output = Result<Vec<UnitKind>>> + 'a>>;

/// Who knows the kinds of plans. The server says it, for plans lie above.
pub struct UnitKinds(pub KindsOfPlans);

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_unit_kinds);
}

/// A kind of unit.
#[derive(Serialize, ToSchema)]
struct UnitKindView {
    #[schema(example = "division")]
    code: String,
    /// Null where no plan names it.
    #[schema(required, example = "Phòng, ban")]
    name: Option<String>,
    /// Units of this kind today.
    units: usize,
}

/// Kinds of units
///
/// Those that the locality's plans name, the usual ones of communes, and any other that a unit has today. A unit's kind is
/// written by its code or by one of its names.
#[utoipa::path(
    tag = "organisation",
    responses((status = 200, description = "The kinds", body = Page<UnitKindView>), Error)
)]
#[get("/unit-kinds")]
async fn list_unit_kinds(app: Data<App>, caller: Caller, kinds: Data<UnitKinds>) -> Result<Reply> {
    let locality = caller.permit()?.locality;
    let (tree, named) = app
        .db
        .read(async |conn| {
            let tree = store::tree(conn, caller.recall()?, caller.today()).await?;
            Ok((tree, (kinds.0)(conn, locality).await?))
        })
        .await?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for unit in tree.iter() {
        *counts.entry(unit.kind.clone()).or_default() += 1;
    }
    let mut items: Vec<UnitKindView> = Vec::new();
    for UnitKind { code, vi, en } in known(named) {
        let name = if caller.locale == Locale::En { en.or(vi) } else { vi };
        items.push(UnitKindView { units: counts.remove(&code).unwrap_or_default(), code, name });
    }
    items.extend(counts.into_iter().map(|(code, units)| UnitKindView { code, name: None, units }));
    Reply::ok(Page::whole(items))
}

//! The scope of a request for figures, and what was fetched for it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    figure::{Covers, Figure},
    frame::AskedSpan,
    gather::{Ask, Gathered, gather},
    slots::Scope,
    undecided,
};
use crate::{
    days,
    db::{Conn, UnitId},
    http::{Caller, Error, Result},
    movements::{self, Movement, plan::Indicator},
    units::{self, Node},
};

#[derive(Deserialize, IntoParams)]
pub struct ProgressQuery {
    /// A period code; default: the whole movement.
    #[param(example = "2025-Q3")]
    period: Option<String>,
    /// Code of a unit, with its descendants. Default: the locality, or the caller's own units.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
    /// State as of this instant; default, and for a future instant: now.
    #[serde(default, deserialize_with = "days::optional_instant")]
    as_of: Option<DateTime<Utc>>,
    /// `approved` (the default), or `submitted`: with reports that are submitted and not yet decided. Not for the city and
    /// administrators.
    #[param(inline)]
    basis: Option<Basis>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProgressBasis)]
enum Basis {
    Approved,
    Submitted,
}

/// The scope of the request.
#[derive(Clone, Serialize, ToSchema)]
pub struct ProgressScope {
    /// Code of the requested unit, with its descendants; null for the whole locality, and for a caller with several
    /// units.
    #[schema(required, example = "phong-kinh-te")]
    unit: Option<String>,
    #[schema(required)]
    unit_name: Option<String>,
    /// Codes of all requested units, each with its descendants; empty for the whole locality.
    units: Vec<String>,
    /// Code of the period; null for the whole movement.
    #[schema(required, example = "2025-Q3")]
    period: Option<String>,
    as_of: DateTime<Utc>,
    basis: Basis,
}

/// A request with its fetched data.
pub struct Found {
    pub movement: Movement,
    pub scope: ProgressScope,
    /// The tops of the scope; none for the whole locality.
    pub tops: Option<Vec<UnitId>>,
    pub as_of: DateTime<Utc>,
    pub gathered: Gathered,
}

impl Found {
    pub(super) fn reach(&self) -> Scope<'_> {
        self.tops.as_deref().map_or(Scope::Locality, Scope::Below)
    }

    /// The indicator of the span that bears a code (404).
    pub(super) fn indicator(&self, code: &str) -> Result<&Indicator> {
        let mut indicators = self.gathered.frame().indicators().into_iter();
        indicators.find(|known| known.code == code).ok_or_else(|| Error::missing("indicator"))
    }

    pub fn figure(&self, indicator: &Indicator) -> Figure {
        self.gathered.figure(indicator, self.reach())
    }

    /// First and last day of the span; none if it has no periods.
    pub fn covers(&self) -> Option<Covers> {
        self.gathered.frame().covers()
    }
}

pub async fn find(
    conn: &mut Conn,
    caller: &Caller,
    code: &str,
    asked: ProgressQuery,
    indicator: Option<&str>,
) -> Result<Found> {
    let movement = movements::find(conn, caller.recall()?, code).await?;
    let basis = asked.basis.unwrap_or(Basis::Approved);
    let as_of = caller.as_of(asked.as_of);
    let only = indicator.map(|code| [code]);
    let ask = Ask {
        span: AskedSpan::Period(asked.period.as_deref()),
        as_of,
        submitted: basis == Basis::Submitted,
        indicators: only.as_ref().map(|codes| &codes[..]),
    };
    let gathered = gather(conn, &movement, &ask).await?;
    let today = gathered.history().registered_by(caller.today());
    let tops = units::scope(&today, &caller.reach(), asked.unit.as_deref())?;
    caller.permit()?;
    if basis == Basis::Submitted {
        undecided::permit(caller, &today, tops.as_deref())?;
    }
    let named: Vec<&Node> = tops.iter().flatten().filter_map(|id| today.by_id(*id)).collect();
    let only = named.first().filter(|_| named.len() == 1);
    let scope = ProgressScope {
        unit: only.map(|unit| unit.code.clone()),
        unit_name: only.map(|unit| unit.name.clone()),
        units: named.iter().map(|unit| unit.code.clone()).collect(),
        period: asked.period,
        as_of,
        basis,
    };
    Ok(Found { movement, scope, tops, as_of, gathered })
}

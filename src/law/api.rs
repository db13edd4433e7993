//! The law: read as of a day, and recorded.

use actix_web::{get, put, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    rules::{BASE_SALARY, Basis, Figure, Law, check_value},
    shipped::shipped,
    store::{self, Versioned},
};
use crate::{
    app::App,
    days,
    exact::Decimal,
    finding::Finding,
    http::{Bounded, Caller, Error, IfMatch, Json, Path, Query, Reply, Result, WriteRequest, etag},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_law).service(put_legal_basis).service(put_legal_figure);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LawQuery {
    /// The day of the paper; left out, today.
    #[serde(default, deserialize_with = "days::optional_day")]
    on: Option<NaiveDate>,
}

/// Texts and figures of the law, all that are known.
#[derive(Serialize, ToSchema)]
#[schema(as = Law)]
struct LawView {
    /// The day that `in_force` is about.
    on: NaiveDate,
    bases: Vec<BasisView>,
    figures: Vec<FigureView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LegalBasisInForce)]
struct BasisView {
    #[serde(flatten)]
    basis: Basis,
    in_force: bool,
    /// Of the locality's own record; null for what the program ships.
    #[schema(required, example = "\"1\"")]
    etag: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LegalFigureInForce)]
struct FigureView {
    #[serde(flatten)]
    figure: Figure,
    /// Whether it is the newest of its code on that day.
    in_force: bool,
    /// Of the locality's own record; null for what the program ships.
    #[schema(required, example = "\"1\"")]
    etag: Option<String>,
}

/// A legal text. Its code stands in the address.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
struct NewBasis {
    #[validate(nested)]
    #[schema(example = "152/2025/NĐ-CP")]
    number: Bounded<100>,
    #[validate(nested)]
    #[schema(example = "nghi_dinh")]
    kind: Bounded<50>,
    #[validate(nested)]
    #[schema(example = "Chính phủ")]
    issuer: Bounded<200>,
    #[validate(nested)]
    subject: Bounded<1000>,
    #[serde(default, deserialize_with = "days::optional_day")]
    dated: Option<NaiveDate>,
    #[serde(deserialize_with = "days::day")]
    valid_from: NaiveDate,
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_to: Option<NaiveDate>,
    #[serde(default)]
    replaced_by: Option<String>,
    #[serde(default)]
    amends: Option<String>,
    #[validate(nested)]
    source: Bounded<1000>,
    #[serde(default = "yes")]
    certain: bool,
}

fn yes() -> bool {
    true
}

/// A figure of the law, as the text in `source` has it.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
struct NewFigure {
    #[schema(example = "0.3")]
    value: Decimal,
    #[validate(nested)]
    #[schema(example = "Nghị định số 152/2025/NĐ-CP, Điều 54, khoản 3")]
    source: Bounded<1000>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct FigurePath {
    figure: String,
    #[serde(deserialize_with = "days::day")]
    valid_from: NaiveDate,
}

/// The law as data
///
/// Legal texts with their validity, and the figures of the bonus: what the program ships, and what the locality has recorded in
/// its place.
#[utoipa::path(tag = "awards", params(LawQuery), responses((status = 200, description = "The law", body = LawView), Error))]
#[get("/law")]
async fn get_law(app: Data<App>, caller: Caller, query: Query<LawQuery>) -> Result<Reply> {
    let locality = caller.permit()?.locality;
    let on = query.on.unwrap_or_else(|| caller.today());
    app.db
        .read(async |conn| {
            let (bases, figures) = (store::bases(conn, locality).await?, store::figures(conn, locality).await?);
            Reply::ok(view(on, &bases, &figures))
        })
        .await
}

fn view(on: NaiveDate, bases: &[Versioned<Basis>], figures: &[Versioned<Figure>]) -> LawView {
    let own = Law {
        bases: bases.iter().map(|(basis, _)| basis.clone()).collect(),
        figures: figures.iter().map(|(figure, _)| figure.clone()).collect(),
    };
    let law = shipped().with(own);
    let basis = |basis: &Basis| BasisView {
        in_force: basis.is_in_force(on),
        etag: bases.iter().find(|(own, _)| own.code == basis.code).map(|(_, version)| etag(*version)),
        basis: basis.clone(),
    };
    let newest = |code: &str| law.figures.iter().rfind(|one| one.code == code && one.valid_from <= on);
    let same = |a: &Figure, b: &Figure| (&a.code, a.valid_from) == (&b.code, b.valid_from);
    let figure = |figure: &Figure| FigureView {
        in_force: newest(&figure.code).is_some_and(|newest| same(newest, figure)),
        etag: figures.iter().find(|(own, _)| same(own, figure)).map(|(_, version)| etag(*version)),
        figure: Figure { certain: law.is_certain(figure, on.max(figure.valid_from)), ..figure.clone() },
    };
    LawView { on, bases: law.bases.iter().map(basis).collect(), figures: law.figures.iter().map(figure).collect() }
}

/// Record a legal text
///
/// New, or in place of what the program ships under the same code. Earlier records stay. `If-None-Match: *` records it first,
/// `If-Match` again.
#[utoipa::path(
    tag = "awards", params(IfMatch),
    responses(
        (status = 200, description = "Changed", body = BasisView),
        (status = 201, description = "Created", body = BasisView),
        Error
    )
)]
#[put("/law/bases/{basis}")]
async fn put_legal_basis(
    app: Data<App>,
    write: WriteRequest,
    code: Path<String>,
    if_match: IfMatch,
    body: Json<NewBasis>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let actor = scope.permit()?;
            let known = store::bases(conn, actor.locality).await?;
            let before = known.iter().find(|(basis, _)| basis.code == *code);
            check(&if_match, before.map(|(_, version)| *version))?;
            let law = store::of_locality(conn, actor.locality).await?;
            let basis = checked_basis(&code, body.valid()?, &law)?;
            let version = before.map_or(1, |(_, version)| version + 1);
            if let Some((before, _)) = before {
                scope.before(before)?;
            }
            store::insert_basis(conn, &actor, &basis, version).await?;
            scope.after(&basis)?;
            let location = format!("/api/v1/law/bases/{}", *code);
            let in_force = basis.is_in_force(scope.today());
            Ok(Reply::put(version == 1, location, BasisView { basis, in_force, etag: Some(etag(version)) })?
                .tag(version))
        })
        .await
}

fn check(if_match: &IfMatch, before: Option<i32>) -> Result<()> {
    before.map_or_else(|| if_match.check_absent(), |version| if_match.check(version))
}

fn checked_basis(code: &str, new: NewBasis, law: &Law) -> Result<Basis> {
    let mut findings = Vec::new();
    if !is_code(code) {
        findings.push(Finding::new("", "basis_code_malformed").with("basis", code));
    }
    if new.valid_to.is_some_and(|last| last < new.valid_from) {
        findings.push(Finding::new("/valid_to", "days_reversed"));
    }
    for (at, other) in [("/replaced_by", &new.replaced_by), ("/amends", &new.amends)] {
        let Some(other) = other else { continue };
        if other == code || law.bases.iter().all(|basis| basis.code != *other) {
            let known = law.bases.iter().map(|basis| basis.code.as_str());
            findings.push(Finding::new(at, "basis_unknown").with("basis", other).suggesting(other, known));
        }
    }
    Error::check(findings)?;
    Ok(Basis {
        code: code.to_owned(),
        number: new.number.into(),
        kind: new.kind.into(),
        issuer: new.issuer.into(),
        subject: new.subject.into(),
        dated: new.dated,
        valid_from: new.valid_from,
        valid_to: new.valid_to,
        replaced_by: new.replaced_by,
        amends: new.amends,
        source: new.source.into(),
        certain: new.certain,
    })
}

fn is_code(code: &str) -> bool {
    (2..=63).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Record a figure of the law
///
/// The base salary (`base_salary`, dong) or a coefficient (`giay_khen.person`: the award's form, and who receives it) from a day
/// on, with its source. Earlier records stay. `If-None-Match: *` records it first, `If-Match` again.
#[utoipa::path(
    tag = "awards", params(IfMatch, FigurePath),
    responses(
        (status = 200, description = "Changed", body = FigureView),
        (status = 201, description = "Created", body = FigureView),
        Error
    )
)]
#[put("/law/figures/{figure}/{valid_from}")]
async fn put_legal_figure(
    app: Data<App>,
    write: WriteRequest,
    path: Path<FigurePath>,
    if_match: IfMatch,
    body: Json<NewFigure>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let actor = scope.permit()?;
            let known = store::figures(conn, actor.locality).await?;
            let own =
                |(figure, _): &&Versioned<Figure>| figure.code == path.figure && figure.valid_from == path.valid_from;
            let before = known.iter().find(own);
            check(&if_match, before.map(|(_, version)| *version))?;
            let new = body.valid()?;
            let mut findings = Vec::new();
            if !is_figure(&path.figure) {
                findings.push(Finding::new("", "legal_figure_unknown").with("figure", &path.figure));
            }
            findings.extend(check_value(&path.figure, new.value));
            Error::check(findings)?;
            let figure = Figure {
                code: path.figure.clone(),
                valid_from: path.valid_from,
                value: Some(new.value),
                times: None,
                source: new.source.into(),
                certain: true,
            };
            let version = before.map_or(1, |(_, version)| version + 1);
            if let Some((before, _)) = before {
                scope.before(before)?;
            }
            store::insert_figure(conn, &actor, &figure, new.value.into(), version).await?;
            scope.after(&figure)?;
            let location = format!("/api/v1/law/figures/{}/{}", path.figure, path.valid_from);
            let in_force = figure.valid_from <= scope.today();
            let view = FigureView { figure, in_force, etag: Some(etag(version)) };
            Ok(Reply::put(version == 1, location, view)?.tag(version))
        })
        .await
}

/// The base salary, or a form of award and who receives it.
fn is_figure(code: &str) -> bool {
    let plain = |form: &str| !form.is_empty() && form.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    code == BASE_SALARY
        || code.len() <= 63
            && code
                .split_once('.')
                .is_some_and(|(form, recipient)| plain(form) && ["unit", "person", "household"].contains(&recipient))
}

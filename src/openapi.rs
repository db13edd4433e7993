//! The OpenAPI document: made from the registered routes, then given what routes cannot know: the plan's schema, the
//! roles of each operation, the security scheme, and the parameters that every operation shares.

use std::{borrow::Cow, collections::BTreeMap};

use actix_web::{HttpResponse, get, web::Data};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use utoipa::{
    IntoResponses, OpenApi, PartialSchema, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, schema::Schema},
};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

use crate::{
    app,
    assessments::Score,
    http::{ALL, Access, Error, MATRIX, Problem},
    movements::plan::{Award, Group, Indicator, Method, Plan},
    nominations::{Draft as NominationDraft, Hold, State as NominationState},
    progress::{Covers, Figure},
    rankings::{Comparison, Entry, Explanation, Ineligible, Line},
    submissions::{Content, OnBehalf, Remark, State, Value as SubmissionValue},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "thidua",
        description = "Runs and judges public-sector emulation movements (phong trào thi đua): plans as data, units' reports, exact progress, rankings that explain themselves.",
        contact(name = "thidua", url = "https://github.com/thidua/thidua"),
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    servers((url = "/", description = "This service")),
    tags(
        (name = "identity", description = "Logging in and who one is"),
        (name = "organisation", description = "Localities, units, people"),
        (name = "movements", description = "Plans, their movements and periods"),
        (name = "submissions", description = "Units' reports"),
        (name = "progress", description = "Approved values against targets"),
        (name = "awards", description = "Initiatives, nominations, assessments, rankings"),
        (name = "operations", description = "Health, metrics, problem codes")
    )
)]
struct Skeleton;

/// The document as served and as committed.
#[derive(Clone)]
pub struct Document(pub Value);

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_document);
}

/// This document
///
/// OpenAPI 3.1, the same that is committed beside the source.
#[utoipa::path(tag = "operations", responses((status = 200, description = "The document", body = Object)))]
#[get("/openapi.json")]
async fn get_document(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().json(&document.0)
}

/// Makes the document.
pub fn document() -> Value {
    let routes = actix_web::App::new().into_utoipa_app().openapi(Skeleton::openapi()).configure(app::routes);
    let (_, openapi) = routes.split_for_parts();
    let mut document = serde_json::to_value(openapi).unwrap_or_default();
    document["components"]["securitySchemes"]["bearer"] = json!({
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "An access token of POST /api/v1/auth/login"
    });
    insert_schemas(&mut document);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            finish(path, method, operation);
        }
    }
    document
}

/// Puts the types that are described by `schemars` among the components, with all they refer to. One generator for all:
/// it tells two types of one name apart (`Name2`), and a test says to rename one of them.
fn insert_schemas(document: &mut Value) {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    describe_all(&mut generator);
    for (name, schema) in generator.take_definitions(true) {
        let place = &mut document["components"]["schemas"][&name];
        let free = place.is_null() || *place == json!(Schema::default()) || *place == schema;
        debug_assert!(free, "two schemas are called {name}, and the last would silently win");
        *place = schema;
    }
}

/// Adds what every operation of its kind has in common.
fn finish(path: &str, method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let access = MATRIX.iter().find(|(known, _)| *known == id).map(|(_, access)| *access);
    let mut header = |name: &str, about: &str, example: &str| {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let more = json!({"name": name, "in": "header", "required": false, "description": about, "schema": {"type": "string"}, "example": example});
        operation["parameters"] = parameters.into_iter().chain([more]).collect();
    };
    if path.starts_with("/api/") {
        header("Accept-Language", "Language of titles, details and labels: vi (default) or en", "vi");
    }
    if method == "post" && access.is_some_and(|access| access != Access::Public) {
        header(
            "Idempotency-Key",
            "The same key with the same request is done once and answered alike for 24 hours",
            "7d1c1a4e",
        );
    }
    let roles = match access {
        None | Some(Access::Public) => return,
        Some(Access::SignedIn) => json!(ALL),
        Some(Access::Roles(roles)) => json!(roles),
    };
    operation["x-roles"] = roles;
    operation["security"] = json!([{"bearer": []}]);
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let locality = json!({
        "name": "locality", "in": "query", "required": false, "schema": {"type": "string", "pattern": "^[0-9]{5}$"},
        "description": "Administrative code of the locality asked about; city accounts name it, others have their own",
        "example": "10210"
    });
    operation["parameters"] = parameters.into_iter().chain([locality]).collect();
}

/// References to components that [`insert_schemas`] fills in.
macro_rules! described_by_schemars {
    ($($name:ident as $text:literal),+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::default())
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                $text.into()
            }
        }
    )+

        fn describe_all(generator: &mut SchemaGenerator) {
            $(generator.subschema_for::<$name>();)+
        }
    };
}

described_by_schemars!(
    Plan as "Plan",
    Indicator as "Indicator",
    Group as "Group",
    Award as "Award",
    SubmissionValue as "Value",
    Content as "SubmissionContent",
    State as "SubmissionState",
    OnBehalf as "OnBehalf",
    Remark as "Remark",
    Figure as "Figure",
    Covers as "Covers",
    NominationState as "NominationState",
    NominationDraft as "NewNomination",
    Hold as "Hold",
    Score as "NewAssessment",
    Method as "Method",
    Line as "RankingLine",
    Entry as "RankingEntry",
    Ineligible as "RankingIneligible",
    Explanation as "RankingExplanation",
    Comparison as "RankingComparison"
);

/// Every operation may answer a problem; which codes, the catalogue at `/problems` says.
impl IntoResponses for Error {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        const ANSWERS: [(&str, &str); 12] = [
            ("400", "The request cannot be read"),
            ("401", "No valid access token"),
            ("403", "The caller's roles may not do this"),
            ("404", "No such thing, or none the caller may know of"),
            ("409", "The state of the thing forbids it"),
            ("412", "The thing has changed meanwhile"),
            ("413", "The body is too large"),
            ("415", "The media type is not taken"),
            ("422", "The content has faults, all of them named"),
            ("428", "A precondition is missing"),
            ("429", "Too many requests"),
            ("503", "Come back in a moment"),
        ];
        let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = |about| ResponseBuilder::new().description(about).content("application/problem+json", content());
        ANSWERS.into_iter().map(|(status, about)| (status.into(), response(about).build().into())).collect()
    }
}

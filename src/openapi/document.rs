//! Gathers the document from the registered routes and completes it with what routes do not hold: the plan's schema, the
//! roles and scope of each operation, the security schemes, and the parameters that every operation shares.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, get,
    web::{Bytes, Data},
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use utoipa::{
    IntoResponses, OpenApi, PartialSchema, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, schema::Schema},
};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

use super::{
    bounds, links, open,
    parameters::explain,
    presence, repeated, schemas,
    security::{security_schemes, who},
    sharing, unions, versions, written,
};
use crate::{
    exact::Decimal,
    http::{Access, Error, IF_NONE_MATCH, KEY_MOST, MATRIX, Problem, READS},
    movements::plan::{
        Award, Blocks, CandidateKind, Combine, Comparator, CriterionKind, Evidence, FieldsJudged, Group, Indicator,
        IndicatorKind, Method, PeriodRole, Place, Plan, ShareOf, Stage, TargetEntry,
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "thidua",
        description = "Runs and judges public-sector emulation movements (phong trào thi đua): plans as data, units' reports, exact progress, explained rankings.",
        contact(name = "thidua", url = "https://github.com/thidua/thidua"),
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    servers((url = "/", description = "This service")),
    tags(
        (name = "identity", description = "Login, tokens, accounts, roles and machine clients"),
        (name = "organisation", description = "Localities, units, people, households"),
        (name = "movements", description = "Plans, their movements and periods"),
        (name = "submissions", description = "Units' reports"),
        (name = "participation", description = "Concerns and activities"),
        (name = "progress", description = "Approved values against targets"),
        (name = "awards", description = "Initiatives, nominations, assessments, rankings"),
        (name = "events", description = "Domain events, for programs that follow"),
        (name = "audit", description = "Who changed what, in a hash chain that reveals every later edit"),
        (name = "operations", description = "Health, metrics, problem codes")
    )
)]
struct Skeleton;

/// The document's text as served, rendered once and shared by all workers.
pub struct Document(pub Bytes);

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_document);
}

/// OpenAPI document
///
/// OpenAPI 3.1, identical to the document in the repository.
#[utoipa::path(tag = "operations", responses((status = 200, description = "The document", body = Object)))]
#[get("/openapi.json")]
async fn get_document(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// The ids of these routes' operations.
pub fn operation_ids(routes: fn(&mut ServiceConfig)) -> Vec<String> {
    let (_, openapi) = actix_web::App::new().into_utoipa_app().configure(routes).split_for_parts();
    let items = openapi.paths.paths.into_values();
    let operations = items.flat_map(|item| [item.get, item.put, item.post, item.patch, item.delete]).flatten();
    operations.filter_map(|operation| operation.operation_id).collect()
}

/// Generates the document of these routes.
pub fn document(routes: fn(&mut ServiceConfig)) -> Value {
    let routes = actix_web::App::new().into_utoipa_app().openapi(Skeleton::openapi()).configure(routes);
    let (_, openapi) = routes.split_for_parts();
    let mut document = serde_json::to_value(openapi).unwrap_or_default();
    document["components"]["securitySchemes"] = security_schemes();
    document["components"]["headers"] = headers();
    insert_schemas(&mut document);
    schemas::refer_to_items(&mut document["components"]["schemas"]);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            finish(path, method, operation);
        }
    }
    versions::tell(&mut document["paths"], has_tag);
    tell_read_only(&mut document["paths"]);
    unions::list_values(&mut document);
    unions::tag_unions(&mut document);
    bounds::mark_bytes(&mut document);
    bounds::bound_integers(&mut document["components"]["schemas"]);
    open::open_answers(&mut document);
    written::bound_texts(&mut document);
    presence::require_members(&mut document);
    schemas::forget_unnamed(&mut document);
    links::link(&mut document);
    written::join_lines(&mut document);
    repeated::tell_examples(&mut document);
    repeated::name_values(&mut document);
    repeated::part_pages(&mut document["components"]["schemas"]);
    sharing::share(&mut document);
    document
}

/// Adds the plan, which `schemars` describes, to the components, with all types that they refer to. One generator for
/// all: it names a second type of the same name `Name2`, and a test then asks to rename one of them.
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

/// Operations whose answer has several forms, by `Accept`.
const NEGOTIATED: [&str; 6] = [
    "export_submissions",
    "get_decision_document",
    "get_plan",
    "get_problem",
    "get_proposal_document",
    "get_session_document",
];

/// Whether an operation's answer has the tag of a table, of a file or of the locality's state, not of a row.
fn has_tag(operation: &str) -> bool {
    const TAGGED: [&str; 5] = [
        "get_decision_document",
        "get_proposal_document",
        "get_public_awards",
        "get_session_document",
        "get_vocabulary",
    ];
    TAGGED.contains(&operation) || READS.iter().any(|(read, _)| *read == operation)
}

/// Answers of operations outside the API: they read no body and know no caller's roles.
const OUTSIDE: [&str; 6] = ["200", "401", "404", "406", "503", "default"];

/// Reads that judge what their query asks for (422).
const JUDGING: [&str; 7] = [
    "compare_ranking_entries",
    "compare_rankings",
    "export_ranking_draws",
    "get_decision_document",
    "get_proposal_document",
    "get_ranking_robustness",
    "get_session_document",
];

/// Reads that the state of what they read may refuse (409).
const REFUSING: [&str; 6] = [
    "get_decision_bonus",
    "get_decision_document",
    "get_judging",
    "get_proposal_document",
    "get_ranking_bundle",
    "get_session_document",
];

/// Operations that change nothing, and so neither keep a key nor are tried out.
const STORES_NOTHING: [&str; 4] = ["lint_plan", "lint_plan_sheet", "verify_audit", "verify_ranking"];

/// Adds what every operation of its kind has in common.
fn finish(path: &str, method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let access = MATRIX.iter().find(|(known, _)| *known == id).map(|(_, access)| *access);
    let mut parameters: Vec<Value> = operation["parameters"].as_array().cloned().unwrap_or_default();
    parameters.iter_mut().filter(|parameter| parameter["in"] == "path").for_each(explain);
    if operation["responses"]["201"].is_null() {
        versions::require(&mut parameters);
    }
    if path.starts_with("/api/") {
        parameters.push(header("Accept-Language", "Language of titles, details and labels: vi (default) or en", "vi"));
    }
    let stores = !STORES_NOTHING.contains(&id.as_str());
    let by_caller = !path.starts_with("/api/v1/auth/") && access.is_some_and(|access| access != Access::Public);
    if method == "post" && by_caller && stores {
        let about = "A repeated request with the same key has one effect and the same answer for 24 hours";
        let mut key = header("Idempotency-Key", about, "7d1c1a4e");
        key["schema"]["pattern"] = json!(written::KEY);
        key["schema"]["maxLength"] = json!(KEY_MOST);
        parameters.push(key);
    }
    if method == "get" && path.starts_with("/api/") && (path.ends_with('}') || has_tag(&id)) {
        parameters.push(header("If-None-Match", IF_NONE_MATCH, "*"));
        operation["responses"]["304"] = json!({"description": "The cached version is still current"});
    }
    if method != "get"
        && stores
        && id != "import_submissions"
        && (operation["tags"][0] != "identity" || id == "import_accounts")
    {
        parameters.push(json!({
            "name": "dry_run", "in": "query", "required": false, "schema": {"type": "boolean", "default": false},
            "description": "Dry run: the same checks and the same answer, and nothing is stored", "example": true
        }));
    }
    let refused = operation["responses"]["default"].clone();
    narrow_answers(path, method, operation);
    if id == "create_token" {
        operation["responses"]["400"] = refused.clone();
        operation["responses"]["400"]["description"] = json!("The request cannot be read");
        for status in ["400", "401"] {
            let content = &mut operation["responses"][status]["content"];
            content["application/json"] = content["application/problem+json"].clone();
        }
    }
    if NEGOTIATED.contains(&id.as_str()) {
        operation["responses"]["406"] = refused;
        operation["responses"]["406"]["description"] = json!("No form of the answer fits the Accept header");
    }
    if let Some(access) = access.filter(|access| *access != Access::Public) {
        tell_access(operation, access, &mut parameters);
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if !path.starts_with("/health/") && path != "/metrics" {
        tell_limits(&mut operation["responses"]);
    }
}

/// Leaves the answers that such an operation can give: a precondition's where it names one, and those of what a state or
/// a content forbids where it changes something. After wrong guesses one waits (429).
fn narrow_answers(path: &str, method: &str, operation: &mut Value) {
    let changes = method != "get";
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let names: Vec<&str> = parameters.filter_map(|parameter| parameter["name"].as_str()).collect();
    let is_conditional = changes && names.iter().any(|name| ["If-Match", "If-None-Match"].contains(name));
    let id = operation["operationId"].as_str().unwrap_or_default();
    let (judges, refuses, waits) =
        (changes || JUDGING.contains(&id), changes || REFUSING.contains(&id), id == "log_in");
    let is_outside = !path.starts_with("/api/");
    if let Some(answers) = operation["responses"].as_object_mut() {
        answers.retain(|status, _| match status.as_str() {
            status if is_outside => OUTSIDE.contains(&status),
            "409" => refuses,
            // What an import creates, another request may have created meanwhile.
            "412" => is_conditional || path.ends_with("/import"),
            "428" => is_conditional,
            "422" => judges,
            "429" => waits,
            _ => true,
        });
    }
}

/// Tells who may, and how they show who they are.
fn tell_access(operation: &mut Value, access: Access, parameters: &mut Vec<Value>) {
    operation["x-roles"] = json!(access.roles());
    if let Some(scope) = access.scope() {
        operation["x-scope"] = json!(scope);
    }
    operation["description"] =
        json!(format!("{} {}", operation["description"].as_str().unwrap_or_default(), who(access)).trim_start());
    operation["security"] = match access.scope() {
        Some(scope) => json!([{"bearer": []}, {"oauth2": [scope]}]),
        None => json!([{"bearer": []}]),
    };
    parameters.push(json!({
        "name": "locality", "in": "query", "required": false, "schema": {"type": "string", "pattern": "^[a-z0-9-]{2,63}$"},
        "description": "Code of the locality, for city accounts; other accounts have their own",
        "example": "10210"
    }));
}

/// Tells that what a `GET` answers can be sent back by the `PUT` of the same path.
fn tell_read_only(paths: &mut Value) {
    let about =
        "The answer of the `GET` can be sent back: members that only the answer has are taken as they are there.";
    let items = paths.as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for item in items.filter(|item| item["get"].is_object() && item["put"].is_object()) {
        let described = item["put"]["description"].as_str().unwrap_or_default();
        item["put"]["description"] = json!(format!("{described} {about}"));
    }
}

/// Every request counts against the rate limits, so every response has the rate limit headers; they are told where
/// something is refused, and the policy, which stays the same, where they refuse.
fn tell_limits(responses: &mut Value) {
    for (status, response) in <Error as IntoResponses>::responses() {
        if status == "default" && responses[&status].is_null() {
            responses[&status] = serde_json::to_value(response).unwrap_or_default();
        }
    }
    let refusals = responses.as_object_mut().into_iter().flatten().filter(|(status, _)| !status.starts_with('2'));
    for (status, response) in refusals {
        let names: &[&str] = match status.as_str() {
            "429" | "503" | "default" => &["RateLimit", "RateLimit-Policy", "Retry-After"],
            _ => &["RateLimit"],
        };
        for name in names {
            response["headers"][name] = json!({"$ref": format!("#/components/headers/{name}")});
        }
    }
}

/// Headers of many responses.
fn headers() -> Value {
    let header = |about: &str, kind: &str, example: Value| json!({"description": about, "schema": {"type": kind}, "example": example});
    json!({
        "RateLimit": header(
            "In every answer: remaining quota of the address and the account, and the seconds until it is full again (draft-ietf-httpapi-ratelimit-headers)",
            "string", json!("\"address\";r=5999;t=1, \"account\";r=2999;t=1"),
        ),
        "RateLimit-Policy": header(
            "Quota policies: requests per window of seconds", "string", json!("\"address\";q=6000;w=60, \"account\";q=3000;w=60"),
        ),
        "ETag": header("Version of the resource, for If-Match and If-None-Match; of lists and figures weak, and for If-None-Match alone", "string", json!("\"3\"")),
        "Location": header("Path of the resource", "string", json!("/api/v1/units/phong-kinh-te")),
        "Retry-After": header("Seconds to wait", "integer", json!(1)),
    })
}

/// A request header of many operations.
fn header(name: &str, about: &str, example: &str) -> Value {
    json!({"name": name, "in": "header", "required": false, "description": about, "schema": {"type": "string"}, "example": example})
}

/// References to components that [`insert_schemas`] fills in: the plan, whose JSON Schema is a file of its own, and the
/// parts of it that other types name.
macro_rules! described_by_schemars {
    ($($name:ident),+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::default())
            }
        }

        impl ToSchema for $name {}
    )+

        fn describe_all(generator: &mut SchemaGenerator) {
            $(generator.subschema_for::<$name>();)+
        }
    };
}

described_by_schemars!(
    Plan,
    Decimal,
    Indicator,
    Group,
    Award,
    Method,
    IndicatorKind,
    Comparator,
    CriterionKind,
    CandidateKind,
    Blocks,
    Place,
    ShareOf,
    Stage,
    Combine,
    Evidence,
    FieldsJudged,
    TargetEntry,
    PeriodRole
);

/// The problems that say nothing of the operation itself: every other one of them is such an answer too.
const OTHERS: &str = "Any other problem: 400 the request cannot be read, 408 the body arrived too slowly, 413 the body is too large, \
     415 the media type is not supported, 429 too many requests, 503 the service is busy; repeat after Retry-After";

/// Every operation may answer a problem; `/problems` lists the codes.
impl IntoResponses for Error {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        const ANSWERS: [(&str, &str); 9] = [
            ("401", "No valid access token"),
            ("403", "The caller's roles do not permit this"),
            ("404", "The resource does not exist or is outside the caller's scope"),
            ("409", "The state of the resource forbids this"),
            ("412", "The resource has changed"),
            ("422", "The content is invalid; errors lists all findings"),
            ("428", "A precondition is missing"),
            ("429", "Too many wrong guesses, or too many requests"),
            ("default", OTHERS),
        ];
        let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = |about| ResponseBuilder::new().description(about).content("application/problem+json", content());
        ANSWERS.into_iter().map(|(status, about)| (status.into(), response(about).build().into())).collect()
    }
}

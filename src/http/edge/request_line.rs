//! The span of a request. The path shown is the route's pattern: codes of units and people stay out of the logs. The line
//! itself is written with the answer (`respond`).

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    web::Data,
};
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};

use crate::http::{Operations, path_of};

pub struct RequestLine;

impl RootSpanBuilder for RequestLine {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let operations = request.app_data::<Data<Operations>>();
        let route = operations.and_then(|known| known.pattern(path_of(request.request()))).unwrap_or("unmatched");
        tracing::info_span!("request", request_id, method = %request.method(), route)
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, Error>) {}
}

//! Maximum duration of a request, from its head to its response: a stuck request occupies shared resources.

use std::time::Duration;

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::http::Error;

#[derive(Clone, Copy)]
pub struct Deadline(pub Duration);

/// Cancels a request that takes too long; its transaction is rolled back.
pub async fn deadline<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> actix_web::Result<ServiceResponse<B>> {
    let most = req.app_data::<Deadline>().map_or(Duration::from_secs(60), |deadline| deadline.0);
    let answered = tokio::time::timeout(most, next.call(req)).await;
    answered.unwrap_or_else(|_| Err(Error::of("answer_too_slow").with("retry_after", 1).into()))
}

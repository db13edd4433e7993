//! The loader's HTTP client.

use std::sync::Arc;

use anyhow::{Context, bail};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// An account of the sample data. The sample clock jumps, so an expired token is replaced by a new one.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    credentials: Value,
    token: Arc<Mutex<String>>,
}

/// A body with the version it shows.
pub struct Tagged {
    pub body: Value,
    pub etag: String,
}

impl Client {
    pub fn new(url: String) -> Self {
        Self { http: reqwest::Client::new(), url, credentials: Value::Null, token: Arc::default() }
    }

    pub fn of(&self, username: &str, password: &str) -> Self {
        let credentials = json!({"username": username, "password": password});
        Self { credentials, token: Arc::default(), ..self.clone() }
    }

    async fn log_in(&self) -> anyhow::Result<()> {
        let login = self.http.post(format!("{}/api/v1/auth/login", self.url)).json(&self.credentials);
        let body = read(login.send().await?).await.with_context(|| {
            format!("{} cannot log in; demo-accounts.json belongs to another database", self.credentials["username"])
        })?;
        *self.token.lock().await = body["access_token"].as_str().unwrap_or_default().to_owned();
        Ok(())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Response> {
        loop {
            let token = self.token.lock().await.clone();
            let mut request = self.http.request(method.clone(), format!("{}/api/v1{path}", self.url));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            let response = request.bearer_auth(token).send().await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok(response);
            }
            self.log_in().await?;
        }
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        read(self.send(Method::GET, path, None, &[]).await?).await
    }

    pub async fn get_tagged(&self, path: &str) -> anyhow::Result<Tagged> {
        let response = self.send(Method::GET, path, None, &[]).await?;
        let etag = etag(&response);
        Ok(Tagged { body: read(response).await?, etag })
    }

    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        read(self.send(Method::POST, path, Some(body), &[]).await?).await
    }

    /// Creates a resource, or leaves an existing one.
    pub async fn make(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let response = self.send(Method::POST, path, Some(body), &[]).await?;
        if response.status() != 409 {
            read(response).await?;
        }
        Ok(())
    }

    /// Puts a new resource, or leaves an existing one.
    pub async fn put_new(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let response = self.send(Method::PUT, path, Some(body), &[("If-None-Match", "*")]).await?;
        if response.status() != 412 {
            read(response).await?;
        }
        Ok(())
    }

    pub async fn put(&self, path: &str, tag: &str, body: &Value) -> anyhow::Result<Tagged> {
        let response = self.send(Method::PUT, path, Some(body), &[("If-Match", tag)]).await?;
        let etag = etag(&response);
        Ok(Tagged { body: read(response).await?, etag })
    }

    /// Acts on the version seen; answers the next one.
    pub async fn act(&self, path: &str, tag: &str, body: &Value) -> anyhow::Result<Tagged> {
        let response = self.send(Method::POST, path, Some(body), &[("If-Match", tag)]).await?;
        let etag = etag(&response);
        Ok(Tagged { body: read(response).await?, etag })
    }
}

fn etag(response: &Response) -> String {
    response.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned()
}

async fn read(response: Response) -> anyhow::Result<Value> {
    let (status, path) = (response.status(), response.url().path().to_owned());
    let body = response.text().await?;
    if !status.is_success() {
        bail!("{path} answered {status}: {body}");
    }
    Ok(serde_json::from_str(&body)?)
}

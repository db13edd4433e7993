//! The story's voice: requests to the service it is told to.

use anyhow::{Context, bail};
use reqwest::{Method, Response};
use serde_json::{Value, json};

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// A body with the version it shows.
pub struct Tagged {
    pub body: Value,
    pub etag: String,
}

impl Client {
    pub fn new(url: String) -> Self {
        Self { http: reqwest::Client::new(), url, token: None }
    }

    pub async fn log_in(&self, username: &str, password: &str) -> anyhow::Result<Self> {
        let body = json!({"username": username, "password": password});
        let token = read(self.send(Method::POST, "/auth/login", Some(&body), &[]).await?).await.with_context(|| {
            format!("{username} cannot log in: demo-accounts.json belongs to another database; remove it with its data directory")
        })?;
        Ok(Self { token: token["access_token"].as_str().map(str::to_owned), ..self.clone() })
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> anyhow::Result<Response> {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Ok(request.send().await?)
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        read(self.send(Method::GET, path, None, &[]).await?).await
    }

    pub async fn get_tagged(&self, path: &str) -> anyhow::Result<Tagged> {
        let response = self.send(Method::GET, path, None, &[]).await?;
        let etag = etag(&response);
        Ok(Tagged { body: read(response).await?, etag })
    }

    /// What stands at `path`, if anything does.
    pub async fn find(&self, path: &str) -> anyhow::Result<Option<Tagged>> {
        let response = self.send(Method::GET, path, None, &[]).await?;
        if response.status() == 404 {
            return Ok(None);
        }
        let etag = etag(&response);
        Ok(Some(Tagged { body: read(response).await?, etag }))
    }

    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        read(self.send(Method::POST, path, Some(body), &[]).await?).await
    }

    /// Makes a thing, or leaves the one that stands.
    pub async fn make(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let response = self.send(Method::POST, path, Some(body), &[]).await?;
        if response.status() != 409 {
            read(response).await?;
        }
        Ok(())
    }

    /// Puts a new thing, or leaves the one that stands.
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

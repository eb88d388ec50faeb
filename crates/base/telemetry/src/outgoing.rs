//! How telemetry leaves: in the runtime, with the limits and manners of all clients.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::runtime::Handle;

use crate::Error;

/// One sending. Those who measure the program do not keep it waiting.
const LIMIT: Duration = Duration::from_secs(10);

/// Answers are a few bytes; more is not read.
const ANSWER_LIMIT: usize = 64 * 1_024;

#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    client: reqwest::Client,
    runtime: Handle,
}

impl Outgoing {
    /// Inside a runtime.
    pub fn new() -> Result<Outgoing, Error> {
        Ok(Outgoing { client: rampart_egress::client(LIMIT)?, runtime: Handle::current() })
    }

    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// # Errors
    /// When there is no answer; without the address, which may hold a key.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, reqwest::Error> {
        let request = request.try_into()?;
        let mut answer = self.client.execute(request).await.map_err(reqwest::Error::without_url)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                break;
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

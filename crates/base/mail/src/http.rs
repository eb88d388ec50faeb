//! The services that take mail over HTTPS: SES (API v2), SendGrid (v3), Postmark.
//!
//! Each is asked not to follow what readers do: counting clicks replaces links by the service's own, and ours open accounts.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object_store::client::HttpClient;
use rampart_aws::{Aws, AwsSettings};
use rampart_egress::reason;
use rampart_kernel::Secret;
use reqwest::header::HeaderMap;
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::error::{Error, SendError};
use crate::settings::{MailSettings, Sender};
use crate::smtp::compose;
use crate::transport::Outgoing;

/// For a request in all; the job has a minute.
const LIMIT: Duration = Duration::from_secs(30);

/// Characters of an answer that are kept as the reason.
const REASON_LENGTH: usize = 500;

pub(crate) struct Ses {
    from: Sender,
    aws: Aws,
    url: String,
    client: HttpClient,
}

impl Ses {
    pub fn new(settings: &MailSettings, aws: &AwsSettings) -> Result<Ses, Error> {
        let aws = Aws::new(aws).map_err(|error| Error::setting("EMAIL_PROVIDER", error))?;
        let url = match &settings.ses_url {
            Some(url) => url.0.clone(),
            None => format!("https://email.{}.amazonaws.com", aws.region()),
        };
        Ok(Ses { from: settings.from.clone(), aws, url, client: HttpClient::new(client()?) })
    }

    /// As it would go by SMTP: SES signs and passes on what it is given.
    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        let raw = compose(&self.from.0, outgoing)?.formatted();
        let body = json!({
            "FromEmailAddress": self.from.0.to_string(),
            "Destination": { "ToAddresses": [outgoing.to.to_string()] },
            "Content": { "Raw": { "Data": STANDARD.encode(raw) } },
        });
        let url = format!("{}/v2/email/outbound-emails", self.url);
        let mut request = Aws::post(&url, body.to_string()).map_err(|error| SendError::Permanent(error.to_string()))?;
        self.aws.sign("ses", &mut request).map_err(|error| SendError::Permanent(error.to_string()))?;
        let answer = self.client.execute(request).await.map_err(SendError::temporary)?;
        let (parts, body) = answer.into_parts();
        let text = body.bytes().await.unwrap_or_default();
        judge(parts.status, &parts.headers, &String::from_utf8_lossy(&text))
    }
}

pub(crate) struct SendGrid {
    from: Sender,
    key: Secret,
    url: String,
    client: Client,
}

impl SendGrid {
    pub fn new(settings: &MailSettings) -> Result<SendGrid, Error> {
        let key = settings.sendgrid_key.clone();
        let key = key.ok_or_else(|| Error::setting("SENDGRID_API_KEY", "is needed when EMAIL_PROVIDER is sendgrid"))?;
        Ok(SendGrid { from: settings.from.clone(), key, url: settings.sendgrid_url.0.clone(), client: client()? })
    }

    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        let from = &self.from.0;
        let mut sender = json!({ "email": from.email.to_string() });
        if let Some(name) = &from.name {
            sender["name"] = json!(name);
        }
        let off = json!({ "enable": false });
        let body = json!({
            "personalizations": [{ "to": [{ "email": outgoing.to.to_string() }] }],
            "from": sender,
            "subject": outgoing.letter.subject,
            "content": [
                { "type": "text/plain", "value": outgoing.letter.text },
                { "type": "text/html", "value": outgoing.letter.html },
            ],
            "headers": { "Message-ID": outgoing.message_id(from), "Auto-Submitted": "auto-generated" },
            "tracking_settings": {
                "click_tracking": { "enable": false, "enable_text": false },
                "open_tracking": off,
                "subscription_tracking": off,
            },
        });
        let request = self.client.post(format!("{}/v3/mail/send", self.url)).bearer_auth(self.key.expose());
        ask(request.json(&body)).await
    }
}

pub(crate) struct Postmark {
    from: Sender,
    token: Secret,
    stream: String,
    url: String,
    client: Client,
}

impl Postmark {
    pub fn new(settings: &MailSettings) -> Result<Postmark, Error> {
        let token = settings.postmark_token.clone();
        let token =
            token.ok_or_else(|| Error::setting("POSTMARK_TOKEN", "is needed when EMAIL_PROVIDER is postmark"))?;
        let (stream, url) = (settings.postmark_stream.clone(), settings.postmark_url.0.clone());
        Ok(Postmark { from: settings.from.clone(), token, stream, url, client: client()? })
    }

    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        let header = |name: &str, value: &str| json!({ "Name": name, "Value": value });
        let body = json!({
            "From": self.from.0.to_string(),
            "To": outgoing.to.to_string(),
            "Subject": outgoing.letter.subject,
            "TextBody": outgoing.letter.text,
            "HtmlBody": outgoing.letter.html,
            "MessageStream": self.stream,
            "TrackOpens": false,
            "TrackLinks": "None",
            "Headers": [
                header("Message-ID", &outgoing.message_id(&self.from.0)),
                // Otherwise Postmark puts one of its own in its place.
                header("X-PM-KeepID", "true"),
                header("Auto-Submitted", "auto-generated"),
            ],
        });
        let request = self.client.post(format!("{}/email", self.url));
        ask(request.header("X-Postmark-Server-Token", self.token.expose()).json(&body)).await
    }
}

async fn ask(request: reqwest::RequestBuilder) -> Result<(), SendError> {
    // The address is of the configuration and holds no secret, but says nothing either.
    let answer = request.send().await.map_err(|error| SendError::temporary(reason(&error.without_url())))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = answer.text().await.unwrap_or_default();
    judge(status, &headers, &text)
}

/// 429 and 5xx pass, with the pause that was asked for; other refusals are for good.
fn judge(status: StatusCode, headers: &HeaderMap, body: &str) -> Result<(), SendError> {
    if status.is_success() {
        return Ok(());
    }
    let reason: String = body.chars().take(REASON_LENGTH).collect();
    let what = format!("{}: {reason}", status.as_u16());
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::REQUEST_TIMEOUT || status.is_server_error() {
        let after = headers.get(reqwest::header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        Err(SendError::Temporary { what, after: after.map(Duration::from_secs) })
    } else {
        Err(SendError::Permanent(what))
    }
}

fn client() -> Result<Client, Error> {
    rampart_egress::client(LIMIT).map_err(|error| Error::setting("EMAIL_PROVIDER", error))
}

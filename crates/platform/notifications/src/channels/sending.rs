//! One try at telling a channel.

use rampart_egress::{Answer, Ask, Error as EgressError, Guarded, HeaderName};
use rampart_kernel::{Secret, Timestamp};
use ring::hmac;
use serde_json::json;

use super::model::{Config, DeliveryId, Notice};

const EVENT: HeaderName = HeaderName::from_static("x-rampart-event");
const DELIVERY: HeaderName = HeaderName::from_static("x-rampart-delivery");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-rampart-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("x-rampart-signature");

/// What a receiver says is of no interest but for its status.
const ANSWER_LIMIT: usize = 64 * 1024;

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub outcome: Outcome,
    /// What the other side answered, if it did.
    pub status_code: Option<u16>,
    /// Never an address or an answer: either may hold a secret.
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// It may be taken later.
    Later,
    /// It is not taken, however often it is tried.
    Refused,
}

impl Tried {
    pub fn delivered(status_code: Option<u16>) -> Tried {
        Tried { outcome: Outcome::Delivered, status_code, error: None }
    }

    pub fn refused(error: impl ToString) -> Tried {
        Tried { outcome: Outcome::Refused, status_code: None, error: Some(error.to_string()) }
    }
}

/// The signature of a body: HMAC-SHA-256 over the timestamp, a dot, and the bytes as they are sent. Receivers refuse old timestamps, so
/// that what somebody has recorded cannot be sent again later.
pub fn sign(secret: &Secret, timestamp: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let mut signing = hmac::Context::with_key(&key);
    signing.update(timestamp.as_bytes());
    signing.update(b".");
    signing.update(body);
    let digits: String = signing.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

/// Posts a notice to where the configuration leads.
pub async fn post(guarded: &Guarded, config: &Config, id: DeliveryId, notice: &Notice, now: Timestamp) -> Tried {
    let target = match config.target() {
        Some(Ok(target)) => target,
        Some(Err(error)) => return Tried::refused(format!("the address {error}")),
        None => return Tried::refused("it is told by mail"),
    };
    let body = match config.secret() {
        Some(_) => of_webhook(id, notice),
        None => of_slack(notice),
    };
    let timestamp = (now.as_millis() / 1_000).to_string();
    let signature = config.secret().map(|secret| sign(&secret, &timestamp, &body));
    let answer = guarded
        .post(&target, |ask: Ask| {
            let ask = ask.json(body).at_most(ANSWER_LIMIT);
            match signature {
                Some(signature) => ask
                    .header(EVENT, notice.event.as_str())
                    .header(DELIVERY, id.to_string())
                    .header(TIMESTAMP, timestamp)
                    .header(SIGNATURE, signature),
                None => ask,
            }
        })
        .await;
    came_of(answer)
}

fn came_of(answer: Result<Answer, EgressError>) -> Tried {
    match answer {
        Ok(answer) => {
            let status_code = Some(answer.status);
            let outcome = match answer.status {
                200..300 => return Tried::delivered(status_code),
                408 | 425 | 429 | 500.. => Outcome::Later,
                _ => Outcome::Refused,
            };
            let error = match answer.status {
                300..400 => "the address leads elsewhere, which is not followed".to_owned(),
                status => format!("answered {status}"),
            };
            Tried { outcome, status_code, error: Some(error) }
        }
        Err(error @ EgressError::Forbidden(_)) => Tried::refused(error),
        // An answer that is too long is one.
        Err(EgressError::TooLarge(_)) => Tried::delivered(None),
        Err(EgressError::TimedOut) => later("no answer in time"),
        Err(EgressError::Unreachable(_) | EgressError::Client(_)) => later("cannot be reached"),
    }
}

fn later(error: &str) -> Tried {
    Tried { outcome: Outcome::Later, status_code: None, error: Some(error.to_owned()) }
}

fn of_webhook(id: DeliveryId, notice: &Notice) -> Vec<u8> {
    let mut body = json!(notice);
    body["id"] = id.to_string().into();
    body.to_string().into_bytes()
}

fn of_slack(notice: &Notice) -> Vec<u8> {
    let mut text = format!("*{}*", plain(&notice.title));
    if !notice.body.is_empty() {
        text += &format!("\n{}", plain(&notice.body));
    }
    if let Some(url) = &notice.url {
        text += &format!("\n<{url}|Open in Rampart>");
    }
    json!({ "text": text }).to_string().into_bytes()
}

/// What Slack gives a meaning has none here: <https://docs.slack.dev/messaging/formatting-message-text#escaping>.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_over_the_time_and_the_bytes() {
        let secret = Secret::new("a secret of this test");
        let signed = sign(&secret, "1767258000", b"{\"a\":1}");
        // printf '1767258000.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of this test'
        assert_eq!(signed, "sha256=b54bcf0fe8fd9cb98cc7877155c186f2b2b4132ece62636e771d6ae054b6e682");
        assert_ne!(signed, sign(&secret, "1767258001", b"{\"a\":1}"));
        assert_ne!(signed, sign(&secret, "1767258000", b"{\"a\":2}"));
    }

    #[test]
    fn texts_do_not_mention_everybody() {
        assert_eq!(
            plain("<!channel> & <https://evil.example|ok>"),
            "&lt;!channel&gt; &amp; &lt;https://evil.example|ok&gt;"
        );
    }

    #[test]
    fn answers_say_whether_to_try_again() {
        let of = |status: u16| {
            came_of(Ok(Answer { status, headers: rampart_egress::HeaderMap::new(), body: Vec::new() })).outcome
        };
        assert_eq!(
            (of(204), of(302), of(410), of(429), of(503)),
            (Outcome::Delivered, Outcome::Refused, Outcome::Refused, Outcome::Later, Outcome::Later)
        );
    }
}

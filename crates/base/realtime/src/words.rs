//! What is said on `/ws`: the frames of clients, read strictly, and those of the server that are no events.

use axum::extract::ws::Utf8Bytes;
use rampart_kernel::Secret;
use rampart_store::EventId;
use rampart_web::ApiError;
use serde::Deserialize;
use serde_json::json;

/// Channels that one socket may be subscribed to.
pub(crate) const MOST_CHANNELS: usize = 200;

/// Notifications that one frame may acknowledge: a page of them.
pub(crate) const MOST_ACKNOWLEDGED: usize = 100;

/// `repository:<uuid>`, `events:vulnerability:*` and the like are shorter.
const LONGEST_CHANNEL: usize = 100;

/// What a client may say.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Word {
    Auth {
        token: Secret,
    },
    #[serde(rename_all = "camelCase")]
    Subscribe {
        channels: Vec<Channel>,
        last_event_id: Option<EventId>,
    },
    Unsubscribe {
        channels: Vec<Channel>,
    },
    /// Notifications that were seen; on their own socket only.
    Ack {
        ids: Vec<String>,
    },
    Ping {},
}

/// What can be subscribed to, by its form alone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Channel {
    pub kind: String,
    pub rest: String,
}

impl Channel {
    pub fn name(&self) -> String {
        format!("{}:{}", self.kind, self.rest)
    }
}

impl TryFrom<String> for Channel {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Channel, &'static str> {
        const WRONG: &str = "a channel is <kind>:<id> or events:<name>:*";
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'*');
        let (kind, rest) = text.split_once(':').ok_or(WRONG)?;
        let fits = text.len() <= LONGEST_CHANNEL && !kind.is_empty() && !rest.is_empty() && text.bytes().all(plain);
        if fits { Ok(Channel { kind: kind.to_owned(), rest: rest.to_owned() }) } else { Err(WRONG) }
    }
}

impl Word {
    /// # Errors
    /// When it is none. The text is not quoted: it may hold a token.
    pub fn parse(text: &str) -> Result<Word, ApiError> {
        serde_json::from_str(text).map_err(|_| {
            let message =
                r#"say {"action":"auth","token":…}, {"action":"subscribe","channels":[…]}, "unsubscribe" or "ping""#;
            invalid(message)
        })
    }
}

pub(crate) fn invalid(message: &str) -> ApiError {
    ApiError::new(axum::http::StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message)
}

pub(crate) fn pong() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"event":"pong"}"#)
}

pub(crate) fn acknowledged() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"event":"acknowledged"}"#)
}

/// The channels that are subscribed to now.
pub(crate) fn subscribed(channels: &[String]) -> Utf8Bytes {
    json!({ "event": "subscribed", "data": { "channels": channels } }).to_string().into()
}

/// That somebody is let in, and hears what happens from now on.
pub(crate) fn ready() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"event":"ready"}"#)
}

/// That more was missed than is told again: load anew.
pub(crate) fn reset() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"event":"reset"}"#)
}

pub(crate) fn error(error: &ApiError) -> Utf8Bytes {
    json!({ "event": "error", "data": error.body() }).to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_strictly() {
        assert!(matches!(Word::parse(r#"{"action":"ping"}"#), Ok(Word::Ping {})));
        let word = Word::parse(r#"{"action":"subscribe","channels":["events:scan:*"]}"#);
        assert!(matches!(word, Ok(Word::Subscribe { last_event_id: None, .. })));
        for bad in [
            "",
            "[]",
            r#"{"action":"dance"}"#,
            r#"{"action":"ping","more":1}"#,
            r#"{"action":"subscribe","channels":["events"]}"#,
            r#"{"action":"subscribe","channels":["a:b\n"]}"#,
            r#"{"action":"auth","token":"s3cr3t","more":1}"#,
        ] {
            let error = Word::parse(bad).err().unwrap();
            assert_eq!(error.code(), "VALIDATION_ERROR", "{bad}");
            assert!(!format!("{error:?}").contains("s3cr3t"));
        }
    }
}

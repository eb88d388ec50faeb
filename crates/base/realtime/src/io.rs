//! `/socket.io/`: Socket.IO 5 over Engine.IO 4, by polling or WebSocket.
//!
//! The protocol is the library's; who comes in, what they hear and when they go is decided as for every other socket. Events carry
//! the bare data, as those clients expect, and beside it what the envelope of the others holds: `(data, { id, timestamp })`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::Request as HttpRequest;
use axum::response::{IntoResponse, Response};
use rampart_kernel::{Secret, WorkspaceId};
use rampart_store::EventId;
use rampart_web::{ApiError, Credentials, Request};
use serde::Deserialize;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, Event, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::service::SocketIoService;
use socketioxide::{SendError, SocketError, SocketIo};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::door::Wishes;
use crate::realtime::Inner;
use crate::session::{Knock, Leave, Session, Turn};
use crate::told::Told;
use crate::words::{self, Channel};

/// Packets that wait within the library, behind the queue of the session.
const MOST_PACKETS: usize = 32;

/// What a client says, in one frame or in one request.
const LONGEST_WORD: usize = 64 * 1024;

/// The library's own buffer begins with what a socket needs.
const READ_BUFFER: usize = 4 * 1024;

/// Words that wait to be answered. Who says more at once than that does not wait for answers.
const MOST_WORDS: usize = 16;

/// Between two looks whether the client has taken what it was told; the library does not say when.
const FULL_PAUSE: Duration = Duration::from_millis(10);

/// The server of this protocol. Clones are the same.
#[derive(Clone)]
pub(crate) struct Io {
    inner: Arc<Inner>,
    service: SocketIoService<Router>,
}

/// What a client may say when it connects.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Introduction {
    token: Option<Secret>,
    workspace: Option<WorkspaceId>,
    last_event_id: Option<EventId>,
}

/// Who begins, and the last event that they know.
type Beginning = (Session, Option<EventId>);

/// From the check of who somebody is to the task that serves them.
#[derive(Clone)]
struct Handover(Arc<Mutex<Option<Beginning>>>);

/// Why somebody may not connect; what the client finds as the message.
struct Refusal(ApiError);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code())
    }
}

/// What a client says.
struct Said {
    event: String,
    data: Value,
    ack: AckSender,
}

pub(crate) async fn serve(State(io): State<Io>, seen: Extension<Request>, request: HttpRequest<Body>) -> Response {
    let mut request = request;
    let query = request.uri().query().unwrap_or_default();
    // What belongs to a session that was counted is not counted again.
    if !query.split('&').any(|pair| pair.starts_with("sid=")) {
        match io.inner.door.knock(&seen).await {
            // Held by the library for as long as the connection lasts.
            Ok(pass) => request.extensions_mut().insert(Arc::new(pass)),
            Err(error) => return error.into_response(),
        };
    }
    match io.service.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

impl Io {
    pub fn new(inner: &Arc<Inner>) -> Io {
        let pace = inner.pace;
        let (service, io) = SocketIo::builder()
            .req_path("/socket.io")
            .ping_interval(pace.ping)
            .ping_timeout(pace.silence.saturating_sub(pace.ping))
            .connect_timeout(pace.introduction)
            .max_buffer_size(MOST_PACKETS)
            .max_payload(LONGEST_WORD as u64)
            .ws_max_message_size(LONGEST_WORD)
            .ws_max_frame_size(LONGEST_WORD)
            .ws_read_buffer_size(READ_BUFFER)
            // Behind it is nothing.
            .build_with_inner_svc(Router::new());
        let (door, room) = (inner.clone(), inner.clone());
        let introduce = async move |socket: SocketRef, TryData(said): TryData<Introduction>| {
            // Nothing said is an introduction too: by header or by cookie.
            admit(&door, &socket, said.unwrap_or_default()).await.map_err(Refusal)
        };
        let connected = async move |socket: SocketRef| {
            let handover = socket.extensions.remove::<Handover>();
            let session =
                handover.and_then(|handover| handover.0.lock().unwrap_or_else(PoisonError::into_inner).take());
            if let Some((session, last)) = session {
                stay(&room, &socket, session, last).await;
            }
            // While nothing more fits into its buffer it cannot be told to go either; if that lasts, the next ping finds it dead.
            while socket.connected() && socket.clone().disconnect().is_err() {
                tokio::time::sleep(FULL_PAUSE).await;
            }
        };
        io.ns("/", connected.with(introduce));
        let stop = inner.stop.clone();
        tokio::spawn(async move {
            stop.cancelled().await;
            io.close().await;
        });
        Io { inner: inner.clone(), service }
    }
}

async fn admit(inner: &Arc<Inner>, socket: &SocketRef, said: Introduction) -> Result<(), ApiError> {
    let parts = socket.req_parts();
    let unknown = || ApiError::from(rampart_access::Error::Unauthenticated);
    let seen = parts.extensions.get::<Request>().cloned().ok_or_else(unknown)?;
    let shown = match said.token {
        Some(token) => Credentials::Bearer(token),
        None => inner.door.shown(&parts.headers, &mut Wishes::default())?.ok_or_else(unknown)?,
    };
    let knock = Knock { seen, shown, workspace: said.workspace };
    let session = match Session::begin(inner, knock).await {
        Ok(session) => session,
        Err(Leave::Refused(error)) => return Err(error),
        Err(Leave::GoingAway | Leave::Slow) => return Err(unknown()),
    };
    socket.extensions.insert(Handover(Arc::new(Mutex::new(Some((session, said.last_event_id))))));
    Ok(())
}

/// Until one of both leaves.
async fn stay(inner: &Arc<Inner>, socket: &SocketRef, session: Session, last: Option<EventId>) {
    let (sender, words) = mpsc::channel(MOST_WORDS);
    let gone = CancellationToken::new();
    let left = gone.clone();
    socket.on_disconnect(async move || left.cancel());
    let flooded = gone.clone();
    socket.on_fallback(async move |Event(event): Event, TryData(data): TryData<Value>, ack: AckSender| {
        let said = Said { event, data: data.unwrap_or(Value::Null), ack };
        if sender.try_send(said).is_err() {
            flooded.cancel();
        }
    });
    let out = Out { inner: inner.clone(), socket: socket.clone(), slow: session.slow() };
    let end = tokio::select! {
        () = gone.cancelled() => return,
        end = converse(session, last, &out, words) => end,
    };
    if let Err(Leave::Refused(error)) = end {
        let _ = out.socket.emit("error", &error.body());
    }
}

async fn converse(
    mut session: Session,
    last: Option<EventId>,
    out: &Out,
    mut words: mpsc::Receiver<Said>,
) -> Result<(), Leave> {
    out.say("ready", &json!({})).await?;
    if let Some(last) = last {
        tell_missed(&mut session, last, out).await?;
    }
    loop {
        tokio::select! {
            biased;
            turn = session.turn() => match turn? {
                Turn::Tell(told) => out.tell(&told).await?,
                Turn::Missed => out.say("reset", &json!({})).await?,
            },
            said = words.recv() => {
                let Some(Said { event, data, ack }) = said else { return Ok(()) };
                let answer = answer(&mut session, &event, data).await?;
                let _ = ack.send(&answer.unwrap_or_else(|error| error.body()));
            }
        }
    }
}

/// `subscribe` and `unsubscribe` take channels; `<kind>:subscribe` and `<kind>:unsubscribe` the id of one room.
async fn answer(session: &mut Session, event: &str, data: Value) -> Result<Result<Value, ApiError>, Leave> {
    let (kind, word) = event.split_once(':').map_or((None, event), |(kind, word)| (Some(kind), word));
    let channels = |data: Value| -> Result<Vec<Channel>, ApiError> {
        let names = match (kind, data) {
            (Some(kind), Value::String(id)) => json!([format!("{kind}:{id}")]),
            (None, channels) => channels,
            (Some(_), _) => return Err(words::invalid("say which, by its id")),
        };
        serde_json::from_value(names).map_err(|_| words::invalid("channels are <kind>:<id> or events:<name>:*"))
    };
    let listed = |channels: Vec<String>| json!({ "channels": channels });
    Ok(match (word, kind) {
        ("auth", None) => {
            let token = data.as_str().unwrap_or_default();
            session.show(Credentials::Bearer(Secret::new(token))).await?;
            Ok(json!({}))
        }
        ("subscribe", _) => match channels(data) {
            Ok(channels) => session.subscribe(&channels).await?.map(listed),
            Err(error) => Err(error),
        },
        ("unsubscribe", _) => channels(data).map(|channels| listed(session.unsubscribe(&channels))),
        _ => Err(words::invalid("there is no such word")),
    })
}

async fn tell_missed(session: &mut Session, last: EventId, out: &Out) -> Result<(), Leave> {
    let (missed, complete) = session.missed(last).await?;
    for told in &missed {
        out.tell(told).await?;
    }
    if complete { Ok(()) } else { out.say("reset", &json!({})).await }
}

/// What the client is told.
struct Out {
    inner: Arc<Inner>,
    socket: SocketRef,
    slow: CancellationToken,
}

impl Out {
    async fn tell(&self, told: &Told) -> Result<(), Leave> {
        self.emit(&told.name, &(&told.data, &json!({ "id": told.id, "timestamp": told.at }))).await
    }

    async fn say(&self, event: &str, data: &Value) -> Result<(), Leave> {
        self.emit(event, data).await
    }

    /// # Errors
    /// When the client does not take it. A connection that is gone is seen by whoever waits for that.
    async fn emit<T: serde::Serialize + ?Sized>(&self, event: &str, data: &T) -> Result<(), Leave> {
        let until = Instant::now() + self.inner.pace.write;
        loop {
            match self.socket.emit(event, data) {
                Err(SendError::Socket(SocketError::InternalChannelFull)) if Instant::now() < until => {}
                Err(SendError::Socket(SocketError::InternalChannelFull)) => return Err(Leave::Slow),
                Ok(()) | Err(_) => return Ok(()),
            }
            tokio::select! {
                () = self.slow.cancelled() => return Err(Leave::Slow),
                () = self.inner.stop.cancelled() => return Err(Leave::GoingAway),
                () = tokio::time::sleep(FULL_PAUSE) => {}
            }
        }
    }
}

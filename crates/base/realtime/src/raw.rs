//! `/ws` and `/ws/notifications`: WebSocket with JSON in text frames.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use rampart_kernel::WorkspaceId;
use rampart_store::EventId;
use rampart_web::{ApiError, Credentials, Request};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::door::{BEARER_PROTOCOL, Pass, Wishes};
use crate::realtime::Inner;
use crate::session::{Knock, Leave, Session, Turn};
use crate::told::Told;
use crate::words::{self, MOST_ACKNOWLEDGED, Word};

/// What a client says fits in a few hundred bytes; what it says in fragments is one message.
const LONGEST_WORD: usize = 64 * 1024;

/// Buffers grow to what is sent; the library's own begin at 128 KiB each, which is ten times what a socket needs.
const READ_BUFFER: usize = 4 * 1024;
const WRITE_BUFFER: usize = 8 * 1024;

/// Words that a client may say in one window, in which it may make the server look into the database.
const MOST_WORDS: u32 = 100;
const WORDS_WINDOW: std::time::Duration = std::time::Duration::from_secs(10);

/// Which of what somebody may hear a socket is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Events,
    Notifications,
}

pub(crate) async fn events(
    state: State<Arc<Inner>>,
    seen: Extension<Request>,
    headers: HeaderMap,
    wishes: Query<Wishes>,
    upgrade: WebSocketUpgrade,
) -> Response {
    open(Kind::Events, state.0, seen.0, headers, wishes.0, upgrade).await
}

pub(crate) async fn notifications(
    state: State<Arc<Inner>>,
    seen: Extension<Request>,
    headers: HeaderMap,
    wishes: Query<Wishes>,
    upgrade: WebSocketUpgrade,
) -> Response {
    open(Kind::Notifications, state.0, seen.0, headers, wishes.0, upgrade).await
}

async fn open(
    kind: Kind,
    inner: Arc<Inner>,
    seen: Request,
    headers: HeaderMap,
    mut wishes: Wishes,
    upgrade: WebSocketUpgrade,
) -> Response {
    let pass = match inner.door.knock(&seen).await {
        Ok(pass) => pass,
        Err(error) => return error.into_response(),
    };
    let shown = match inner.door.shown(&headers, &mut wishes) {
        Ok(shown) => shown,
        Err(error) => return error.into_response(),
    };
    let upgrade = upgrade
        .protocols([BEARER_PROTOCOL])
        .max_message_size(LONGEST_WORD)
        .max_frame_size(LONGEST_WORD)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER);
    upgrade.on_upgrade(move |socket| async move {
        let (sink, stream) = socket.split();
        let out = Out { sink, inner: inner.clone(), slow: CancellationToken::new() };
        let visitor =
            Visitor { kind, inner, seen, workspace: wishes.workspace, last: wishes.last_event_id, _pass: pass };
        visitor.stay(shown, out, In::new(stream)).await;
    })
}

/// Somebody at the other end, from opening to closing.
struct Visitor {
    kind: Kind,
    inner: Arc<Inner>,
    seen: Request,
    workspace: Option<WorkspaceId>,
    last: Option<EventId>,
    _pass: Pass,
}

impl Visitor {
    async fn stay(self, shown: Option<Credentials>, mut out: Out, mut words: In) {
        if let Err(leave) = self.converse(shown, &mut out, &mut words).await {
            out.close(&leave).await;
        }
    }

    /// Until the client leaves.
    async fn converse(&self, shown: Option<Credentials>, out: &mut Out, words: &mut In) -> Result<(), Leave> {
        let shown = match shown {
            Some(shown) => shown,
            None => match self.introduction(words).await? {
                Some(shown) => shown,
                None => return Ok(()),
            },
        };
        let knock = Knock { seen: self.seen.clone(), shown, workspace: self.workspace };
        let mut session = Session::begin(&self.inner, knock).await?;
        out.slow = session.slow();
        out.say(words::ready()).await?;
        if let Some(last) = self.last {
            self.tell_missed(&mut session, last, out).await?;
        }
        let pace = self.inner.pace;
        let mut ping_at = Instant::now() + pace.ping;
        loop {
            tokio::select! {
                biased;
                turn = session.turn() => match turn? {
                    Turn::Tell(told) if self.is_for(&told) => out.say(told.text.clone()).await?,
                    Turn::Tell(_) => {}
                    Turn::Missed => out.say(words::reset()).await?,
                },
                () = tokio::time::sleep_until(ping_at) => {
                    if words.heard_at.elapsed() >= pace.silence {
                        return Ok(());
                    }
                    ping_at = Instant::now() + pace.ping.min(pace.silence);
                    out.send(Message::Ping(Default::default())).await?;
                }
                word = words.next() => {
                    let Some(word) = word? else { return Ok(()) };
                    match word {
                        Ok(word) => self.answer(&mut session, word, out).await?,
                        Err(error) => out.say(words::error(&error)).await?,
                    }
                }
            }
        }
    }

    /// The first word of who showed nothing before; nothing when they left without one.
    async fn introduction(&self, words: &mut In) -> Result<Option<Credentials>, Leave> {
        let unknown = || Leave::Refused(rampart_access::Error::Unauthenticated.into());
        let word = tokio::select! {
            () = self.inner.stop.cancelled() => return Err(Leave::GoingAway),
            word = tokio::time::timeout(self.inner.pace.introduction, words.next()) => word.map_err(|_| unknown())??,
        };
        match word {
            None => Ok(None),
            Some(Ok(Word::Auth { token })) => Ok(Some(Credentials::Bearer(token))),
            Some(_) => Err(unknown()),
        }
    }

    async fn answer(&self, session: &mut Session, word: Word, out: &mut Out) -> Result<(), Leave> {
        let said = match word {
            Word::Ping {} => Ok(words::pong()),
            Word::Auth { token } => {
                session.show(Credentials::Bearer(token)).await?;
                Ok(words::ready())
            }
            Word::Subscribe { channels, last_event_id } if self.kind == Kind::Events => {
                let subscribed = session.subscribe(&channels).await?;
                if let (Ok(_), Some(last)) = (&subscribed, last_event_id) {
                    self.tell_missed(session, last, out).await?;
                }
                subscribed.map(|channels| words::subscribed(&channels))
            }
            Word::Unsubscribe { channels } if self.kind == Kind::Events => {
                Ok(words::subscribed(&session.unsubscribe(&channels)))
            }
            Word::Ack { ids } if self.kind == Kind::Notifications => {
                session.check().await?;
                self.acknowledge(session, ids).await.map(|()| words::acknowledged())
            }
            _ => Err(words::invalid("this is not said here")),
        };
        out.say(said.unwrap_or_else(|error| words::error(&error))).await
    }

    async fn acknowledge(&self, session: &Session, ids: Vec<String>) -> Result<(), ApiError> {
        if ids.len() > MOST_ACKNOWLEDGED {
            return Err(words::invalid("these are too many ids"));
        }
        let note = self.inner.feed.acknowledge().ok_or_else(ApiError::not_found)?;
        note(session.ctx().clone(), ids).await
    }

    async fn tell_missed(&self, session: &mut Session, last: EventId, out: &mut Out) -> Result<(), Leave> {
        let (missed, complete) = session.missed(last).await?;
        for told in missed.iter().filter(|told| self.is_for(told)) {
            out.say(told.text.clone()).await?;
        }
        if complete { Ok(()) } else { out.say(words::reset()).await }
    }

    fn is_for(&self, told: &Told) -> bool {
        self.kind == Kind::Events || told.name.starts_with("notification:")
    }
}

/// What the client says.
struct In {
    stream: SplitStream<WebSocket>,
    /// When it last gave a sign of life.
    heard_at: Instant,
    window: Instant,
    count: u32,
}

impl In {
    fn new(stream: SplitStream<WebSocket>) -> In {
        In { stream, heard_at: Instant::now(), window: Instant::now(), count: 0 }
    }

    /// The next word, or what is wrong with it; nothing when the client has left. May be dropped at any time without loss.
    async fn next(&mut self) -> Result<Option<Result<Word, ApiError>>, Leave> {
        loop {
            let Some(Ok(message)) = self.stream.next().await else { return Ok(None) };
            self.heard_at = Instant::now();
            self.count_one()?;
            match message {
                Message::Text(text) => return Ok(Some(Word::parse(&text))),
                Message::Binary(_) => return Ok(Some(Err(words::invalid("say it in a text frame")))),
                Message::Close(_) => return Ok(None),
                // The library answers pings.
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    }

    fn count_one(&mut self) -> Result<(), Leave> {
        if self.window.elapsed() > WORDS_WINDOW {
            (self.window, self.count) = (Instant::now(), 0);
        }
        self.count += 1;
        if self.count <= MOST_WORDS {
            return Ok(());
        }
        let message = "you say too much";
        Err(Leave::Refused(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message)))
    }
}

/// What the client is told.
struct Out {
    sink: SplitSink<WebSocket, Message>,
    inner: Arc<Inner>,
    slow: CancellationToken,
}

impl Out {
    async fn say(&mut self, text: Utf8Bytes) -> Result<(), Leave> {
        self.send(Message::Text(text)).await
    }

    /// # Errors
    /// When the client does not take it. A connection that is gone is seen by whoever listens to it.
    async fn send(&mut self, message: Message) -> Result<(), Leave> {
        tokio::select! {
            biased;
            _ = self.sink.send(message) => Ok(()),
            () = self.slow.cancelled() => Err(Leave::Slow),
            () = self.inner.stop.cancelled() => Err(Leave::GoingAway),
            () = tokio::time::sleep(self.inner.pace.write) => Err(Leave::Slow),
        }
    }

    /// Says why, as far as it is still listened to.
    async fn close(mut self, leave: &Leave) {
        let (code, reason) = close_code(leave);
        let farewell = async {
            if let Leave::Refused(error) = leave {
                let _ = self.sink.feed(Message::Text(words::error(error))).await;
            }
            let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
            let _ = self.sink.send(Message::Close(Some(frame))).await;
        };
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
    }
}

/// For the last words; who has not read before does not read them either.
const FAREWELL: std::time::Duration = std::time::Duration::from_millis(500);

fn close_code(leave: &Leave) -> (u16, &'static str) {
    match leave {
        // RFC 6455 §7.4.1
        Leave::GoingAway => (1001, "going away"),
        Leave::Slow => (4408, "too slow"),
        Leave::Refused(error) => match error.status() {
            StatusCode::UNAUTHORIZED => (4401, "sign in again"),
            StatusCode::TOO_MANY_REQUESTS => (4429, "too much"),
            status if status.is_server_error() => (1013, "try again later"),
            _ => (4403, "not allowed any more"),
        },
    }
}

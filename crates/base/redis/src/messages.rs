//! Messages to all processes that listen. Who is away, or was when Redis was, misses them.

use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use redis::aio::{PubSubSink, PubSubStream};
use tokio::time::Instant;

use crate::{ANSWER_LIMIT, Down, PAUSE, Redis};

/// How often the other side is asked whether it is there: a connection alone does not tell.
const PING_INTERVAL: Duration = Duration::from_secs(1);

/// What a listener heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Message(String),
    /// From now on messages are heard; what was said before may be lost.
    Connected,
    /// From now on nothing is heard.
    Lost,
}

/// Listens to one channel, for ever.
pub struct Messages {
    redis: Redis,
    channel: &'static str,
    line: Option<(PubSubSink, Pin<Box<PubSubStream>>)>,
    ping_at: Instant,
}

impl Redis {
    /// Says it to all who listen.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn publish(&self, channel: &str, message: &str) -> Result<(), Down> {
        let mut command = redis::cmd("PUBLISH");
        command.arg(channel).arg(message);
        self.ask(async |mut connection| command.query_async::<()>(&mut connection).await).await
    }

    pub fn listen(&self, channel: &'static str) -> Messages {
        Messages { redis: self.clone(), channel, line: None, ping_at: Instant::now() }
    }

    async fn subscribe(&self, channel: &str) -> Result<(PubSubSink, Pin<Box<PubSubStream>>), Down> {
        let subscribe = async {
            let (mut sink, stream) = self.0.client.get_async_pubsub().await?.split();
            sink.subscribe(channel).await?;
            Ok::<_, redis::RedisError>((sink, Box::pin(stream)))
        };
        tokio::time::timeout(ANSWER_LIMIT, subscribe).await.map_err(|_| Down)?.map_err(|_| Down)
    }
}

impl Messages {
    /// The next message, or a change of the connection. May be dropped at any time; what is then lost is a ping.
    pub async fn next(&mut self) -> Heard {
        loop {
            let Some((sink, stream)) = &mut self.line else {
                tokio::time::sleep_until(self.ping_at).await;
                self.ping_at = Instant::now() + PAUSE;
                if let Ok(line) = self.redis.subscribe(self.channel).await {
                    self.line = Some(line);
                    self.ping_at = Instant::now() + PING_INTERVAL;
                    return Heard::Connected;
                }
                continue;
            };
            let alive = tokio::select! {
                message = next(stream) => match message {
                    Some(text) => return Heard::Message(text),
                    None => false,
                },
                () = tokio::time::sleep_until(self.ping_at) => {
                    let answer = tokio::time::timeout(ANSWER_LIMIT, sink.ping::<()>()).await;
                    self.ping_at = Instant::now() + PING_INTERVAL;
                    matches!(answer, Ok(Ok(())))
                }
            };
            if !alive {
                self.line = None;
                self.ping_at = Instant::now();
                return Heard::Lost;
            }
        }
    }
}

async fn next(stream: &mut (impl Stream<Item = redis::Msg> + Unpin)) -> Option<String> {
    // What is no text was not said by a process of ours.
    let message = stream.next().await?;
    Some(message.get_payload().unwrap_or_default())
}

//! A server with sockets on a port of this machine, and people whose parts the tests change.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rampart_access::{Actor, Membership, PlatformRole, WorkspaceRole};
use rampart_events::{Bus, Relay, Subscriptions};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{UserId, WorkspaceId};
use rampart_realtime::{Feed, Pace, Parts, Realtime};
use rampart_store::Event;
use rampart_testkit::TestStore;
use rampart_web::{ApiError, App, Authenticator, Credentials, Kit, Limiter, Request, WebSettings, serve};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket};
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Response};
use tokio_util::sync::CancellationToken;

/// Nothing here takes long; what never comes must not hold the tests up for ever.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const ORIGIN: &str = "http://localhost:8000";

rampart_access::permissions! {
    Manage = "test.manage": Admin, Admin;
}

macro_rules! events {
    ($($type:ident = $name:literal { $($field:ident: $of:ty),* })+) => {$(
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $type { $(pub $field: $of),* }
        impl Event for $type { const NAME: &'static str = $name; }
    )+};
}

events! {
    ScanCompleted = "scan.completed" { scan_id: String, tag: u64 }
    BillingChanged = "billing.changed" { tag: u64 }
    NotificationCreated = "notification.created" { user_id: UserId, tag: u64 }
    BackupFailed = "backup.failed" { error: String }
    MemberRemoved = "member.removed" { user_id: UserId }
    Untold = "untold.happened" { tag: u64 }
    Padded = "padded.happened" { tag: u64, padding: String }
}

/// What tokens and cookies stand for.
#[derive(Clone, Default)]
pub struct People(Arc<Mutex<HashMap<String, Person>>>);

#[derive(Clone)]
struct Person {
    id: UserId,
    platform: PlatformRole,
    parts: Vec<Membership>,
}

impl Authenticator for People {
    fn authenticate<'a>(
        &'a self,
        request: &'a Request,
        credentials: &'a Credentials,
        workspace: Option<WorkspaceId>,
    ) -> Pin<Box<dyn Future<Output = Result<Actor, ApiError>> + Send + 'a>> {
        let (Credentials::Bearer(shown) | Credentials::Cookie(shown)) = credentials;
        let found = self.0.lock().unwrap().get(shown.expose()).cloned();
        let actor = found.map(|person| {
            let part = match workspace {
                Some(workspace) => person.parts.iter().find(|part| part.workspace == workspace),
                None => person.parts.first(),
            };
            let session = request.origin.new_id();
            Actor::User {
                id: person.id,
                role: person.platform,
                session,
                membership: part.copied().ok_or(rampart_access::Error::NotFound),
            }
        });
        Box::pin(async move { actor.ok_or_else(|| rampart_access::Error::Unauthenticated.into()) })
    }
}

pub struct Hall {
    pub test: TestStore,
    pub people: People,
    pub address: SocketAddr,
    pub acknowledged: Arc<Mutex<Vec<String>>>,
    pub stop: CancellationToken,
    relay: Relay,
}

impl Hall {
    pub async fn open(test: TestStore) -> Hall {
        Hall::with(test, Pace::default(), &[]).await
    }

    pub async fn with(test: TestStore, pace: Pace, variables: &[(&str, &str)]) -> Hall {
        let usual = [("RATE_LIMIT_WSCONN", "unlimited")];
        let mut loader = Loader::new(Sources::of_variables(usual.into_iter().chain(variables.iter().copied())));
        let (web, settings): (WebSettings, _) = (loader.group().unwrap(), loader.group().unwrap());
        let limiter = Limiter::new(loader.group().unwrap());
        let (bus, stop, people) = (Bus::new(), CancellationToken::new(), People::default());
        let acknowledged: Arc<Mutex<Vec<String>>> = Arc::default();
        let realtime = Realtime::start(Parts {
            settings,
            web: web.clone(),
            pace,
            store: test.store.clone(),
            bus: bus.clone(),
            authenticator: Arc::new(people.clone()),
            limiter: limiter.clone(),
            feed: feed(acknowledged.clone()),
            stop: stop.clone(),
        });
        let kit = Kit {
            settings: web,
            store: test.store.clone(),
            origin: test.origin.clone(),
            authenticator: Arc::new(people.clone()),
            limiter,
            metrics: None,
        };
        let router = App::new(realtime.routes()).into_router(kit);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, router, stop.clone()));
        let relay = Relay::new(test.store.clone(), Subscriptions::new(), bus);
        Hall { test, people, address, acknowledged, stop, relay }
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.test.origin.new_id()
    }

    /// Somebody whose token and cookie are their name.
    pub fn person(&self, name: &str, parts: &[(WorkspaceId, WorkspaceRole)]) -> UserId {
        self.person_with(name, PlatformRole::User, parts)
    }

    pub fn person_with(&self, name: &str, platform: PlatformRole, parts: &[(WorkspaceId, WorkspaceRole)]) -> UserId {
        let id = self.test.origin.new_id();
        let parts = parts.iter().map(|(workspace, role)| Membership { workspace: *workspace, role: *role }).collect();
        self.people.0.lock().unwrap().insert(name.to_owned(), Person { id, platform, parts });
        id
    }

    pub fn change(&self, name: &str, parts: &[(WorkspaceId, WorkspaceRole)]) {
        let parts = parts.iter().map(|(workspace, role)| Membership { workspace: *workspace, role: *role }).collect();
        self.people.0.lock().unwrap().get_mut(name).unwrap().parts = parts;
    }

    pub fn shut_out(&self, name: &str) {
        self.people.0.lock().unwrap().remove(name);
    }

    /// Something happens, and is told.
    pub async fn happen<E: Event>(&self, workspace: WorkspaceId, event: &E) {
        let origin = self.test.origin.clone().in_workspace(Some(workspace));
        let mut tx = self.test.store.begin(&origin).await.unwrap();
        tx.emit(event);
        tx.commit().await.unwrap();
        self.relay.relay(&self.test.origin).await.unwrap();
    }

    pub async fn scan(&self, workspace: WorkspaceId, tag: u64) {
        self.happen(workspace, &ScanCompleted { scan_id: "one".to_owned(), tag }).await;
    }

    /// Somebody with a token, let in.
    pub async fn enter(&self, name: &str) -> Guest {
        self.enter_at("/ws", name).await
    }

    pub async fn enter_at(&self, path: &str, name: &str) -> Guest {
        let authorization = format!("Bearer {name}");
        let mut guest = self.knock(path, &[("authorization", &authorization)]).await.unwrap();
        assert_eq!(guest.hear().await["event"], "ready");
        guest
    }

    /// As [`Hall::enter`], with so little room for what it is told that it is soon full.
    pub async fn enter_narrowly(&self, path: &str, name: &str) -> Guest {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        let stream = MaybeTlsStream::Plain(socket.connect(self.address).await.unwrap());
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        let authorization = HeaderValue::from_str(&format!("Bearer {name}")).unwrap();
        request.headers_mut().insert("authorization", authorization);
        Guest(tokio_tungstenite::client_async(request, stream).await.unwrap().0)
    }

    /// The answer of the server when it refuses.
    pub async fn knock(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Guest, Box<Response<Option<Vec<u8>>>>> {
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(Guest(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response),
            Err(error) => panic!("{error}"),
        }
    }
}

fn feed(acknowledged: Arc<Mutex<Vec<String>>>) -> Feed {
    Feed::new()
        .to_workspace::<ScanCompleted, rampart_access::ReadWorkspace>()
        .to_workspace::<Padded, rampart_access::ReadWorkspace>()
        .to_workspace::<BillingChanged, Manage>()
        .to_user::<NotificationCreated>()
        .under::<NotificationCreated>("notification:new")
        .to_admins::<BackupFailed>()
        .doubts::<MemberRemoved>()
        .room("scan", "scanId", async |_, id: String| if id == "one" { Ok(()) } else { Err(ApiError::not_found()) })
        .acknowledged(move |_, ids| {
            acknowledged.lock().unwrap().extend(ids);
            std::future::ready(Ok(()))
        })
}

type Socket = tokio_tungstenite::WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// A client at the other end.
pub struct Guest(pub Socket);

impl Guest {
    pub async fn say(&mut self, word: Value) {
        self.0.send(Message::text(word.to_string())).await.unwrap();
    }

    /// The next thing said; pings are answered on the way.
    pub async fn hear(&mut self) -> Value {
        match self.next().await {
            Ok(value) => value,
            Err(code) => panic!("closed with {code:?}"),
        }
    }

    /// The next thing said, or the code it was closed with.
    pub async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("something is said in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The code it is closed with; what is said before goes by.
    pub async fn end(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    /// The tag of the next event.
    pub async fn tag(&mut self) -> u64 {
        let said = self.hear().await;
        said["data"]["tag"].as_u64().unwrap_or_else(|| panic!("{said}"))
    }

    pub async fn subscribe(&mut self, channels: &[&str]) -> Value {
        self.say(json!({ "action": "subscribe", "channels": channels })).await;
        self.hear().await
    }
}

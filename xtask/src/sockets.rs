//! `cargo xtask sockets`: many sockets on the real program, on this machine alone; what it costs and how it behaves.
//!
//! Starts the program, makes tenants, opens sockets of both protocols, and lets things happen in every tenant. Each socket checks
//! that what it hears is of its own tenant. Then one tenant is logged out, some sockets stop reading, and the program is restarted
//! under all of them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::server::{Member, Server, ask, join};

const TENANTS: usize = 20;
const SOCKET_IO: usize = 800;
const RAW: usize = 400;
/// Of them, sockets that do not read.
const SLOW: usize = 4;

pub fn run(args: Vec<String>) -> anyhow::Result<()> {
    let mut program = PathBuf::from("target/release/rampart");
    let mut seconds = 60;
    let mut args = args.into_iter();
    while let Some(name) = args.next() {
        let value = args.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--rampart" => program = value.into(),
            "--seconds" => seconds = value.parse()?,
            _ => anyhow::bail!("usage: cargo xtask sockets [--rampart PROGRAM] [--seconds NUMBER]"),
        }
    }
    let program = program.canonicalize().with_context(|| format!("{}: build it first", program.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure(&program, Duration::from_secs(seconds)))
}

async fn measure(program: &Path, length: Duration) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut server = Server::start(program, folder.path(), 0, &[])?;
    let tenants = make_tenants(&server)?;
    let before = server.memory_kib()?;
    let hall = Arc::new(Hall::default());
    for number in 0..SOCKET_IO + RAW {
        let (tenant, protocol) = (number % TENANTS, if number < SOCKET_IO { Protocol::Io } else { Protocol::Raw });
        let slow = number >= SOCKET_IO + RAW - SLOW;
        tokio::spawn(stay(hall.clone(), server.port, tenants[tenant].clone(), protocol, slow));
        // As people come; a storm is another part of this.
        if number % 50 == 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    hall.wait_for(SOCKET_IO + RAW, Duration::from_secs(60)).await?;
    let connected = server.memory_kib()?;

    let (start, mut happened, mut round) = (Instant::now(), 0_usize, 0_usize);
    while start.elapsed() < length {
        for tenant in &tenants {
            let path = format!("/api/v1/workspaces/{}", tenant.workspace);
            tenant.happened.lock().expect("no thread panicked").push(Instant::now());
            let change = json!({ "name": format!("round {round}") });
            let (status, body) = ask(server.port, "PATCH", &path, &tenant.token, &change)?;
            ensure!(status == 200, "{status} {body}");
            happened += 1;
        }
        round += 1;
    }
    let pace = happened as f64 / start.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_secs(2)).await;
    hall.read_again.store(true, Ordering::Release);
    tokio::time::sleep(Duration::from_secs(4)).await;
    let loaded = server.memory_kib()?;
    let told = hall.told.load(Ordering::Relaxed);
    let mut delays = std::mem::take(&mut *hall.delays.lock().expect("no thread panicked"));
    delays.sort_unstable();
    let at = |share: f64| delays.get((delays.len() as f64 * share) as usize).copied().unwrap_or_default();

    // One tenant is logged out everywhere.
    let out = &tenants[0];
    out.is_out.store(true, Ordering::Release);
    let (status, _) = ask(server.port, "POST", "/api/v1/auth/logout", &out.token, &json!({ "allSessions": true }))?;
    ensure!(status == 200, "logout: {status}");
    let logged_out = Instant::now();
    while out.inside.load(Ordering::Relaxed) > 0 && logged_out.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let gone = logged_out.elapsed();

    // Everybody else comes back after a restart, which closes the slow ones too.
    let cut = hall.cut.load(Ordering::Relaxed);
    let stopped = Instant::now();
    server = server.restart(program, folder.path())?;
    let restarted = stopped.elapsed();
    hall.wait_for((SOCKET_IO + RAW) / TENANTS * (TENANTS - 1) - SLOW, Duration::from_secs(60)).await?;
    let storm = stopped.elapsed();

    let clients = SOCKET_IO + RAW;
    println!("sockets                     {clients} ({SOCKET_IO} Socket.IO, {RAW} WebSocket), {TENANTS} tenants");
    println!("events                      {happened}, {pace:.0}/s");
    println!("told                        {told}, of other tenants {}", hall.foreign.load(Ordering::Relaxed));
    println!(
        "fan-out p50 p95 p99 max     {:?} {:?} {:?} {:?}",
        at(0.5),
        at(0.95),
        at(0.99),
        delays.last().copied().unwrap_or_default()
    );
    println!(
        "memory per client           {:.1} KiB idle, {:.1} KiB after the load",
        per(connected, before, clients),
        per(loaded, before, clients)
    );
    println!("not reading                 {cut} of {SLOW} cut");
    println!("logged out                  {} sockets closed in {gone:?}", (SOCKET_IO + RAW) / TENANTS);
    println!("restart                     {restarted:?}; all back after {storm:?}");
    let foreign = hall.foreign.load(Ordering::Relaxed);
    drop(server);
    ensure!(foreign == 0, "events of other tenants were heard");
    Ok(())
}

fn per(after: usize, before: usize, clients: usize) -> f64 {
    after.saturating_sub(before) as f64 / clients as f64
}

/// What all sockets share.
#[derive(Default)]
struct Hall {
    inside: AtomicUsize,
    told: AtomicUsize,
    foreign: AtomicUsize,
    cut: AtomicUsize,
    /// For those that did not.
    read_again: AtomicBool,
    delays: Mutex<Vec<Duration>>,
}

impl Hall {
    async fn wait_for(&self, count: usize, limit: Duration) -> anyhow::Result<()> {
        let start = Instant::now();
        while self.inside.load(Ordering::Relaxed) < count {
            let inside = self.inside.load(Ordering::Relaxed);
            ensure!(start.elapsed() < limit, "only {inside} of {count} sockets are inside");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// The `number`th event that a socket was told.
    fn hear(&self, tenant: &Tenant, data: &Value, number: usize) {
        self.told.fetch_add(1, Ordering::Relaxed);
        if data["workspaceId"].as_str() != Some(&tenant.workspace) {
            self.foreign.fetch_add(1, Ordering::Relaxed);
        }
        let asked = tenant.happened.lock().expect("no thread panicked").get(number).copied();
        if let Some(asked) = asked {
            self.delays.lock().expect("no thread panicked").push(asked.elapsed());
        }
    }
}

struct Tenant {
    workspace: String,
    token: String,
    inside: AtomicUsize,
    is_out: AtomicBool,
    /// When each event was asked for: what is measured includes the request, its transaction and the relay.
    happened: Mutex<Vec<Instant>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Io,
    Raw,
}

/// A socket that comes back whenever it is closed, until its tenant is logged out.
async fn stay(hall: Arc<Hall>, port: u16, tenant: Arc<Tenant>, protocol: Protocol, slow: bool) {
    let mut number = 0;
    while !tenant.is_out.load(Ordering::Acquire) {
        let visited = visit(&hall, port, &tenant, protocol, slow, &mut number).await;
        if slow && visited.is_some() {
            hall.cut.fetch_add(1, Ordering::Relaxed);
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// From coming in to being closed; nothing when it did not come in.
async fn visit(
    hall: &Hall,
    port: u16,
    tenant: &Tenant,
    protocol: Protocol,
    slow: bool,
    number: &mut usize,
) -> Option<()> {
    let socket = TcpSocket::new_v4().ok()?;
    if slow {
        socket.set_recv_buffer_size(4_096).ok()?;
    }
    let stream = socket.connect(([127, 0, 0, 1], port).into()).await.ok()?;
    let path = if protocol == Protocol::Io { "/socket.io/?EIO=4&transport=websocket" } else { "/ws" };
    let mut request = format!("ws://127.0.0.1:{port}{path}").into_client_request().ok()?;
    request.headers_mut().insert("authorization", format!("Bearer {}", tenant.token).parse().ok()?);
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.ok()?;
    let mut is_inside = false;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        let (event, data) = match protocol {
            Protocol::Raw => {
                let said: Value = serde_json::from_str(&text).ok()?;
                (said["event"].as_str().unwrap_or_default().to_owned(), said["data"].clone())
            }
            Protocol::Io => match text.get(..2) {
                _ if text.starts_with('0') => {
                    socket.send(Message::text("40")).await.ok()?;
                    continue;
                }
                _ if text == "2" => {
                    socket.send(Message::text("3")).await.ok()?;
                    continue;
                }
                Some("42") => {
                    let said: Value = serde_json::from_str(&text[2..]).ok()?;
                    (said[0].as_str().unwrap_or_default().to_owned(), said[1].clone())
                }
                Some("41") => break,
                _ => continue,
            },
        };
        match event.as_str() {
            "ready" => {
                is_inside = true;
                hall.inside.fetch_add(1, Ordering::Relaxed);
                tenant.inside.fetch_add(1, Ordering::Relaxed);
                while slow && !hall.read_again.load(Ordering::Acquire) {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            "workspace:updated" => {
                // Who does not read is late for a reason.
                if !slow {
                    hall.hear(tenant, &data, *number);
                }
                *number += 1;
            }
            _ => {}
        }
    }
    if is_inside {
        hall.inside.fetch_sub(1, Ordering::Relaxed);
        tenant.inside.fetch_sub(1, Ordering::Relaxed);
    }
    is_inside.then_some(())
}

/// Each with a user and the workspace that came with it.
fn make_tenants(server: &Server) -> anyhow::Result<Vec<Arc<Tenant>>> {
    let admin = make_tenant(server.port, &server.invitation, 0)?;
    let mut tenants = vec![];
    for number in 1..TENANTS {
        let (status, body) =
            ask(server.port, "POST", "/api/v1/admin/invitations", &admin.token, &json!({ "role": "user" }))?;
        ensure!(status == 201, "invitation: {status} {body}");
        let code = body["code"].as_str().context("an invitation has a code")?;
        tenants.push(Arc::new(make_tenant(server.port, code, number)?));
    }
    tenants.insert(0, Arc::new(admin));
    Ok(tenants)
}

fn make_tenant(port: u16, code: &str, number: usize) -> anyhow::Result<Tenant> {
    let Member { token, workspace } = join(port, code, &format!("user{number}@example.com"))?;
    Ok(Tenant {
        workspace,
        token,
        inside: AtomicUsize::new(0),
        is_out: AtomicBool::new(false),
        happened: Mutex::default(),
    })
}

//! A mail server on this machine that keeps what it gets: ESMTP with AUTH and STARTTLS (RFC 5321, 4954, 3207).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What the server asks of its clients.
#[derive(Clone, Debug, Default)]
pub struct SmtpOptions {
    /// Mail is taken from this name and password only.
    pub login: Option<(String, String)>,
    /// STARTTLS is offered, and mail is taken after it only.
    pub start_tls: bool,
    /// Connections are protected from their first byte.
    pub tls: bool,
}

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Of the envelope.
    pub from: String,
    pub to: Vec<String>,
    /// Of the message.
    pub subject: String,
    pub message_id: String,
    pub text: String,
    pub html: String,
    /// As it came.
    pub raw: String,
    /// Whether it came over a protected connection.
    pub protected: bool,
}

/// Ends with the value.
pub struct SmtpSink {
    pub address: SocketAddr,
    /// What a client must trust to believe the server's certificate, in PEM.
    pub authority: String,
    shared: Arc<Shared>,
    task: AbortHandle,
}

struct Shared {
    options: SmtpOptions,
    acceptor: TlsAcceptor,
    messages: Mutex<Vec<Received>>,
    /// Command and answer, each used once, in order.
    refusals: Mutex<Vec<(String, String)>>,
    /// Every line of every client, without what is inside messages.
    lines: Mutex<Vec<String>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SmtpSink {
    /// # Panics
    /// When this machine has no free port.
    pub async fn start(options: SmtpOptions) -> SmtpSink {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certified = rcgen::generate_simple_self_signed(names).expect("a certificate can be made");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()));
        let chain = vec![CertificateDer::from(certified.cert.der().to_vec())];
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows them")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("the key is the certificate's");
        let shared = Arc::new(Shared {
            options,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            messages: Mutex::default(),
            refusals: Mutex::default(),
            lines: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let accepting = shared.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that goes away in the middle is a test's matter.
                tokio::spawn(serve(accepting.clone(), stream));
            }
        });
        SmtpSink { address, authority: certified.cert.pem(), shared, task: task.abort_handle() }
    }

    /// The messages so far, oldest first.
    pub fn messages(&self) -> Vec<Received> {
        lock(&self.shared.messages).clone()
    }

    /// What clients said, besides messages.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.shared.lines).clone()
    }

    /// Answers the next command of this name with `reply`: `("RCPT", "550 5.1.1 nobody here")`; `"."` is the end of a message.
    pub fn refuse(&self, command: &str, reply: &str) {
        lock(&self.shared.refusals).push((command.to_owned(), reply.to_owned()));
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

async fn serve(shared: Arc<Shared>, stream: TcpStream) -> std::io::Result<()> {
    if shared.options.tls {
        let stream = shared.acceptor.accept(stream).await?;
        return talk(&shared, Box::new(stream), true, true).await.map(drop);
    }
    let Some(stream) = talk(&shared, Box::new(stream), false, true).await? else { return Ok(()) };
    let stream = shared.acceptor.accept(stream).await?;
    talk(&shared, Box::new(stream), true, false).await.map(drop)
}

/// One conversation; the bare connection when the client asks for protection.
async fn talk(
    shared: &Shared,
    stream: Box<dyn Stream>,
    protected: bool,
    greet: bool,
) -> std::io::Result<Option<Box<dyn Stream>>> {
    let mut stream = BufStream::new(stream);
    let options = &shared.options;
    let (mut signed_in, mut from, mut to) = (options.login.is_none(), String::new(), Vec::new());
    if greet {
        say(&mut stream, "220 sink ESMTP").await?;
    }
    while let Some(line) = hear(&mut stream).await? {
        lock(&shared.lines).push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let refusal = {
            let mut refusals = lock(&shared.refusals);
            let index = refusals.iter().position(|(command, _)| *command == verb);
            index.map(|index| refusals.remove(index).1)
        };
        if let Some(reply) = refusal {
            say(&mut stream, &reply).await?;
            continue;
        }
        match verb.as_str() {
            "EHLO" | "HELO" => {
                let mut reply = "250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8".to_owned();
                if options.start_tls && !protected {
                    reply += "\r\n250-STARTTLS";
                }
                if options.login.is_some() {
                    reply += "\r\n250-AUTH PLAIN";
                }
                say(&mut stream, &format!("{reply}\r\n250 SIZE 10000000")).await?;
            }
            "STARTTLS" if options.start_tls && !protected => {
                say(&mut stream, "220 go ahead").await?;
                return Ok(Some(stream.into_inner()));
            }
            "AUTH" => {
                signed_in = options
                    .login
                    .as_ref()
                    .is_some_and(|(name, password)| line.ends_with(&STANDARD.encode(format!("\0{name}\0{password}"))));
                let reply = if signed_in { "235 2.7.0 welcome" } else { "535 5.7.8 wrong name or password" };
                say(&mut stream, reply).await?;
            }
            "MAIL" if options.start_tls && !protected => say(&mut stream, "530 5.7.0 STARTTLS first").await?,
            "MAIL" if !signed_in => say(&mut stream, "530 5.7.0 sign in first").await?,
            "MAIL" => {
                (from, to) = (path(&line), Vec::new());
                say(&mut stream, "250 2.1.0 ok").await?;
            }
            "RCPT" => {
                to.push(path(&line));
                say(&mut stream, "250 2.1.5 ok").await?;
            }
            "DATA" => {
                say(&mut stream, "354 go ahead").await?;
                let raw = message(&mut stream).await?;
                let refusal = {
                    let mut refusals = lock(&shared.refusals);
                    let index = refusals.iter().position(|(command, _)| command == ".");
                    index.map(|index| refusals.remove(index).1)
                };
                match refusal {
                    Some(reply) => say(&mut stream, &reply).await?,
                    None => {
                        lock(&shared.messages).push(read(&from, &to, raw, protected));
                        say(&mut stream, "250 2.0.0 kept").await?;
                    }
                }
            }
            "RSET" | "NOOP" => say(&mut stream, "250 2.0.0 ok").await?,
            "QUIT" => {
                say(&mut stream, "221 2.0.0 bye").await?;
                return Ok(None);
            }
            _ => say(&mut stream, "502 5.5.1 not known here").await?,
        }
    }
    Ok(None)
}

async fn say(stream: &mut BufStream<Box<dyn Stream>>, reply: &str) -> std::io::Result<()> {
    stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn hear(stream: &mut BufStream<Box<dyn Stream>>) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Up to the line that is a dot; dots that were doubled are single again.
async fn message(stream: &mut BufStream<Box<dyn Stream>>) -> std::io::Result<String> {
    let mut raw = String::new();
    while let Some(line) = hear(stream).await? {
        if line == "." {
            break;
        }
        raw += line.strip_prefix('.').unwrap_or(&line);
        raw += "\r\n";
    }
    Ok(raw)
}

/// What stands between the angle brackets.
fn path(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(path, _)| path).to_owned()
}

fn read(from: &str, to: &[String], raw: String, protected: bool) -> Received {
    let parsed = MessageParser::default().parse(raw.as_bytes());
    let header = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let (subject, message_id, text, html) = match &parsed {
        Some(parsed) => (
            header(parsed.subject()),
            header(parsed.message_id()),
            parsed.body_text(0).unwrap_or_default().into_owned(),
            parsed.body_html(0).unwrap_or_default().into_owned(),
        ),
        None => Default::default(),
    };
    Received { from: from.to_owned(), to: to.to_vec(), subject, message_id, text, html, raw, protected }
}

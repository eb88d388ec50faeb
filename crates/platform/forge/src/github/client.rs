//! One question to GitHub at a time, within its limits.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rampart_egress::{Answer, Ask, Egress, HeaderName, Method};
use rampart_kernel::{Origin, Secret, Timestamp};
use ring::digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::app::App;
use super::error::{Error, PAUSE};
use super::settings::GithubSettings;

/// How long an answer may take. GitHub itself gives up after ten seconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// Bytes of an answer: a hundred repositories have some 600 kB.
const LARGEST: usize = 5_000_000;

/// Things on a page: the most that GitHub gives.
const PAGE: u32 = 100;

/// Pages that are turned for one question. Whoever has more than two thousand of something names what they look for.
const MOST_PAGES: usize = 20;

/// Answers that are kept, so that GitHub need not give them again; and bytes of one.
const KEPT: usize = 500;
const LARGEST_KEPT: usize = 200_000;

/// Characters of GitHub's words in the log.
const WORDS: usize = 300;

const VERSION: (&str, &str) = ("x-github-api-version", "2022-11-28");

/// The API of one GitHub, and what is known of its limits. Clones are the same.
#[derive(Clone)]
pub struct Github {
    egress: Egress,
    api: Arc<str>,
    app: Option<App>,
    webhook_secret: Option<Secret>,
    app_slug: Option<String>,
    memory: Arc<Mutex<Memory>>,
}

/// By whom it is asked.
#[derive(Clone)]
pub enum Credential {
    /// Of a person, or made for this by one.
    Token(Secret),
    /// As an installation of the GitHub App.
    Installation(String),
}

/// What GitHub said before.
#[derive(Default)]
struct Memory {
    /// Until when nothing is to be asked, by whom.
    closed: HashMap<Who, Timestamp>,
    answers: HashMap<Asked, Answered>,
    /// The oldest first.
    order: VecDeque<Asked>,
}

/// By whom, and the address.
type Asked = (Who, String);

/// The answer's `ETag`, and its body.
type Answered = (String, Arc<[u8]>);

/// Of a credential, what tells it from others and does not give it away.
type Who = [u8; 32];

/// What asks, for somebody.
#[derive(Clone)]
pub struct Client {
    github: Github,
    credential: Credential,
    origin: Origin,
}

impl Github {
    /// # Errors
    /// When the key of the app is none, or the machine trusts nobody.
    pub fn new(settings: &GithubSettings, api: &str) -> Result<Github, Error> {
        let app = match (&settings.app_id, &settings.app_private_key) {
            (Some(id), Some(key)) => Some(App::new(id, key)?),
            _ => None,
        };
        Ok(Github {
            egress: Egress::new(ANSWER_LIMIT).map_err(Error::Unreachable)?,
            api: api.trim_end_matches('/').into(),
            app,
            webhook_secret: settings.webhook_secret.clone(),
            app_slug: settings.app_slug.clone(),
            memory: Arc::default(),
        })
    }

    /// Of hooks that have no secret of their own.
    pub fn webhook_secret(&self) -> Option<&Secret> {
        self.webhook_secret.as_ref()
    }

    /// The app's name in addresses, where there is an app.
    pub fn app_slug(&self) -> Option<&str> {
        self.app_slug.as_deref().filter(|_| self.app.is_some())
    }

    pub fn has_app(&self) -> bool {
        self.app.is_some()
    }

    pub fn client(&self, credential: Credential, origin: &Origin) -> Client {
        Client { github: self.clone(), credential, origin: origin.clone() }
    }

    /// Asks once, with this token; what GitHub says of limits is kept for `who`.
    pub(super) async fn send(&self, who: Who, token: &Secret, origin: &Origin, ask: Ask) -> Result<Answer, Error> {
        let until = self.remember(|memory| memory.closed.get(&who).copied());
        if let Some(until) = until.filter(|until| *until > origin.now()) {
            return Err(Error::Limited(until.since(origin.now())));
        }
        let ask = ask
            .bearer(token)
            .header(HeaderName::from_static("accept"), "application/vnd.github+json")
            .header(HeaderName::from_static(VERSION.0), VERSION.1)
            .at_most(LARGEST);
        let answer = self.egress.send(ask).await.map_err(Error::Unreachable)?;
        if let Some(pause) = pause(&answer, origin.now()) {
            self.remember(|memory| {
                memory.closed.retain(|_, until| *until > origin.now());
                memory.closed.insert(who, origin.now() + pause);
            });
            if !(200..400).contains(&answer.status) {
                return Err(Error::Limited(pause));
            }
        }
        Ok(answer)
    }

    fn remember<T>(&self, what: impl FnOnce(&mut Memory) -> T) -> T {
        what(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.api)
    }
}

/// How long nothing more may be asked, if GitHub says so: because nothing is left until then, or because it was too much at once.
fn pause(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let number = |name| answer.header(&HeaderName::from_static(name)).and_then(|text| text.trim().parse::<u64>().ok());
    let refused = matches!(answer.status, 403 | 429);
    if refused && let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds.clamp(1, 24 * 3_600)));
    }
    if number("x-ratelimit-remaining") == Some(0) && (refused || answer.status < 400) {
        let reset = number("x-ratelimit-reset").and_then(|seconds| i64::try_from(seconds).ok())?;
        let until = Timestamp::from_millis(reset.saturating_mul(1_000));
        return Some(until.since(now).clamp(Duration::from_secs(1), Duration::from_secs(2 * 3_600)));
    }
    let told = answer.status == 403 && answer.body.windows(20).any(|words| words == b"secondary rate limit");
    (answer.status == 429 || told).then_some(PAUSE)
}

pub(super) fn who(what: &str) -> Who {
    let hash = digest::digest(&digest::SHA256, what.as_bytes());
    hash.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

impl Client {
    /// Whether it asks as the app: only apps may make check runs.
    pub fn is_app(&self) -> bool {
        matches!(self.credential, Credential::Installation(_))
    }

    /// What git is to show, so that it may fetch.
    pub async fn token(&self) -> Result<Secret, Error> {
        match &self.credential {
            Credential::Token(token) => Ok(token.clone()),
            Credential::Installation(id) => {
                let app = self.github.app.as_ref().ok_or(Error::Unauthorized)?;
                app.token(&self.github, id, &self.origin).await
            }
        }
    }

    fn who(&self) -> Who {
        match &self.credential {
            Credential::Token(token) => who(token.expose()),
            Credential::Installation(id) => who(&format!("installation {id}")),
        }
    }

    async fn send(&self, ask: Ask) -> Result<Answer, Error> {
        let token = self.token().await?;
        self.github.send(self.who(), &token, &self.origin, ask).await
    }

    /// What is there; from memory where GitHub says that nothing has changed.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let (body, _) = self.get_raw(&self.github.url(path)).await?;
        read(&body)
    }

    /// The same, of something that need not be there.
    pub async fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Error> {
        match self.get(path).await {
            Err(Error::NotFound) => Ok(None),
            found => found.map(Some),
        }
    }

    async fn get_raw(&self, url: &str) -> Result<(Arc<[u8]>, Option<String>), Error> {
        let key = (self.who(), url.to_owned());
        let kept = self.github.remember(|memory| memory.answers.get(&key).cloned());
        let mut ask = Ask::get(url);
        if let Some((tag, _)) = &kept {
            ask = ask.header(HeaderName::from_static("if-none-match"), tag.clone());
        }
        let answer = self.send(ask).await?;
        let next = answer.header(&HeaderName::from_static("link")).and_then(|link| self.next(link));
        if let (304, Some((_, body))) = (answer.status, kept) {
            return Ok((body, next));
        }
        check(&answer)?;
        let tag = answer.header(&HeaderName::from_static("etag")).map(str::to_owned);
        let body: Arc<[u8]> = answer.body.into();
        if let Some(tag) = tag.filter(|_| body.len() <= LARGEST_KEPT) {
            let kept = body.clone();
            self.github.remember(|memory| memory.keep(key, tag, kept));
        }
        Ok((body, next))
    }

    /// All of a list, over its pages; `read` takes the things out of one.
    pub async fn list<P: DeserializeOwned, T>(
        &self,
        path: &str,
        most: usize,
        read_page: impl Fn(P) -> Vec<T>,
    ) -> Result<Vec<T>, Error> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut url = self.github.url(&format!("{path}{mark}per_page={}", PAGE.min(most.max(1) as u32)));
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            let (body, next) = self.get_raw(&url).await?;
            all.extend(read_page(read(&body)?));
            if all.len() >= most {
                break;
            }
            let Some(next) = next else { break };
            url = next;
        }
        all.truncate(most);
        Ok(all)
    }

    /// Where the next page is, if GitHub itself has it: the token goes nowhere else.
    fn next(&self, link: &str) -> Option<String> {
        let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
        let url = part.split_once('<')?.1.split_once('>')?.0;
        let own = url.strip_prefix(&*self.github.api)?.starts_with(['/', '?']);
        own.then(|| url.to_owned())
    }

    /// What it answers is read.
    pub async fn change<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &B,
    ) -> Result<T, Error> {
        let answer = self.tell(method, path, Some(body)).await?;
        read(&answer.body)
    }

    /// What it answers does not matter.
    pub async fn tell<B: Serialize>(&self, method: Method, path: &str, body: Option<&B>) -> Result<Answer, Error> {
        let mut ask = Ask::new(method, self.github.url(path));
        if let Some(body) = body {
            ask = ask.json(serde_json::to_vec(body).map_err(|_| Error::Answer("a question that cannot be written"))?);
        }
        let answer = self.send(ask).await?;
        check(&answer)?;
        Ok(answer)
    }
}

impl Memory {
    fn keep(&mut self, key: (Who, String), tag: String, body: Arc<[u8]>) {
        if self.answers.insert(key.clone(), (tag, body)).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
    }
}

pub(super) fn check(answer: &Answer) -> Result<(), Error> {
    match answer.status {
        200..300 => Ok(()),
        401 => Err(Error::Unauthorized),
        403 => Err(Error::Forbidden),
        404 | 410 => Err(Error::NotFound),
        // Redirects are not followed: a repository that has moved is asked for by its id.
        status => {
            let words = String::from_utf8_lossy(&answer.body);
            let plain = words.chars().map(|c| if c.is_control() { ' ' } else { c });
            Err(Error::Refused { status, words: plain.take(WORDS).collect() })
        }
    }
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        tracing::warn!(%error, "an answer of GitHub is not understood");
        Error::Answer("its fields")
    })
}

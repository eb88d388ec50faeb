//! One question to a forge at a time, within its limits.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rampart_egress::{Answer, Ask, Egress, HeaderName, Method};
use rampart_kernel::{Origin, Secret, Timestamp};
use ring::digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Error;
use crate::model::Provider;

/// How long an answer may take. GitHub itself gives up after ten seconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// Bytes of an answer: a hundred repositories have some 600 kB.
const LARGEST: usize = 5_000_000;

/// Things on a page: the most that forges give.
const PAGE: u32 = 100;

/// Pages that are turned for one question. Whoever has more than two thousand of something names what they look for.
const MOST_PAGES: usize = 20;

/// Answers that are kept, so that they need not be given again; and bytes of one.
const KEPT: usize = 500;
const LARGEST_KEPT: usize = 200_000;

/// Characters of a forge's words in the log.
const WORDS: usize = 300;

/// A pause when a forge says to wait and not how long: GitHub's documentation asks for a minute, GitLab counts by minutes.
const PAUSE: Duration = Duration::from_secs(60);

/// In what forges differ when they are spoken to.
#[derive(Debug)]
pub struct Manners {
    pub forge: Provider,
    /// Header fields of every question.
    pub headers: &'static [(&'static str, &'static str)],
    /// The field that carries the token, where it is not `Authorization: Bearer`.
    pub token: Option<&'static str>,
    /// The field that says how many questions are left, and the one that says when there will be more (seconds since 1970).
    pub remaining: &'static str,
    pub reset: &'static str,
    /// What an answer 403 says that asks for a pause and does not mean rights.
    pub slower: Option<&'static str>,
    pub pages: Pages,
}

/// How a list says that it goes on.
#[derive(Clone, Copy, Debug)]
pub enum Pages {
    /// By the address of its next page (RFC 8288).
    Link,
    /// By the number of its next page, in this field.
    Number(&'static str),
}

/// The API of one forge, and what is known of its limits. Clones are the same.
#[derive(Clone)]
pub struct Transport {
    egress: Egress,
    manners: &'static Manners,
    api: Arc<str>,
    memory: Arc<Mutex<Memory>>,
}

/// What a forge said before.
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

/// An answer as it is kept: its `ETag`, its body, and where the list goes on.
#[derive(Clone)]
struct Answered {
    tag: String,
    body: Arc<[u8]>,
    next: Option<String>,
}

/// Of a credential, what tells it from others and does not give it away.
type Who = [u8; 32];

/// A forge, and who asks there.
#[derive(Clone)]
pub struct Caller {
    transport: Transport,
    who: Who,
    token: Secret,
    origin: Origin,
}

impl Transport {
    /// `api` is the address that paths stand behind.
    ///
    /// # Errors
    /// When the machine trusts nobody.
    pub fn new(manners: &'static Manners, api: &str) -> Result<Transport, Error> {
        let egress = Egress::new(ANSWER_LIMIT).map_err(|error| Error::Unreachable(manners.forge, error))?;
        Ok(Transport { egress, manners, api: api.trim_end_matches('/').into(), memory: Arc::default() })
    }

    /// Who shows this token. What the forge says of limits is kept for `who`, which stays the same when the token changes.
    pub fn caller(&self, who: &str, token: Secret, origin: &Origin) -> Caller {
        let hash = digest::digest(&digest::SHA256, who.as_bytes());
        let who = hash.as_ref().try_into().expect("SHA-256 has 32 bytes");
        Caller { transport: self.clone(), who, token, origin: origin.clone() }
    }

    fn remember<T>(&self, what: impl FnOnce(&mut Memory) -> T) -> T {
        what(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Caller {
    pub fn forge(&self) -> Provider {
        self.transport.manners.forge
    }

    pub fn token(&self) -> &Secret {
        &self.token
    }

    pub fn now(&self) -> Timestamp {
        self.origin.now()
    }

    /// What is there; from memory where the forge says that nothing has changed.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let answered = self.look(&self.url(path)).await?;
        self.read(&answered.body)
    }

    /// The same, of something that need not be there.
    pub async fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Error> {
        match self.get(path).await {
            Err(Error::NotFound(_)) => Ok(None),
            found => found.map(Some),
        }
    }

    /// All of a list, over its pages; `of_page` takes the things out of one.
    pub async fn list<P: DeserializeOwned, T>(
        &self,
        path: &str,
        most: usize,
        of_page: impl Fn(P) -> Vec<T>,
    ) -> Result<Vec<T>, Error> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let first = self.url(&format!("{path}{mark}per_page={}", PAGE.min(most.max(1) as u32)));
        let (mut url, mut all) = (first.clone(), Vec::new());
        for _ in 0..MOST_PAGES {
            let answered = self.look(&url).await?;
            all.extend(of_page(self.read(&answered.body)?));
            let Some(next) = answered.next.filter(|_| all.len() < most) else { break };
            url = match self.transport.manners.pages {
                Pages::Link => next,
                Pages::Number(_) => format!("{first}&page={next}"),
            };
        }
        all.truncate(most);
        Ok(all)
    }

    /// What it answers is read.
    pub async fn change<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &B,
    ) -> Result<T, Error> {
        let answer = self.tell(method, path, Some(body)).await?;
        self.read(&answer.body)
    }

    /// What it answers does not matter.
    pub async fn tell<B: Serialize>(&self, method: Method, path: &str, body: Option<&B>) -> Result<Answer, Error> {
        let mut ask = Ask::new(method, self.url(path));
        if let Some(body) = body {
            let written = serde_json::to_vec(body);
            ask = ask.json(written.map_err(|_| Error::Answer(self.forge(), "a question that cannot be written"))?);
        }
        let answer = self.send(ask).await?;
        self.check(&answer)?;
        Ok(answer)
    }

    async fn look(&self, url: &str) -> Result<Answered, Error> {
        let key = (self.who, url.to_owned());
        let kept = self.transport.remember(|memory| memory.answers.get(&key).cloned());
        let mut ask = Ask::get(url);
        if let Some(kept) = &kept {
            ask = ask.header(HeaderName::from_static("if-none-match"), kept.tag.clone());
        }
        let answer = self.send(ask).await?;
        let next = self.next(&answer);
        if let (304, Some(kept)) = (answer.status, kept) {
            // A page that has not changed may be followed by one that was not there.
            return Ok(Answered { next: next.or(kept.next), ..kept });
        }
        self.check(&answer)?;
        let tag = answer.header(&HeaderName::from_static("etag")).unwrap_or_default().to_owned();
        let answered = Answered { tag, body: answer.body.into(), next };
        if !answered.tag.is_empty() && answered.body.len() <= LARGEST_KEPT {
            let kept = answered.clone();
            self.transport.remember(|memory| memory.keep(key, kept));
        }
        Ok(answered)
    }

    /// Where the list goes on. An address counts when the forge itself has it: the token goes nowhere else.
    fn next(&self, answer: &Answer) -> Option<String> {
        match self.transport.manners.pages {
            Pages::Number(name) => {
                let number = answer.header(&HeaderName::from_static(name))?.trim();
                number.parse::<u32>().ok().map(|number| number.to_string())
            }
            Pages::Link => {
                let link = answer.header(&HeaderName::from_static("link"))?;
                let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
                let url = part.split_once('<')?.1.split_once('>')?.0;
                let own = url.strip_prefix(&*self.transport.api)?.starts_with(['/', '?']);
                own.then(|| url.to_owned())
            }
        }
    }

    /// Asks once, unless the forge has asked for a pause that is not over.
    async fn send(&self, mut ask: Ask) -> Result<Answer, Error> {
        let (transport, now) = (&self.transport, self.origin.now());
        let until = transport.remember(|memory| memory.closed.get(&self.who).copied());
        if let Some(until) = until.filter(|until| *until > now) {
            return Err(Error::Limited(self.forge(), until.since(now)));
        }
        ask = match transport.manners.token {
            None => ask.bearer(&self.token),
            Some(name) => ask.secret(HeaderName::from_static(name), &self.token),
        };
        for (name, value) in transport.manners.headers {
            ask = ask.header(HeaderName::from_static(name), *value);
        }
        let sent = transport.egress.send(ask.at_most(LARGEST)).await;
        let answer = sent.map_err(|error| Error::Unreachable(self.forge(), error))?;
        let now = self.origin.now();
        if let Some(pause) = pause(transport.manners, &answer, now) {
            transport.remember(|memory| {
                memory.closed.retain(|_, until| *until > now);
                memory.closed.insert(self.who, now + pause);
            });
            if !(200..400).contains(&answer.status) {
                return Err(Error::Limited(self.forge(), pause));
            }
        }
        Ok(answer)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.transport.api)
    }

    fn check(&self, answer: &Answer) -> Result<(), Error> {
        let forge = self.forge();
        match answer.status {
            200..300 => Ok(()),
            401 => Err(Error::Unauthorized(forge)),
            403 => Err(Error::Forbidden(forge)),
            404 | 410 => Err(Error::NotFound(forge)),
            // Redirects are not followed: a repository that has moved is asked for by its id.
            status => {
                let words = String::from_utf8_lossy(&answer.body);
                let plain = words.chars().map(|c| if c.is_control() { ' ' } else { c });
                Err(Error::Refused { forge, status, words: plain.take(WORDS).collect() })
            }
        }
    }

    fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(body).map_err(|error| {
            tracing::warn!(%error, forge = self.forge().title(), "an answer is not understood");
            Error::Answer(self.forge(), "its fields")
        })
    }
}

/// How long nothing more may be asked, if the forge says so: because nothing is left until then, or because it was too much at once.
fn pause(manners: &Manners, answer: &Answer, now: Timestamp) -> Option<Duration> {
    let number = |name| answer.header(&HeaderName::from_static(name)).and_then(|text| text.trim().parse::<u64>().ok());
    let refused = matches!(answer.status, 403 | 429);
    if refused && let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds.clamp(1, 24 * 3_600)));
    }
    if number(manners.remaining) == Some(0) && (refused || answer.status < 400) {
        let reset = number(manners.reset).and_then(|seconds| i64::try_from(seconds).ok())?;
        let until = Timestamp::from_millis(reset.saturating_mul(1_000));
        return Some(until.since(now).clamp(Duration::from_secs(1), Duration::from_secs(2 * 3_600)));
    }
    let says = |words: &str| answer.body.windows(words.len()).any(|part| part == words.as_bytes());
    let told = answer.status == 403 && manners.slower.is_some_and(says);
    (answer.status == 429 || told).then_some(PAUSE)
}

impl Memory {
    fn keep(&mut self, key: Asked, answered: Answered) {
        if self.answers.insert(key.clone(), answered).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
    }
}

/// A part of an address, whatever is in it.
pub fn segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// At most so many bytes of a text: forges count them at some places and characters at others.
pub fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_an_address_leads_nowhere_else() {
        assert_eq!(segment("feature/ä x?#%"), "feature%2F%C3%A4%20x%3F%23%25");
        assert_eq!(cut("aä", 2), "a");
    }
}

//! Who or what caused something, and the clock and chance it is done with.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::{Chance, Clock, Id, Secret, SystemChance, SystemClock, Timestamp, WorkspaceId};

/// The name by which one cause is found in logs, audit rows, jobs and events: at most 64 of `A-Z a-z 0-9 . _ -`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    const MAX_LENGTH: usize = 64;

    /// Nothing when the text is none: what comes from outside is not put into logs as it is.
    pub fn parse(text: &str) -> Option<RequestId> {
        let fits = (1..=Self::MAX_LENGTH).contains(&text.len());
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        (fits && text.bytes().all(plain)).then(|| RequestId(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a piece of work is done with: its cause, the workspace it is for, the clock and chance.
///
/// Says nothing about what is allowed; that is `rampart_access::Ctx`, which is an `Origin` with an actor.
#[derive(Clone)]
pub struct Origin {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    pub request_id: RequestId,
    pub workspace: Option<WorkspaceId>,
}

impl Origin {
    pub fn new(clock: Arc<dyn Clock>, chance: Arc<dyn Chance>, request_id: Option<RequestId>) -> Origin {
        let request_id = request_id.unwrap_or_else(|| {
            let id = new_uuid(&*clock, &*chance);
            RequestId(id.as_hyphenated().to_string().into())
        });
        Origin { clock, chance, request_id, workspace: None }
    }

    /// Of something that no request caused: `start`, `schedule`. The name must be a [`RequestId`].
    pub fn of_system(name: &str) -> Origin {
        Origin::new(Arc::new(SystemClock), Arc::new(SystemChance), RequestId::parse(name))
    }

    /// The same clock and chance for another cause.
    pub fn caused_by(&self, request_id: Option<RequestId>) -> Origin {
        Origin::new(self.clock.clone(), self.chance.clone(), request_id)
    }

    pub fn in_workspace(mut self, workspace: Option<WorkspaceId>) -> Origin {
        self.workspace = workspace;
        self
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    pub fn chance(&self) -> &dyn Chance {
        &*self.chance
    }

    pub fn new_id<I: Id>(&self) -> I {
        I::from_uuid(new_uuid(&*self.clock, &*self.chance))
    }

    pub fn fill(&self, bytes: &mut [u8]) {
        self.chance.fill(bytes);
    }

    /// 32 random bytes in base64url: 43 characters that cannot be guessed.
    pub fn new_token(&self) -> Secret {
        let mut bytes = [0; 32];
        self.chance.fill(&mut bytes);
        Secret::new(URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origin")
            .field("request_id", &self.request_id)
            .field("workspace", &self.workspace)
            .finish_non_exhaustive()
    }
}

/// UUIDv7: ordered by the millisecond, 74 bits of chance (RFC 9562 §5.7).
fn new_uuid(clock: &dyn Clock, chance: &dyn Chance) -> Uuid {
    let mut bytes = [0; 10];
    chance.fill(&mut bytes);
    let millis = u64::try_from(clock.now().as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_from_outside_are_plain_or_refused() {
        assert!(RequestId::parse("a-Z_0.9").is_some());
        for bad in ["", "a b", "a\nb", "ü", &"a".repeat(65)] {
            assert_eq!(RequestId::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn ids_are_ordered_by_their_time() {
        struct At(i64);
        impl Clock for At {
            fn now(&self) -> Timestamp {
                Timestamp::from_millis(self.0)
            }
        }
        let id = |millis| new_uuid(&At(millis), &SystemChance);
        assert!(id(1_700_000_000_000) < id(1_700_000_000_001));
        assert_eq!(id(1).get_version_num(), 7);
    }
}

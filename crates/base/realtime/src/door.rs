//! Who is let in: how often and how many from one address, by what they show, and into which workspace.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, StatusCode, header};
use rampart_access::{Actor, Ctx};
use rampart_kernel::{Secret, WorkspaceId};
use rampart_store::EventId;
use rampart_web::{
    ApiError, Authenticator, Class, Cookies, Credentials, Key, Limiter, Request, SESSION_COOKIE, WebSettings,
};
use serde::Deserialize;
use tokio::sync::Notify;

/// The subprotocol under which browsers, which cannot set headers, show a token: `bearer, <token>`.
pub(crate) const BEARER_PROTOCOL: &str = "bearer";

/// What the address of a socket may say besides its path.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wishes {
    token: Option<Secret>,
    pub workspace: Option<WorkspaceId>,
    pub last_event_id: Option<EventId>,
}

pub(crate) struct Door {
    pub settings: WebSettings,
    pub authenticator: Arc<dyn Authenticator>,
    pub limiter: Limiter,
    /// Sockets that one address may hold at the same time.
    pub most_per_address: u32,
    pub inside: Arc<Inside>,
}

/// How many sockets each address holds.
#[derive(Default)]
pub(crate) struct Inside {
    by_address: Mutex<HashMap<Key, u32>>,
    left: Notify,
}

/// The place of one socket among those of its address; given back when dropped.
pub(crate) struct Pass {
    inside: Arc<Inside>,
    address: Key,
}

impl Door {
    /// Counts the attempt, and takes a place.
    ///
    /// # Errors
    /// When the address tries too often or holds too many sockets.
    pub async fn knock(&self, seen: &Request) -> Result<Pass, ApiError> {
        // Without an address there is no connection, only a test that calls the router.
        let address = Key::of_address(seen.client.ip.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED.into()));
        if let Some(standing) = self.limiter.take(Class::Sockets, address, seen.origin.now()).await
            && !standing.allowed
        {
            return Err(standing.refusal(Class::Sockets));
        }
        let mut inside = self.inside.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(address).or_insert(0);
        if *count >= self.most_per_address {
            metrics::counter!("rampart_sockets_refused_total").increment(1);
            let message = "your address holds too many sockets; close some";
            return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message));
        }
        *count += 1;
        metrics::gauge!("rampart_sockets").increment(1);
        Ok(Pass { inside: self.inside.clone(), address })
    }

    /// What somebody shows, the most deliberate first.
    ///
    /// # Errors
    /// When it is a cookie, which browsers send along with what pages of others make them send, and no page of ours says so.
    pub fn shown(&self, headers: &HeaderMap, wishes: &mut Wishes) -> Result<Option<Credentials>, ApiError> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let (scheme, token) = value.to_str().unwrap_or("").split_once(' ').unwrap_or(("", ""));
            let token = if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" };
            return Ok(Some(Credentials::Bearer(Secret::new(token))));
        }
        if let Some(token) = wishes.token.take().or_else(|| token_of_protocols(headers)) {
            return Ok(Some(Credentials::Bearer(token)));
        }
        let cookie = Cookies::of(headers).get(SESSION_COOKIE).filter(|value| !value.is_empty());
        match cookie {
            None => Ok(None),
            Some(cookie) if self.settings.allows_source(headers) => Ok(Some(Credentials::Cookie(Secret::new(cookie)))),
            Some(_) => {
                let message = "with a cookie the browser must name the page that asks";
                Err(ApiError::new(StatusCode::FORBIDDEN, "ORIGIN_NOT_ALLOWED", message))
            }
        }
    }

    /// Who that is, with their part in the workspace.
    ///
    /// # Errors
    /// When they are nobody, or have no part in the workspace that they named.
    pub async fn admit(
        &self,
        seen: &Request,
        shown: &Credentials,
        workspace: Option<WorkspaceId>,
    ) -> Result<Ctx, ApiError> {
        let actor = self.authenticator.authenticate(seen, shown, workspace).await?;
        let part = match &actor {
            Actor::User { membership, .. } | Actor::Token { membership, .. } => membership.as_ref().err(),
            Actor::Anonymous | Actor::System { .. } => return Err(rampart_access::Error::Unauthenticated.into()),
        };
        match part {
            // They have a part in none, and hear what is theirs alone.
            None | Some(rampart_access::Error::NotFound) if workspace.is_none() => {}
            None => {}
            Some(refused) => return Err((*refused).into()),
        }
        Ok(Ctx::new(seen.origin.clone(), actor, seen.client.clone()))
    }
}

impl Inside {
    /// Returns when nobody is inside any more.
    pub async fn empty(&self) {
        loop {
            let left = self.left.notified();
            if self.by_address.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                return;
            }
            left.await;
        }
    }
}

fn token_of_protocols(headers: &HeaderMap) -> Option<Secret> {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let mut words = lines.flat_map(|line| line.split(',')).map(str::trim);
    words.find(|word| *word == BEARER_PROTOCOL)?;
    words.next().map(Secret::new)
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = self.inside.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = inside.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&self.address);
            }
        }
        self.inside.left.notify_waiters();
        metrics::gauge!("rampart_sockets").decrement(1);
    }
}

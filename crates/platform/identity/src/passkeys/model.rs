//! Who asks for passkeys, and passkeys as values.

use std::sync::Arc;
use std::time::Duration;

use rampart_kernel::Timestamp;
use rampart_web::WebSettings;
use webauthn_rs::WebauthnBuilder;
use webauthn_rs::prelude::{Url, Webauthn};

rampart_kernel::id! {
    /// A passkey.
    PasskeyId,
    /// A registration or sign-in that has begun.
    CeremonyId,
}

/// From the question to the answer of the authenticator.
pub const CEREMONY_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// More keys than anybody carries.
pub const MOST_PASSKEYS: i64 = 20;

/// A passkey as it is shown.
#[derive(Clone, Debug)]
pub struct PasskeyInfo {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used: Option<Timestamp>,
}

/// Passkeys belong to the host of the dashboard. Nothing where that is an address: passkeys need a name.
#[derive(Clone)]
pub struct RelyingParty(pub Option<Arc<Webauthn>>);

impl RelyingParty {
    pub fn new(web: &WebSettings) -> RelyingParty {
        let party = Url::parse(&web.frontend_url()).ok().and_then(|url| {
            let builder = WebauthnBuilder::new(url.domain()?, &url).ok()?;
            builder.rp_name("Rampart").timeout(CEREMONY_LIFETIME).build().ok()
        });
        RelyingParty(party.map(Arc::new))
    }
}

//! What the sign-in page must know before anybody is signed in.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_web::{ApiError, Route};
use serde::Serialize;
use utoipa::ToSchema;

use crate::providers::model::Provider;
use crate::routes::Rooms;
use crate::service::{Identity, Result};
use crate::store;

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let rule = Rule::Public("the sign-in page asks it");
    vec![
        Route::new(Method::GET, "/config/public", rule, rooms, show_entrance)
            .summary("Which ways in there are")
            .answers::<PublicConfig>(StatusCode::OK),
    ]
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PublicConfig {
    /// `invite` or `closed`.
    registration_mode: &'static str,
    /// Changes are taken from administrators of the installation only.
    maintenance_mode: bool,
    /// Those that are configured.
    oauth_providers: Vec<&'static str>,
    /// Nobody administers the installation yet: the first invitation waits to be used.
    setup_required: bool,
}

async fn show_entrance(State(identity): State<Identity>) -> Result<Json<PublicConfig>, ApiError> {
    let installation = identity.installation_now().await?;
    Ok(Json(PublicConfig {
        registration_mode: installation.registration.name(),
        maintenance_mode: installation.maintenance,
        oauth_providers: identity.configured_providers().map(Provider::name).collect(),
        setup_required: identity.setup_required().await?,
    }))
}

impl Identity {
    /// Whether nobody administers the installation.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn setup_required(&self) -> Result<bool> {
        Ok(!store::has_admin(&mut self.store.read().await?).await?)
    }
}

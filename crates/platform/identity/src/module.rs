//! What the module hands to the program.

use rampart_jobs::{Failure, Handlers, Run, Schedule};
use rampart_kernel::SealedColumn;
use rampart_realtime::Feed;
use rampart_store::Migration;
use rampart_web::{Route, WebSettings};

use crate::jobs::{self, CleanSessions, CleanTokens, PurgeWorkspaces};
use crate::routes::{self, Rooms};
use crate::service::Identity;
use crate::{
    administration, entrance, events, factor, installation, invitations, mailed, passkeys, policies, profile,
    providers, sessions, tokens, workspaces,
};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[
    USERS,
    workspaces::store::TABLES,
    tokens::store::TABLES,
    policies::store::TABLES,
    factor::MIGRATION,
    sessions::MIGRATION,
    mailed::MIGRATION,
    profile::MIGRATION,
    passkeys::MIGRATION,
    providers::MIGRATION,
    workspaces::store::SUSPENSION,
    installation::TABLES,
];

const USERS: Migration = Migration::new(
    "identity/0001-users",
    "CREATE TABLE users (
        id {uuid} PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        username TEXT UNIQUE,
        name TEXT,
        password_hash TEXT,
        role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'user', 'viewer')),
        verified {bool} NOT NULL,
        disabled {bool} NOT NULL DEFAULT FALSE,
        locale TEXT NOT NULL DEFAULT 'en',
        timezone TEXT NOT NULL DEFAULT 'UTC',
        default_workspace_id {uuid},
        last_login {ts},
        failed_login_attempts {int} NOT NULL DEFAULT 0,
        locked_until {ts},
        password_changed_at {ts},
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL,
        deleted_at {ts}
    );
    CREATE INDEX users_role ON users (role);
    CREATE TABLE workspaces (
        id {uuid} PRIMARY KEY,
        name TEXT NOT NULL,
        slug TEXT NOT NULL UNIQUE,
        owner_id {uuid} NOT NULL REFERENCES users (id),
        tier TEXT NOT NULL CHECK (tier IN ('free', 'pro', 'enterprise')),
        personal {bool} NOT NULL,
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL,
        deleted_at {ts}
    );
    CREATE TABLE workspace_members (
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'operator', 'member', 'viewer')),
        joined_at {ts} NOT NULL,
        PRIMARY KEY (workspace_id, user_id)
    );
    CREATE INDEX workspace_members_user ON workspace_members (user_id);
    CREATE TABLE invitations (
        id {uuid} PRIMARY KEY,
        code_hash TEXT NOT NULL UNIQUE,
        scope TEXT NOT NULL CHECK (scope IN ('platform', 'workspace')),
        workspace_id {uuid} REFERENCES workspaces (id) ON DELETE CASCADE,
        role TEXT NOT NULL,
        email TEXT,
        max_uses {int} NOT NULL,
        uses {int} NOT NULL DEFAULT 0 CHECK (uses <= max_uses),
        expires_at {ts} NOT NULL,
        created_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
        revoked_at {ts},
        bootstrap {bool} NOT NULL,
        created_at {ts} NOT NULL
    );
    CREATE INDEX invitations_workspace ON invitations (workspace_id, created_at);
    CREATE TABLE sessions (
        id {uuid} PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        cookie_hash TEXT NOT NULL UNIQUE,
        expires_at {ts} NOT NULL,
        remember {bool} NOT NULL,
        ip_address TEXT,
        user_agent TEXT,
        last_used {ts} NOT NULL,
        revoked_at {ts},
        revoke_reason TEXT,
        created_at {ts} NOT NULL
    );
    CREATE INDEX sessions_user ON sessions (user_id, revoked_at);
    CREATE INDEX sessions_expiry ON sessions (expires_at);
    CREATE TABLE refresh_tokens (
        id {uuid} PRIMARY KEY,
        session_id {uuid} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        token_hash TEXT NOT NULL UNIQUE,
        expires_at {ts} NOT NULL,
        rotated_at {ts},
        replaced_by {uuid},
        created_at {ts} NOT NULL
    );
    CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id)",
);

/// What is sealed.
pub const SEALED: &[SealedColumn] = &[factor::SEED, providers::ACCESS_TOKEN];

/// The module, as the program mounts it.
pub struct Module {
    pub routes: Vec<Route>,
    pub handlers: Handlers,
    pub schedules: Vec<Schedule>,
    pub feed: Feed,
}

pub fn module(identity: &Identity, web: &WebSettings, handlers: Handlers) -> Module {
    let own = identity.clone();
    let handlers = handlers.on(move |run: Run, _: CleanSessions| {
        let identity = own.clone();
        async move { identity.clean_sessions(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = identity.clone();
    let handlers = handlers.on(move |run: Run, _: CleanTokens| {
        let identity = own.clone();
        async move { identity.clean_tokens(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = identity.clone();
    let handlers = handlers.on(move |run: Run, _: PurgeWorkspaces| {
        let identity = own.clone();
        async move { identity.purge_workspaces(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let handlers = mailed::jobs::handlers(identity, handlers);
    let rooms = Rooms::new(identity, web);
    let routes = [
        entrance::routes(&rooms),
        routes::routes(&rooms),
        sessions::routes::routes(&rooms),
        factor::routes::routes(&rooms),
        mailed::routes::routes(&rooms),
        profile::routes::routes(&rooms),
        passkeys::routes::routes(&rooms),
        providers::routes::routes(&rooms),
        workspaces::routes::routes(identity),
        invitations::routes::routes(identity, web),
        policies::routes::routes(identity),
        tokens::routes::routes(identity),
        administration::routes::routes(identity),
        administration::workspaces::routes(identity),
        installation::routes::routes(identity),
    ];
    let routes = routes.into_iter().flatten().collect();
    Module { routes, handlers, schedules: jobs::schedules(), feed: events::feed().and(workspaces::events::feed()) }
}

//! The SQL of sign-ins through others.

use rampart_access::SignedIn;
use rampart_kernel::{Cell, Id as _, Keys, Sealed, SealedColumn, Timestamp, UserId};
use rampart_store::{Migration, Past, Reader, Result, Row, Tx, params};

use super::model::{Departure, Link, LinkId, Outsider, Provider};

pub const MIGRATION: Migration = Migration::new(
    "identity/0007-providers",
    "CREATE TABLE user_identities (
        id {uuid} PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        provider TEXT NOT NULL CHECK (provider IN ('github', 'google')),
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        login TEXT NOT NULL,
        email TEXT,
        access_token TEXT,
        scopes TEXT NOT NULL,
        last_used {ts} NOT NULL,
        created_at {ts} NOT NULL,
        UNIQUE (issuer, subject),
        UNIQUE (user_id, provider)
    );
    CREATE TABLE oauth_states (
        state_hash TEXT PRIMARY KEY,
        provider TEXT NOT NULL,
        redirect TEXT NOT NULL,
        link_user_id {uuid} REFERENCES users (id) ON DELETE CASCADE,
        invitation_hash TEXT,
        expires_at {ts} NOT NULL
    );
    CREATE INDEX oauth_states_expiry ON oauth_states (expires_at)",
);

pub async fn insert_departure(tx: &mut Tx, state_hash: &str, departure: &Departure) -> Result<()> {
    tx.execute(
        "INSERT INTO oauth_states (state_hash, provider, redirect, link_user_id, invitation_hash, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &params![
            state_hash,
            departure.provider,
            &departure.redirect,
            departure.link,
            departure.invitation_hash.as_deref(),
            departure.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// What was kept, which is gone then.
pub async fn take_departure(tx: &mut Tx, state_hash: &str) -> Result<Option<Departure>> {
    let rows = tx.change("DELETE FROM oauth_states WHERE state_hash = $1 RETURNING *", &params![state_hash]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Departure {
        provider: row.get("provider")?,
        redirect: row.get("redirect")?,
        link: row.get("link_user_id")?,
        invitation_hash: row.get("invitation_hash")?,
        expires_at: row.get("expires_at")?,
    }))
}

/// Those who did not come back.
pub const DEPARTURES: Past = Past::of("oauth_states", "expires_at").keyed("state_hash");

/// To whose account this one leads.
pub async fn find_owner(reader: &mut Reader, outsider: &Outsider) -> Result<Option<(LinkId, UserId)>> {
    let sql = "SELECT id, user_id FROM user_identities WHERE issuer = $1 AND subject = $2";
    let Some(row) = reader.find(sql, &params![&outsider.issuer, &outsider.subject]).await? else { return Ok(None) };
    Ok(Some((row.get("id")?, row.get("user_id")?)))
}

pub const ACCESS_TOKEN: SealedColumn =
    SealedColumn { table: "user_identities", column: "access_token", row: "id", sealed_as: "access_token" };

pub fn cell(id: LinkId) -> Cell<'static> {
    ACCESS_TOKEN.cell(id.uuid())
}

pub async fn insert(tx: &mut Tx, keys: &Keys, user: UserId, provider: Provider, outsider: &Outsider) -> Result<()> {
    let (id, now): (LinkId, Timestamp) = (tx.origin().new_id(), tx.origin().now());
    let seal = |token| keys.seal(tx.origin().chance(), cell(id), token);
    let token = outsider.access_token.as_ref().map(seal);
    tx.execute(
        "INSERT INTO user_identities (id, user_id, provider, issuer, subject, login, email, access_token, scopes, last_used,
            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        &params![
            id,
            user,
            provider,
            &outsider.issuer,
            &outsider.subject,
            &outsider.login,
            outsider.verified_email.as_deref(),
            token,
            &outsider.scopes,
            now
        ],
    )
    .await?;
    Ok(())
}

/// What the provider says now takes the place of what it said before.
pub async fn refresh(tx: &mut Tx, keys: &Keys, id: LinkId, outsider: &Outsider) -> Result<()> {
    let now = tx.origin().now();
    let seal = |token| keys.seal(tx.origin().chance(), cell(id), token);
    let token = outsider.access_token.as_ref().map(seal);
    tx.execute(
        "UPDATE user_identities SET login = $2, email = $3, access_token = $4, scopes = $5, last_used = $6 WHERE id = $1",
        &params![id, &outsider.login, outsider.verified_email.as_deref(), token, &outsider.scopes, now],
    )
    .await?;
    Ok(())
}

/// Oldest first; one of each provider at most.
pub async fn list(reader: &mut Reader, who: SignedIn) -> Result<Vec<Link>> {
    let sql = "SELECT * FROM user_identities WHERE user_id = $1 ORDER BY created_at, id LIMIT 10";
    let read = |row: &Row| -> Result<Link> {
        Ok(Link {
            id: row.get("id")?,
            provider: row.get("provider")?,
            login: row.get("login")?,
            scopes: row.get("scopes")?,
            created_at: row.get("created_at")?,
        })
    };
    reader.list(sql, &params![who.user()]).await?.iter().map(read).collect()
}

/// The sealed token of somebody's account, and where it stands.
pub async fn token(reader: &mut Reader, user: UserId, provider: Provider) -> Result<Option<(LinkId, Sealed)>> {
    let sql = "SELECT i.id, i.access_token FROM user_identities i JOIN users u ON u.id = i.user_id
               WHERE i.user_id = $1 AND i.provider = $2 AND i.access_token IS NOT NULL AND u.disabled = FALSE
                   AND u.deleted_at IS NULL";
    let read = |row: Row| Ok((row.get("id")?, Sealed::from_text(row.get("access_token")?)));
    reader.find(sql, &params![user, provider]).await?.map(read).transpose()
}

/// Whether there was one.
pub async fn delete(tx: &mut Tx, who: SignedIn, provider: Provider) -> Result<bool> {
    let sql = "DELETE FROM user_identities WHERE user_id = $1 AND provider = $2";
    Ok(tx.execute(sql, &params![who.user(), provider]).await? > 0)
}

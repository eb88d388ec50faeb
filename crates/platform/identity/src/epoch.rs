//! The end of all sessions: what was handed out in another time is not believed any more.

use rampart_kernel::Origin;
use rampart_store::params;

use crate::service::{Identity, Result};

/// Rows changed in one transaction: some milliseconds of the writer.
const BATCH: i64 = 1_000;

impl Identity {
    /// Ends every session, as after a restore: who signed out, was removed or had a token stolen since the backup was made is
    /// unknown to it. How many there were.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn end_every_session(&self, origin: &Origin) -> Result<u64> {
        let mut ended = 0;
        loop {
            let mut tx = self.store.begin(origin).await?;
            let sql = "UPDATE sessions SET revoked_at = $1, revoke_reason = 'restored' WHERE id IN
                       (SELECT id FROM sessions WHERE revoked_at IS NULL ORDER BY id LIMIT $2)";
            let batch = tx.execute(sql, &params![origin.now(), BATCH]).await?;
            tx.commit().await?;
            ended += batch;
            if batch == 0 {
                return Ok(ended);
            }
        }
    }
}

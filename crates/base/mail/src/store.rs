//! Messages that wait, sealed.

use rampart_kernel::{Cell, Id, SealedColumn};
use rampart_store::{Migration, Past, Reader, Result, Tx, params};

rampart_kernel::id! {
    /// One message that waits.
    MailId,
}

/// The table of messages. What was sent leaves it.
pub const MIGRATIONS: &[Migration] = &[Migration::new(
    "mail/0001-mails",
    "CREATE TABLE mails (
        id {uuid} PRIMARY KEY,
        message TEXT NOT NULL,
        created_at {ts} NOT NULL
    );
    CREATE INDEX mails_created ON mails (created_at)",
)];

const MESSAGE: SealedColumn = SealedColumn { table: "mails", column: "message", row: "id", sealed_as: "message" };

/// What is sealed.
pub const SEALED: &[SealedColumn] = &[MESSAGE];

/// Where a message is sealed.
pub(crate) fn cell(id: MailId) -> Cell<'static> {
    MESSAGE.cell(id.uuid())
}

pub(crate) async fn insert(tx: &mut Tx, id: MailId, message: &str) -> Result<()> {
    let now = tx.origin().now();
    let sql = "INSERT INTO mails (id, message, created_at) VALUES ($1, $2, $3)";
    tx.execute(sql, &params![id, message, now]).await.map(drop)
}

pub(crate) async fn find(reader: &mut Reader, id: MailId) -> Result<Option<String>> {
    let row = reader.find("SELECT message FROM mails WHERE id = $1", &params![id]).await?;
    row.map(|row| row.get("message")).transpose()
}

pub(crate) async fn delete(tx: &mut Tx, id: MailId) -> Result<()> {
    tx.execute("DELETE FROM mails WHERE id = $1", &params![id]).await.map(drop)
}

/// Messages that were not sent.
pub(crate) const UNSENT: Past = Past::of("mails", "created_at");

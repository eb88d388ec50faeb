//! Heads of chains, kept outside the database: who cuts the record must reach this file too.

use std::io::Write;
use std::path::Path;

use rampart_kernel::{DerivedKey, Timestamp};
use rampart_store::{Result, Store};
use serde::{Deserialize, Serialize};

use super::Audit;
use super::chain::{Head, heads};

/// A chain's head at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub(super) head: Head,
    mac: String,
}

/// One line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    chain: String,
    seq: i64,
    hash: String,
    at: Timestamp,
    mac: String,
}

impl Checkpoint {
    pub(super) fn is_genuine(&self, key: &DerivedKey) -> bool {
        self.head.mac(key) == self.mac
    }

    /// Those of a file; none when there is no file. Lines that are none are passed over: a power cut may leave half of one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> std::io::Result<Vec<Checkpoint>> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        Ok(lines
            .map(|line| Checkpoint { head: Head { chain: line.chain, seq: line.seq, hash: line.hash }, mac: line.mac })
            .collect())
    }
}

impl Audit {
    /// Appends the heads that moved since the last checkpoint; how many.
    ///
    /// # Errors
    /// When the database or the file does not let it.
    pub async fn checkpoint(&self, store: &Store, path: &Path, now: Timestamp) -> Result<usize> {
        let failed = |error: std::io::Error| rampart_store::Error::Unavailable(format!("{}: {error}", path.display()));
        let known = Checkpoint::read(path).map_err(failed)?;
        let mut text = String::new();
        let mut count = 0;
        let mut after = String::new();
        let mut reader = store.read().await?;
        loop {
            let found = heads(&mut reader, &after).await?;
            let Some((last, _)) = found.last() else { break };
            after = last.chain.clone();
            for (head, mac) in found {
                if head.seq == 0 || known.iter().any(|checkpoint| checkpoint.head == head) {
                    continue;
                }
                let line = Line { chain: head.chain, seq: head.seq, hash: head.hash, at: now, mac };
                text += &serde_json::to_string(&line).expect("texts and numbers can be written");
                text.push('\n');
                count += 1;
            }
        }
        if count > 0 {
            let mut options = std::fs::OpenOptions::new();
            options.create(true).append(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(path).map_err(failed)?;
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Ok(count)
    }
}

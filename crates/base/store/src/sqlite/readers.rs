//! Connections that only read. They see what was committed and stand in nobody's way.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rampart_kernel::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::open_reader;
use super::statement::Line;
use crate::{Error, Result, Row, WAIT_LIMIT};

/// At most this many read at once: statements run on the threads of their callers, of which there are not many more.
const CONNECTIONS: usize = 8;

pub(super) struct Readers {
    path: PathBuf,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Line>>,
}

impl Readers {
    pub fn new(path: PathBuf) -> Readers {
        Readers { path, permits: Arc::new(Semaphore::new(CONNECTIONS)), idle: Mutex::new(Vec::new()) }
    }

    pub async fn take(readers: &Arc<Readers>) -> Result<ReadConnection> {
        let permit = tokio::time::timeout(WAIT_LIMIT, readers.permits.clone().acquire_owned())
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|error| Error::Unexpected(error.into()))?;
        let idle = readers.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let line = match idle {
            Some(line) => line,
            None => Line::new(open_reader(&readers.path)?)?,
        };
        Ok(ReadConnection { line: Some(line), readers: readers.clone(), _permit: permit })
    }
}

/// Goes back to the others when dropped.
pub(crate) struct ReadConnection {
    /// There until dropped.
    line: Option<Line>,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl ReadConnection {
    pub fn rows(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.line.as_ref().expect("a connection has its line until dropped").rows(sql, params)
    }
}

impl Drop for ReadConnection {
    fn drop(&mut self) {
        let mut idle = self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.line.take());
    }
}

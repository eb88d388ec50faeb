//! What wakes those who wait for work, once it is durable.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung by a transaction after its commit. A ring that nobody hears is kept for the next who listens.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    pub fn ring(&self) {
        self.0.notify_one();
    }

    pub async fn heard(&self) {
        self.0.notified().await;
    }
}

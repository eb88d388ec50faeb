//! Rules and how they stand, as values.

use std::pin::Pin;
use std::sync::Arc;

use rampart_kernel::{Origin, Timestamp};

rampart_kernel::named! {
    /// How a rule stands.
    pub enum State {
        Ok = "ok",
        Firing = "firing",
    }
}

/// What is measured; nothing where there is nothing to measure, such as backups of a database that has its own means.
pub type Measured = Result<Option<f64>, Box<dyn std::error::Error + Send + Sync>>;

type Measure = Arc<dyn Fn(Origin) -> Pin<Box<dyn Future<Output = Measured> + Send>> + Send + Sync>;

/// On which side of its threshold a value is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    Above,
    Below,
}

/// Something that is measured, and from where on it is not as it should be.
#[derive(Clone)]
pub struct AlertRule {
    /// `QueueDepthHigh`: also the name of the alert for Prometheus.
    pub name: &'static str,
    /// What is wrong when it fires, and what to look at.
    pub summary: &'static str,
    pub threshold: f64,
    bad: Bad,
    measure: Measure,
}

impl AlertRule {
    pub fn new<F, T>(name: &'static str, summary: &'static str, (bad, threshold): (Bad, f64), measure: F) -> AlertRule
    where
        F: Fn(Origin) -> T + Send + Sync + 'static,
        T: Future<Output = Measured> + Send + 'static,
    {
        AlertRule { name, summary, threshold, bad, measure: Arc::new(move |origin| Box::pin(measure(origin))) }
    }

    /// # Errors
    /// When it cannot be measured.
    pub async fn measure(&self, origin: &Origin) -> Measured {
        (self.measure)(origin.clone()).await
    }

    pub fn state(&self, value: f64) -> State {
        let bad = match self.bad {
            Bad::Above => value > self.threshold,
            Bad::Below => value < self.threshold,
        };
        if bad { State::Firing } else { State::Ok }
    }
}

/// How a rule stood when it was looked at last.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    pub rule: String,
    pub state: State,
    pub value: f64,
    /// Since when it stands so.
    pub since: Timestamp,
    pub checked_at: Timestamp,
}

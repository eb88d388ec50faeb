//! Looking at the rules, and saying when one begins to fire.

use rampart_access::Ctx;
use rampart_kernel::{Origin, Timestamp};
use rampart_store::Event;
use serde::Serialize;

use super::model::{Alert, AlertRule, State};
use super::store;
use crate::error::Result;
use crate::module::Operations;

/// A rule began to fire; told to the administrators of the installation.
#[derive(Serialize)]
pub struct SystemAlert<'a> {
    pub rule: &'a str,
    pub summary: &'a str,
    pub value: f64,
    pub threshold: f64,
    pub since: Timestamp,
}

impl Event for SystemAlert<'_> {
    const NAME: &'static str = "system.alert";
}

impl Operations {
    /// Every rule, and how it stood when it was looked at last; nothing of one that was not yet.
    ///
    /// # Errors
    /// When the caller does not administer the installation.
    pub async fn alerts(&self, ctx: &Ctx) -> Result<Vec<(AlertRule, Option<Alert>)>> {
        ctx.require_platform_admin()?;
        let mut known = store::list(&mut self.store.read().await?).await?;
        Ok(self.rules().into_iter().map(|rule| (rule.clone(), known.remove(rule.name))).collect())
    }

    /// Looks at every rule. One that begins to fire is told once: in the transaction that notes it.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn evaluate_alerts(&self, origin: &Origin) -> Result<()> {
        let mut measured = Vec::new();
        for rule in self.rules() {
            match rule.measure(origin).await {
                Ok(Some(value)) => measured.push((rule, value)),
                Ok(None) => {}
                // The others are looked at all the same.
                Err(error) => tracing::warn!(rule = rule.name, %error, "an alert rule cannot be measured"),
            }
        }
        let mut tx = self.store.begin(origin).await?;
        let before = store::list(&mut tx).await?;
        let now = origin.now();
        let mut after = Vec::with_capacity(measured.len());
        for (rule, value) in &measured {
            let state = rule.state(*value);
            let known = before.get(rule.name).filter(|known| known.state == state);
            let since = known.map_or(now, |known| known.since);
            if state == State::Firing && known.is_none() {
                let (rule, summary, threshold) = (rule.name, rule.summary, rule.threshold);
                tracing::warn!(rule, value, threshold, "an alert begins to fire");
                tx.emit(&SystemAlert { rule, summary, value: *value, threshold, since });
            }
            after.push(Alert { rule: rule.name.to_owned(), state, value: *value, since, checked_at: now });
        }
        store::save(&mut tx, &after).await?;
        Ok(tx.commit().await?)
    }
}

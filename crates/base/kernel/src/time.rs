//! Time as milliseconds since 1970, and the port it comes from.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Where the time comes from. Tests hand in a clock that stands still.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port through which everybody else asks")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A moment in UTC, in milliseconds; between the years 1 and 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is no moment.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a moment such as 2024-01-15T10:30:00Z")]
pub struct BadTimestamp(pub String);

/// 0001-01-01 and 9999-12-31T23:59:59.999Z: what four digits of a year can say.
const BOUNDS_MS: (i64, i64) = (-62_135_596_800_000, 253_402_300_799_999);

impl Timestamp {
    /// Milliseconds since 1970; brought into the bounds.
    pub fn from_millis(millis: i64) -> Timestamp {
        Timestamp(millis.clamp(BOUNDS_MS.0, BOUNDS_MS.1))
    }

    pub fn as_millis(self) -> i64 {
        self.0
    }

    pub fn to_chrono(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).expect("a Timestamp is within chrono's range")
    }

    /// The form of storage: fixed width, so that texts order as the moments do. `2024-01-15T10:30:00.000Z`
    pub fn to_text(self) -> String {
        self.to_chrono().to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// How long after `earlier`; nothing when it is before.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, span: Duration) -> Timestamp {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(self.0.saturating_add(millis))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Timestamp;

    fn sub(self, span: Duration) -> Timestamp {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(self.0.saturating_sub(millis))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(moment: DateTime<Utc>) -> Timestamp {
        Timestamp::from_millis(moment.timestamp_millis())
    }
}

impl FromStr for Timestamp {
    type Err = BadTimestamp;

    fn from_str(text: &str) -> Result<Timestamp, BadTimestamp> {
        let moment = DateTime::parse_from_rfc3339(text).map_err(|_| BadTimestamp(text.to_owned()))?;
        Ok(moment.with_timezone(&Utc).into())
    }
}

/// As the API writes it: whole seconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_chrono().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_keeps_milliseconds_and_the_api_shows_seconds() {
        let moment: Timestamp = "2024-01-15T10:30:00.25Z".parse().unwrap();
        assert_eq!(moment.to_text(), "2024-01-15T10:30:00.250Z");
        assert_eq!(moment.to_string(), "2024-01-15T10:30:00Z");
        assert_eq!(moment.to_text().parse::<Timestamp>().unwrap(), moment);
    }

    #[test]
    fn moments_stay_within_four_digits_of_a_year() {
        let last = Timestamp::from_millis(i64::MAX);
        assert_eq!(last.to_text(), "9999-12-31T23:59:59.999Z");
        assert_eq!(last + Duration::from_secs(1), last);
        assert_eq!(Timestamp::from_millis(i64::MIN).to_text(), "0001-01-01T00:00:00.000Z");
    }
}

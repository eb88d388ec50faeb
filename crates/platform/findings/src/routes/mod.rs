//! The routes: what they take and answer, and nothing decided.

mod dashboard;
mod import;
mod list;
mod one;

use std::str::FromStr;

use rampart_web::{ApiError, Route};
use serde::Deserialize;

pub use one::VulnerabilityDetail;

use crate::service::Findings;

pub fn routes(findings: &Findings) -> Vec<Route> {
    let parts = [list::routes, one::routes, dashboard::routes, import::routes];
    parts.into_iter().flat_map(|routes| routes(findings)).collect()
}

/// Values with commas between them; with `!` before the first: all others.
#[derive(Clone, Debug, Default, PartialEq)]
struct Choice {
    values: Vec<String>,
    is_not: bool,
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Choice, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (is_not, text) = text.strip_prefix('!').map_or((false, text.as_str()), |rest| (true, rest));
        Ok(Choice { values: text.split(',').map(|value| value.trim().to_owned()).collect(), is_not })
    }
}

impl Choice {
    fn of<T: FromStr + Copy + PartialEq>(&self, field: &str, all: &[T]) -> Result<Vec<T>, ApiError> {
        let values = self.values.iter().map(|value| value.parse::<T>());
        let values = values
            .collect::<Result<Vec<T>, _>>()
            .map_err(|_| ApiError::invalid(field, "has a value that it cannot have"))?;
        if self.is_not { Ok(all.iter().copied().filter(|one| !values.contains(one)).collect()) } else { Ok(values) }
    }
}

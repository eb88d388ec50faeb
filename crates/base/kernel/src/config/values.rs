//! The types a setting can have.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::Secret;

/// A type that a setting can have.
pub trait Setting: Sized {
    /// Whether the value is masked when shown.
    const SECRET: bool = false;

    /// # Errors
    /// What is wrong with the text, without the text: it may be a secret.
    fn parse(text: &str) -> Result<Self, String>;
}

/// A length of time: `90s`, `15m`, `24h`, `7d`; at most 10 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

/// A number of bytes: `512`, `64kB`, `10MB`; thousand-based, as people say them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub usize);

/// How often something may happen: `5/15m`; or `unlimited`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Nothing when unlimited.
    pub count: Option<u32>,
    pub window: Duration,
}

/// Longer ones are mistakes: a certificate lives for one year, an account for a few.
const LONGEST_SPAN_S: u64 = 10 * 366 * 86_400;

/// The number at the beginning and the unit after it.
fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..digits].parse().ok()?, text[digits..].trim()))
}

impl Setting for Span {
    fn parse(text: &str) -> Result<Span, String> {
        let wrong = || "a length of time is a number and a unit: 90s, 15m, 24h, 7d; at most 10 years".to_owned();
        let (number, unit) = number_and_unit(text.trim()).ok_or_else(wrong)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(wrong()),
        };
        let seconds = number.checked_mul(seconds).filter(|seconds| *seconds <= LONGEST_SPAN_S).ok_or_else(wrong)?;
        Ok(Span(Duration::from_secs(seconds)))
    }
}

impl Setting for Size {
    fn parse(text: &str) -> Result<Size, String> {
        let wrong = || "a size is a number and a unit: 512, 64kB, 10MB, 1GB".to_owned();
        let (number, unit) = number_and_unit(text.trim()).ok_or_else(wrong)?;
        let factor = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "kb" => 1_000,
            "mb" => 1_000_000,
            "gb" => 1_000_000_000,
            _ => return Err(wrong()),
        };
        let bytes = number.checked_mul(factor).and_then(|bytes| usize::try_from(bytes).ok()).ok_or_else(wrong)?;
        Ok(Size(bytes))
    }
}

impl Setting for Rate {
    fn parse(text: &str) -> Result<Rate, String> {
        let wrong = || "a rate is a count and a length of time, such as 5/15m; or `unlimited`".to_owned();
        if text.trim() == "unlimited" {
            return Ok(Rate { count: None, window: Duration::from_secs(1) });
        }
        let (count, window) = text.trim().split_once('/').ok_or_else(wrong)?;
        let Span(window) = Span::parse(window)?;
        let count: u32 = count.parse().map_err(|_| wrong())?;
        if window.is_zero() || count == 0 {
            return Err(wrong());
        }
        Ok(Rate { count: Some(count), window })
    }
}

impl Setting for Secret {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Secret, String> {
        Ok(Secret::new(text))
    }
}

impl Setting for String {
    fn parse(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }
}

impl Setting for PathBuf {
    fn parse(text: &str) -> Result<PathBuf, String> {
        if text.is_empty() { Err("a path is not empty".to_owned()) } else { Ok(PathBuf::from(text)) }
    }
}

impl Setting for bool {
    fn parse(text: &str) -> Result<bool, String> {
        match text.trim() {
            "true" | "1" | "on" | "yes" => Ok(true),
            "false" | "0" | "off" | "no" => Ok(false),
            _ => Err("either true or false".to_owned()),
        }
    }
}

macro_rules! numbers {
    ($($type:ty),+) => {$(
        impl Setting for $type {
            fn parse(text: &str) -> Result<$type, String> {
                text.trim().parse().map_err(|_| format!("a whole number from {} to {}", <$type>::MIN, <$type>::MAX))
            }
        }
    )+};
}

numbers!(u16, u32, u64);

impl Setting for IpAddr {
    fn parse(text: &str) -> Result<IpAddr, String> {
        text.trim().parse().map_err(|_| "an address such as 127.0.0.1 or ::1".to_owned())
    }
}

/// Not set when empty.
impl<T: Setting> Setting for Option<T> {
    const SECRET: bool = T::SECRET;

    fn parse(text: &str) -> Result<Option<T>, String> {
        if text.is_empty() { Ok(None) } else { T::parse(text).map(Some) }
    }
}

/// With commas between.
impl<T: Setting> Setting for Vec<T> {
    const SECRET: bool = T::SECRET;

    fn parse(text: &str) -> Result<Vec<T>, String> {
        text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(T::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_refused() {
        let span = |text| Span::parse(text).ok().map(|span| span.0.as_secs());
        assert_eq!(span("15m"), Some(900));
        assert_eq!(span("7 d"), Some(604_800));
        for bad in ["", "15", "-1s", "1w", "99999999999999999999s", "4000d"] {
            assert_eq!(span(bad), None, "{bad}");
        }
        let rate = |text| Rate::parse(text).ok().map(|rate| (rate.count, rate.window.as_secs()));
        assert_eq!(rate("5/15m"), Some((Some(5), 900)));
        assert_eq!(rate("unlimited"), Some((None, 1)));
        for bad in ["5", "0/1m", "5/0s", "x/1m"] {
            assert_eq!(rate(bad), None, "{bad}");
        }
        assert_eq!(Size::parse("10MB"), Ok(Size(10_000_000)));
        assert_eq!(Vec::<u16>::parse("1, 2,"), Ok(vec![1, 2]));
        assert_eq!(Option::<u16>::parse(""), Ok(None));
    }
}

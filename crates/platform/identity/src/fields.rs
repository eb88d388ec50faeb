//! What fields of bodies are made of: bounds that a value is read within, so that nobody checks them later.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A name of so many characters, none of which steers a terminal.
pub struct Name<const LEAST: usize, const MOST: usize>(pub String);

impl<'de, const LEAST: usize, const MOST: usize> Deserialize<'de> for Name<LEAST, MOST> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?.trim().to_owned();
        if (LEAST..=MOST).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            Ok(Name(text))
        } else {
            Err(serde::de::Error::custom(format!("has {LEAST} to {MOST} characters")))
        }
    }
}

/// A number within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between<const LEAST: u32, const MOST: u32>(pub u32);

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Between<LEAST, MOST> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        if (LEAST..=MOST).contains(&number) {
            Ok(Between(number))
        } else {
            Err(serde::de::Error::custom(format!("is from {LEAST} to {MOST}")))
        }
    }
}

impl<const LEAST: u32, const MOST: u32> Serialize for Between<LEAST, MOST> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

/// At most so many of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Few<T, const MOST: usize>(Vec<T>);

impl<T, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Few(Vec::new())
    }
}

impl<T, const MOST: usize> Deref for Few<T, MOST> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Few<T, MOST> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::deserialize(deserializer)?;
        if items.len() <= MOST {
            Ok(Few(items))
        } else {
            Err(serde::de::Error::custom(format!("has at most {MOST} entries")))
        }
    }
}

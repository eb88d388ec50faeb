//! What fields of bodies are made of: bounds that a value is read within, so that nobody checks them later.

use serde::Deserialize;

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
#[derive(Clone, Copy)]
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

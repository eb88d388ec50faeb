//! The values that go into columns and come out of them: what SQLite and PostgreSQL have in common.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Sealed, Timestamp};

/// What a column can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Uuid(Uuid),
    Time(Timestamp),
    Json(Json),
    /// JSON as somebody sent it, known to be some; it comes back as the other kind.
    JsonText(String),
}

/// A type that can be read from a column.
///
/// SQLite knows fewer types than there are here: it gives ids, moments and JSON as text, and truth as a number.
pub trait FromValue: Sized {
    /// Nothing when the column holds something else.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! into_value {
    ($($type:ty => |$name:ident| $value:expr),+ $(,)?) => {$(
        impl From<$type> for Value {
            fn from($name: $type) -> Value {
                $value
            }
        }
    )+};
}

into_value! {
    bool => |it| Value::Bool(it),
    i64 => |it| Value::Int(it),
    i32 => |it| Value::Int(it.into()),
    u32 => |it| Value::Int(it.into()),
    u16 => |it| Value::Int(it.into()),
    f64 => |it| Value::Real(it),
    String => |it| Value::Text(it),
    &str => |it| Value::Text(it.to_owned()),
    &String => |it| Value::Text(it.clone()),
    Uuid => |it| Value::Uuid(it),
    Timestamp => |it| Value::Time(it),
    Json => |it| Value::Json(it),
    Sealed => |it| Value::Text(it.as_text().to_owned()),
    &Sealed => |it| Value::Text(it.as_text().to_owned()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(it: Option<T>) -> Value {
        it.map_or(Value::Null, Into::into)
    }
}

macro_rules! from_value {
    ($($type:ty { $($pattern:pat => $value:expr),+ $(,)? })+) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Option<$type> {
                match value {
                    $($pattern => $value,)+
                    _ => None,
                }
            }
        }
    )+};
}

from_value! {
    bool { Value::Bool(it) => Some(it), Value::Int(0) => Some(false), Value::Int(1) => Some(true) }
    i64 { Value::Int(it) => Some(it) }
    u32 { Value::Int(it) => u32::try_from(it).ok() }
    f64 { Value::Real(it) => Some(it), Value::Int(it) => Some(it as f64) }
    String { Value::Text(it) => Some(it) }
    Uuid { Value::Uuid(it) => Some(it), Value::Text(it) => Uuid::try_parse(&it).ok() }
    Timestamp { Value::Time(it) => Some(it), Value::Text(it) => it.parse().ok() }
    Json { Value::Json(it) => Some(it), Value::Text(it) => serde_json::from_str(&it).ok() }
    Sealed { Value::Text(it) => Some(Sealed::from_text(it)) }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Option<T>> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// Declares an enum whose variants have names outside: in JSON, in columns, in URLs.
///
/// ```
/// rampart_kernel::named! {
///     /// How bad it is.
///     pub enum Level { Low = "low", High = "high" }
/// }
/// assert_eq!(Level::High.name(), "high");
/// assert_eq!("low".parse(), Ok(Level::Low));
/// assert!("worse".parse::<Level>().is_err());
/// ```
#[macro_export]
macro_rules! named {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$variant_meta:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$variant_meta])* $variant),+
        }

        impl $type {
            pub const ALL: &'static [$type] = &[$($type::$variant),+];
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            pub fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name),+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<$type, String> {
                match text {
                    $($name => Ok($type::$variant),)+
                    _ => Err(format!("one of {}", $type::NAMES.join(", "))),
                }
            }
        }

        impl $crate::config::Setting for $type {
            fn parse(text: &str) -> Result<$type, String> {
                text.parse()
            }
        }

        impl From<$type> for $crate::Value {
            fn from(it: $type) -> $crate::Value {
                $crate::Value::from(it.name())
            }
        }

        impl $crate::FromValue for $type {
            fn from_value(value: $crate::Value) -> Option<$type> {
                <String as $crate::FromValue>::from_value(value)?.parse().ok()
            }
        }

        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = <String as $crate::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(<D::Error as $crate::serde::de::Error>::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_gives_as_text_or_number_is_read_as_what_it_is() {
        let id = Uuid::from_u128(7);
        assert_eq!(Uuid::from_value(Value::Text(id.to_string())), Some(id));
        assert_eq!(bool::from_value(Value::Int(1)), Some(true));
        assert_eq!(bool::from_value(Value::Int(2)), None);
        assert_eq!(Json::from_value(Value::Text("[1]".to_owned())), Some(serde_json::json!([1])));
        assert_eq!(Option::<i64>::from_value(Value::Null), Some(None));
        assert_eq!(i64::from_value(Value::Null), None);
    }
}

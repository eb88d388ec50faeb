//! Ids: UUIDv7, one type per thing, so that the id of one thing cannot be taken for that of another.

use thiserror::Error;
use uuid::Uuid;

/// A text that is no id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not an id")]
pub struct BadId(pub String);

/// What all ids have in common.
pub trait Id: Copy + Send + Sync + 'static {
    fn from_uuid(uuid: Uuid) -> Self;
    fn uuid(self) -> Uuid;
}

/// Declares an id: `id! { /// A finding. FindingId }`.
///
/// It is written and read in lower case with hyphens.
#[macro_export]
macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::serde::Serialize, $crate::serde::Deserialize,
        )]
        #[serde(crate = "rampart_kernel::serde", transparent)]
        pub struct $name($crate::uuid::Uuid);

        impl $crate::Id for $name {
            fn from_uuid(uuid: $crate::uuid::Uuid) -> Self {
                Self(uuid)
            }

            fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }
        }

        impl From<$name> for $crate::Value {
            fn from(id: $name) -> $crate::Value {
                $crate::Value::Uuid(id.0)
            }
        }

        impl $crate::FromValue for $name {
            fn from_value(value: $crate::Value) -> Option<$name> {
                <$crate::uuid::Uuid as $crate::FromValue>::from_value(value).map($name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.as_hyphenated())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::BadId;

            fn from_str(text: &str) -> Result<Self, $crate::BadId> {
                let uuid = $crate::uuid::Uuid::try_parse(text).map_err(|_| $crate::BadId(text.to_owned()))?;
                Ok(Self(uuid))
            }
        }
    )+};
}

// The macro names this crate by its outside name.
use crate as rampart_kernel;

id! {
    /// A person with an account.
    UserId,
    /// A tenant: owns every other object.
    WorkspaceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let text = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c";
        let id: UserId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        assert_eq!("7".parse::<UserId>(), Err(BadId("7".to_owned())));
    }
}

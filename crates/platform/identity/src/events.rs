//! The facts that this module publishes.

use rampart_kernel::UserId;
use rampart_store::Event;
use serde::Serialize;

macro_rules! events {
    ($($(#[$meta:meta])* $type:ident = $name:literal),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $type {
            pub user_id: UserId,
        }

        impl Event for $type {
            const NAME: &'static str = $name;
        }
    )+};
}

events! {
    UserRegistered = "user.registered",
    UserLoggedIn = "user.login",
    UserLoggedOut = "user.logout",
    UserLocked = "user.locked",
    UserVerified = "user.verified",
    PasswordReset = "user.password_reset",
    PasswordChanged = "user.password_changed",
    PasskeyAdded = "user.passkey_added",
    PasskeyRemoved = "user.passkey_removed",
    TwoFactorEnabled = "user.two_factor_enabled",
    TwoFactorDisabled = "user.two_factor_disabled",
}

//! By what push services know this installation.

use rampart_kernel::Secret;

rampart_kernel::settings! {
    /// By what push services know this installation. A pair is made by `npx web-push generate-vapid-keys`, or any other tool for VAPID.
    pub struct PushSettings {
        /// Public key for Web Push: 65 bytes in base64url.
        public_key: Option<String> = "" from "VAPID_PUBLIC_KEY",
        /// Private key for Web Push: 32 bytes in base64url.
        private_key: Option<Secret> = "" from "VAPID_PRIVATE_KEY",
        /// Whom push services write to when something is wrong: mailto:… or https://…
        subject: Option<String> = "" from "VAPID_SUBJECT",
    }
}

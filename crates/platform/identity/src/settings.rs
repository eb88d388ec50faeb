//! How people get in and how long they stay.

use rampart_kernel::config::{Rate, Span};

rampart_kernel::named! {
    /// Who may register.
    pub enum RegistrationMode {
        /// Whoever has an invitation.
        Invite = "invite",
        Closed = "closed",
    }
}

rampart_kernel::settings! {
    /// How people get in and how long they stay.
    pub struct IdentitySettings {
        /// Who may register: invite or closed.
        registration: RegistrationMode = "invite" from "REGISTRATION_MODE",
        /// Lifetime of access tokens.
        access_lifetime: Span = "15m" from "JWT_EXPIRY",
        /// Lifetime of a session from its last refresh.
        session_lifetime: Span = "7d" from "REFRESH_TOKEN_EXPIRY",
        /// The same for those who ask to be remembered.
        remembered_lifetime: Span = "30d" from "REFRESH_TOKEN_EXPIRY_REMEMBER",
        /// Failed logins after which an account is locked.
        lockout_threshold: u32 = "10" from "LOCKOUT_THRESHOLD",
        /// Minutes for which it is locked.
        lockout_minutes: u32 = "30" from "LOCKOUT_MINUTES",
        /// Whether an address must be confirmed before one can sign in with it.
        require_verification: bool = "true" from "REQUIRE_EMAIL_VERIFICATION",
        /// Mails that confirm an address, per account.
        verifications: Rate = "5/1h" from "RATE_LIMIT_VERIFY",
        /// Mails that set a new password, per account.
        resets: Rate = "3/1h" from "RATE_LIMIT_RESET",
        /// Memory that hashing a password takes.
        argon2_memory_kib: u32 = "65536" from "ARGON2_MEMORY_KIB",
        /// Passes over that memory.
        argon2_iterations: u32 = "3" from "ARGON2_ITERATIONS",
        /// Lanes of it.
        argon2_parallelism: u32 = "4" from "ARGON2_PARALLELISM",
    }
}

//! Mail: one message to one person, written with the change that causes it and sent afterwards.
//!
//! Owns the table of messages that wait, the texts and looks of all messages, and the ways to send them: SMTP, SES,
//! SendGrid, Postmark, or the log.
//! A message is written in the transaction of its cause, sealed, as it may hold a link that opens an account; a job sends it and
//! then forgets it. The job runs at least once, so a message may be sent twice; both then carry the same `Message-ID`.
//!
//! Never decides who hears of what, and never puts a text of others into a header or a page without making it harmless.
//!
//! ```
//! use rampart_mail::{Address, Link, Locale, Message, Name, render};
//!
//! let message = Message::VerifyEmail {
//!     name: Name::new("Ada"),
//!     link: Link::parse("https://rampart.example/app/verify?token=x").unwrap(),
//!     hours: 24,
//! };
//! let letter = render(&message, Locale::En).unwrap();
//! assert_eq!(letter.subject, "Confirm your e-mail address");
//! assert!(letter.text.contains("https://rampart.example/app/verify?token=x"));
//! assert!("ada@example.org\r\nBcc: all@example.org".parse::<Address>().is_err());
//! ```

mod error;
mod http;
mod link;
mod mail;
mod message;
mod model;
mod render;
mod settings;
mod smtp;
mod store;
mod transport;

pub use error::{Error, SendError};
pub use link::Link;
pub use mail::{CleanMails, Mail, NOTIFICATIONS, SendEmail};
pub use message::{Change, DigestItem, Message, Period, samples};
pub use model::{Address, Locale, Name};
pub use render::{Letter, Links, render, render_with};
pub use settings::{MailSettings, Provider, Sender, SmtpTls};
pub use store::{MIGRATIONS, SEALED};

//! How mail is sent.

use std::path::PathBuf;

use rampart_egress::Endpoint;
use rampart_kernel::Secret;
use rampart_kernel::config::Setting;

rampart_kernel::named! {
    /// The way that messages go.
    pub enum Provider {
        /// Into the log: for development, and for those who have no mail server.
        Console = "console",
        Smtp = "smtp",
        /// Amazon's Simple Email Service, with the keys of AWS.
        Ses = "ses",
        SendGrid = "sendgrid",
        Postmark = "postmark",
    }
}

rampart_kernel::named! {
    /// How the connection to the mail server is protected.
    pub enum SmtpTls {
        /// Begun in clear and protected before anything is told; refused when the server cannot.
        StartTls = "starttls",
        /// Protected from the beginning (port 465).
        Tls = "tls",
        /// Not at all; only to this machine.
        None = "none",
    }
}

/// Whom messages are from: `rampart@example.org`, or `Rampart <rampart@example.org>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(pub(crate) lettre::message::Mailbox);

impl Setting for Sender {
    fn parse(text: &str) -> Result<Sender, String> {
        let wrong = || "an address, with or without a name: Rampart <rampart@example.org>".to_owned();
        if text.chars().any(char::is_control) {
            return Err(wrong());
        }
        text.parse().map(Sender).map_err(|_| wrong())
    }
}

rampart_kernel::settings! {
    /// How mail is sent.
    pub struct MailSettings {
        /// Way that mail goes: console (into the log), smtp, ses, sendgrid or postmark.
        provider: Provider = "console" from "EMAIL_PROVIDER",
        /// Address that mail comes from, with or without a name before it.
        from: Sender = "Rampart <rampart@localhost>" from "EMAIL_FROM",
        /// Show links whole when mail goes into the log; they open accounts.
        console_links: bool = "false" from "EMAIL_CONSOLE_LINKS",
        /// Mail server.
        smtp_host: Option<String> = "" from "SMTP_HOST",
        /// Its port.
        smtp_port: u16 = "587" from "SMTP_PORT",
        /// Name to sign in with there.
        smtp_username: Option<String> = "" from "SMTP_USERNAME",
        /// Password to sign in with there.
        smtp_password: Option<Secret> = "" from "SMTP_PASSWORD",
        /// Protection of the connection: starttls, tls, or none (only to this machine).
        smtp_tls: SmtpTls = "starttls" from "SMTP_TLS",
        /// File with the certificate, in PEM, of a private authority that signed the mail server's.
        smtp_authority: Option<PathBuf> = "" from "SMTP_CA",
        /// Address of SES, when it is not the usual one of AWS_REGION.
        ses_url: Option<Endpoint> = "" from "SES_URL",
        /// Key of SendGrid.
        sendgrid_key: Option<Secret> = "" from "SENDGRID_API_KEY",
        /// Address of SendGrid; https://api.eu.sendgrid.com for accounts of the European Union.
        sendgrid_url: Endpoint = "https://api.sendgrid.com" from "SENDGRID_URL",
        /// Token of a Postmark server.
        postmark_token: Option<Secret> = "" from "POSTMARK_TOKEN",
        /// Stream of it that messages go through.
        postmark_stream: String = "outbound" from "POSTMARK_STREAM",
        /// Address of Postmark.
        postmark_url: Endpoint = "https://api.postmarkapp.com" from "POSTMARK_URL",
    }
}

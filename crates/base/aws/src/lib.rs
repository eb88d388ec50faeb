//! Who this installation is at AWS: credentials, and requests signed with them.
//!
//! Signatures (SigV4) are made by `object_store`, which the program has anyway: the SDKs of AWS would cost minutes of building for
//! a handful of calls. Knows no service; those who call one know it.
//!
//! ```
//! use rampart_aws::{Aws, AwsSettings};
//! use rampart_kernel::config::{Loader, Sources};
//!
//! let mut loader = Loader::new(Sources::of_variables([("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")]));
//! let settings: Option<AwsSettings> = loader.group();
//! let aws = Aws::new(&settings.unwrap()).unwrap();
//! let mut request = Aws::post("https://email.us-east-1.amazonaws.com/v2/email/outbound-emails", "{}".to_owned()).unwrap();
//! aws.sign("ses", &mut request).unwrap();
//! assert!(request.headers()["authorization"].to_str().unwrap().starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
//! ```

use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::{HttpRequest, HttpRequestBody};
use rampart_kernel::Secret;
use thiserror::Error;

rampart_kernel::settings! {
    /// Who this installation is at AWS.
    pub struct AwsSettings {
        /// Region of the services that are used.
        region: String = "us-east-1" from "AWS_REGION",
        /// Key that requests are signed with; the role of the machine when not set, where a service allows that.
        access_key_id: Option<String> = "" from "AWS_ACCESS_KEY_ID",
        /// Secret of that key.
        secret_access_key: Option<Secret> = "" from "AWS_SECRET_ACCESS_KEY",
        /// Token of a session, with keys that are lent for a time.
        session_token: Option<Secret> = "" from "AWS_SESSION_TOKEN",
    }
}

#[derive(Debug, Error)]
pub enum Error {
    #[error("{0} is needed: the key that requests to AWS are signed with")]
    Missing(&'static str),
    #[error("{0} has characters that no header can hold")]
    NotPlain(&'static str),
    #[error("the request cannot be signed: {0}")]
    Unsigned(String),
}

/// A signer.
pub struct Aws {
    region: String,
    credential: AwsCredential,
}

impl Aws {
    /// # Errors
    /// When there is no key.
    pub fn new(settings: &AwsSettings) -> Result<Aws, Error> {
        let key_id = settings.access_key_id.clone().ok_or(Error::Missing("AWS_ACCESS_KEY_ID"))?;
        let secret = settings.secret_access_key.as_ref().ok_or(Error::Missing("AWS_SECRET_ACCESS_KEY"))?;
        let token = settings.session_token.as_ref().map(|token| token.expose().to_owned());
        // They go into headers.
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        for (name, fits) in [
            ("AWS_ACCESS_KEY_ID", plain(&key_id)),
            ("AWS_REGION", plain(&settings.region)),
            ("AWS_SESSION_TOKEN", token.as_deref().is_none_or(plain)),
        ] {
            if !fits {
                return Err(Error::NotPlain(name));
            }
        }
        let credential = AwsCredential { key_id, secret_key: secret.expose().to_owned(), token };
        Ok(Aws { region: settings.region.clone(), credential })
    }

    pub fn region(&self) -> &str {
        &self.region
    }

    /// A request with a JSON body, not signed yet.
    ///
    /// # Errors
    /// When the address is none.
    pub fn post(url: &str, json: String) -> Result<HttpRequest, Error> {
        http::Request::post(url)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(HttpRequestBody::from(json))
            .map_err(|error| Error::Unsigned(error.to_string()))
    }

    /// Adds the time, the digest and the signature.
    ///
    /// # Errors
    /// When the request cannot be signed: a mistake in the program.
    pub fn sign(&self, service: &str, request: &mut HttpRequest) -> Result<(), Error> {
        let authorizer = AwsAuthorizer::new(&self.credential, service, &self.region);
        authorizer.try_authorize(request, None).map_err(|error| Error::Unsigned(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_header_can_hold_is_refused_at_the_start() {
        let settings = |key: &str, region: &str, token: Option<&str>| AwsSettings {
            region: region.to_owned(),
            access_key_id: Some(key.to_owned()).filter(|key| !key.is_empty()),
            secret_access_key: Some(Secret::new("s")),
            session_token: token.map(Secret::new),
        };
        assert!(Aws::new(&settings("AKID", "eu-central-1", Some("t"))).is_ok());
        for (key, region, token) in [("", "r", None), ("A\nB", "r", None), ("A", "r ", None), ("A", "r", Some("\r"))] {
            assert!(Aws::new(&settings(key, region, token)).is_err(), "{key:?} {region:?} {token:?}");
        }
    }
}

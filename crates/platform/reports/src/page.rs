//! A report as a page: one file that needs nothing else, asks nobody, and prints well.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use sha2::{Digest, Sha256};

use crate::document::Document;
use crate::{Error, safe};

const STYLE: &str = include_str!("../templates/page.css");

/// The page may use its own style, and nothing from anywhere.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
});

pub fn render(document: &Document) -> Result<Vec<u8>, Error> {
    let mut looks = Environment::new();
    looks.set_undefined_behavior(UndefinedBehavior::Strict);
    looks.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    looks.set_auto_escape_callback(|_| AutoEscape::Html);
    looks.add_test("is_web", |address: &str| safe::is_web(address));
    looks.add_filter("code", |text: &str| safe::line(text));
    looks.add_template("page", include_str!("../templates/page.j2"))?;
    let mut data = serde_json::to_value(document)?;
    safe::each(&mut data, &safe::shown);
    let (policy, style) = (POLICY.as_str(), Value::from_safe_string(STYLE.to_owned()));
    let page = looks.get_template("page")?.render(context! { policy, style, d => Value::from(Serde(&data)) })?;
    Ok(page.into_bytes())
}

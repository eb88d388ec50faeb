//! From a message to its subject, its text and its page.
//!
//! The words are a list of blocks per language; text and page are two looks at the same list, so they cannot differ in content.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::link::Link;
use crate::message::Message;
use crate::model::Locale;

/// A message as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// How links are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    Whole,
    /// Without what could be a token, for logs.
    Masked,
}

/// The words of a message; each is a template over the message's fields.
#[derive(Deserialize, Serialize)]
struct Words {
    subject: String,
    /// What mailboxes show beside the subject.
    preview: String,
    blocks: Vec<Block>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Block {
    Text(String),
    /// A link to follow; `to` is the field that holds it.
    Button {
        label: String,
        to: String,
    },
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// Said with less weight.
    Note(String),
    /// Lines of a digest; `of` is the field that holds them.
    Items {
        of: String,
    },
}

/// All words of one language.
#[derive(Deserialize)]
struct Language {
    /// What stands below every message.
    footer: String,
    messages: BTreeMap<String, Words>,
}

static LANGUAGES: LazyLock<BTreeMap<Locale, Language>> = LazyLock::new(|| {
    let read = |text| toml::from_str::<Language>(text).expect("a test reads every language");
    BTreeMap::from([
        (Locale::En, read(include_str!("../templates/en.toml"))),
        (Locale::De, read(include_str!("../templates/de.toml"))),
    ])
});

/// The two looks, and the templates of the words.
static LOOKS: LazyLock<BTreeMap<Locale, Environment<'static>>> = LazyLock::new(|| {
    Locale::ALL.iter().map(|locale| (*locale, looks(*locale).expect("a test makes every look"))).collect()
});

/// # Errors
/// When a template asks for what the message does not have: a mistake in it.
pub fn render(message: &Message, locale: Locale) -> Result<Letter, Error> {
    render_with(message, locale, Links::Whole)
}

/// As [`render`], with links shown as asked.
///
/// # Errors
/// As [`render`].
pub fn render_with(message: &Message, locale: Locale, links: Links) -> Result<Letter, Error> {
    let write = || -> Result<Letter, Box<dyn std::error::Error + Send + Sync>> {
        let language = LANGUAGES.get(&locale).ok_or("there is no such language")?;
        let words = language.messages.get(message.name()).ok_or("there are no words for it")?;
        let looks = LOOKS.get(&locale).ok_or("there is no such language")?;
        let mut fields = serde_json::to_value(message)?;
        if links == Links::Masked {
            mask(&mut fields);
        }
        let fields = Value::from(Serde(fields));
        let words = spell(looks, words, &fields)?;
        let (locale, footer) = (locale.name(), &language.footer);
        let context = context! { locale, footer, fields, ..Value::from(Serde(&words)) };
        let text = looks.get_template("text")?.render(&context)?;
        let html = looks.get_template("html")?.render(&context)?;
        Ok(Letter { subject: one_line(&words.subject), text: text.trim().to_owned() + "\n", html })
    };
    write().map_err(Error::Template)
}

fn looks(locale: Locale) -> Result<Environment<'static>, minijinja::Error> {
    let mut looks = Environment::new();
    looks.set_undefined_behavior(UndefinedBehavior::Strict);
    looks.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // Words have no name: they become text, and are escaped when they are put into the page.
    looks.set_auto_escape_callback(|name| if name == "html" { AutoEscape::Html } else { AutoEscape::None });
    looks.add_filter("when", |at: String| {
        at.replace('T', " ").get(..16).map_or(at.clone(), |minute| format!("{minute} UTC"))
    });
    looks.add_filter("span", move |minutes: u32| span(minutes, locale));
    looks.add_filter("href", |link: String| Value::from_safe_string(href(&link)));
    looks.add_template("html", include_str!("../templates/html.j2"))?;
    looks.add_template("text", include_str!("../templates/text.j2"))?;
    Ok(looks)
}

/// The words with the message's fields in their places.
fn spell(looks: &Environment<'_>, words: &Words, fields: &Value) -> Result<Words, minijinja::Error> {
    let say = |text: &str| looks.render_str(text, fields.clone());
    let block = |block: &Block| {
        Ok(match block {
            Block::Text(text) => Block::Text(say(text)?),
            Block::Note(text) => Block::Note(say(text)?),
            Block::Button { label, to } => Block::Button { label: say(label)?, to: to.clone() },
            Block::Items { of } => Block::Items { of: of.clone() },
            Block::Facts(facts) => Block::Facts(
                facts
                    .iter()
                    .map(|(name, value)| Ok((say(name)?, say(value)?)))
                    .collect::<Result<_, minijinja::Error>>()?,
            ),
        })
    };
    let blocks: Result<Vec<Block>, minijinja::Error> = words.blocks.iter().map(block).collect();
    Ok(Words { subject: say(&words.subject)?, preview: say(&words.preview)?, blocks: blocks? })
}

/// `24 hours`, `7 days`: the largest unit that is whole.
fn span(minutes: u32, locale: Locale) -> String {
    let (count, unit) = match minutes {
        m if m >= 48 * 60 && m % (24 * 60) == 0 => (m / (24 * 60), 2),
        m if m >= 60 && m % 60 == 0 => (m / 60, 1),
        m => (m, 0),
    };
    let one = usize::from(count == 1);
    let words = match locale {
        Locale::En => [["minutes", "minute"], ["hours", "hour"], ["days", "day"]],
        Locale::De => [["Minuten", "Minute"], ["Stunden", "Stunde"], ["Tage", "Tag"]],
    };
    format!("{count} {}", words[unit][one])
}

/// For an attribute in double quotes. Only what HTML asks for is escaped: programs that look for links know no more.
fn href(link: &str) -> String {
    link.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A header is one line whatever somebody's name is.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Every link of a message stands in a field of this name.
fn mask(fields: &mut serde_json::Value) {
    match fields {
        serde_json::Value::Object(map) => {
            for (name, value) in map {
                match value.as_str().map(Link::parse) {
                    Some(Ok(link)) if name == "link" => *value = link.masked().into(),
                    _ => mask(value),
                }
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(mask),
        _ => {}
    }
}

//! Pages of lists.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

/// `?page=1&limit=20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(try_from = "Raw")]
pub struct Page {
    /// From 1.
    #[param(required = false, minimum = 1)]
    pub page: u32,
    /// From 1 to 100.
    #[param(required = false, minimum = 1, maximum = 100)]
    pub limit: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    page: Option<u32>,
    limit: Option<u32>,
}

/// More would be answers that nobody reads to the end.
const LARGEST: u32 = 100;
const USUAL: u32 = 20;

impl TryFrom<Raw> for Page {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Page, String> {
        let (page, limit) = (raw.page.unwrap_or(1), raw.limit.unwrap_or(USUAL));
        if page == 0 || !(1..=LARGEST).contains(&limit) {
            return Err(format!("page counts from 1, limit goes from 1 to {LARGEST}"));
        }
        Ok(Page { page, limit })
    }
}

impl Page {
    pub fn offset(self) -> i64 {
        i64::from(self.page - 1) * i64::from(self.limit)
    }
}

/// A page of a list and how long the list is.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    pub items: Vec<T>,
    pub total: u64,
    pub page: Page,
}

impl<T> Paged<T> {
    /// The same page of what they become.
    pub fn map<U>(self, into: impl FnMut(T) -> U) -> Paged<U> {
        Paged { items: self.items.into_iter().map(into).collect(), total: self.total, page: self.page }
    }
}

impl<T: Serialize> Paged<T> {
    /// `{ "<collection>": [...], "total", "page", "perPage" }`
    pub fn named(&self, collection: &str) -> Value {
        let mut body = Map::new();
        body.insert(collection.to_owned(), json!(self.items));
        body.insert("total".to_owned(), self.total.into());
        body.insert("page".to_owned(), self.page.page.into());
        body.insert("perPage".to_owned(), self.page.limit.into());
        Value::Object(body)
    }
}

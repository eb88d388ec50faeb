//! Pages of lists.

use serde::Deserialize;
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

/// The answer of a list: `{ "<collection>": [...], "total", "page", "perPage" }` and what stands beside them, as a type of its own.
///
/// ```
/// use rampart_web::{Page, Paged, list_of};
///
/// list_of! {
///     /// Those that are ripe.
///     Apples { apples: String, ripest: u32 }
/// }
///
/// let found = Paged { items: vec!["Boskoop".to_owned()], total: 41, page: Page { page: 3, limit: 20 } };
/// let body = serde_json::to_value(Apples::new(found, 7)).unwrap();
/// assert_eq!(body, serde_json::json!({ "apples": ["Boskoop"], "total": 41, "page": 3, "perPage": 20, "ripest": 7 }));
/// ```
#[macro_export]
macro_rules! list_of {
    ($(#[$about:meta])* $List:ident { $items:ident: $Item:ty $(, $(#[$of:meta])* $beside:ident: $Beside:ty)* $(,)? }) => {
        $(#[$about])*
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        struct $List {
            $items: Vec<$Item>,
            total: u64,
            page: u32,
            per_page: u32,
            $($(#[$of])* $beside: $Beside,)*
        }

        impl $List {
            fn new(found: $crate::Paged<$Item>, $($beside: $Beside),*) -> $List {
                let $crate::Paged { items, total, page } = found;
                $List { $items: items, total, page: page.page, per_page: page.limit, $($beside),* }
            }
        }
    };
}

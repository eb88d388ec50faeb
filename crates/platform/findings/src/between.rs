//! What lies between two commits, by their scans alone: for changes that are judged before they are part of anything.

use rampart_report::model::Report;

use crate::content::contents;
use crate::identity::{Change, Item, Known, Looked, pair};

/// What a later scan has that an earlier one does not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// By the findings' places in the later report.
    pub is_new: Vec<bool>,
    /// Findings of the earlier report that are gone, in files that the later scan looked at, or that are gone themselves.
    pub gone: usize,
}

/// Compares two scans. `change` is what git says happened from the one commit to the other.
pub fn between(earlier: &Report, later: &Report, change: &Change) -> Between {
    let items = |report: &Report| -> Vec<Item> {
        contents(report, &Looked::of(report, None)).into_iter().map(|content| content.item).collect()
    };
    let known = items(earlier).into_iter().map(|item| Known { item, is_placed: true, is_open: true });
    let (known, new): (Vec<Known>, Vec<Item>) = (known.collect(), items(later));
    let pairs = pair(&known, &new, change);
    let (mut is_new, mut is_gone) = (vec![true; new.len()], vec![true; known.len()]);
    for pair in pairs {
        (is_new[pair.new], is_gone[pair.known]) = (false, false);
    }
    let scanned: std::collections::HashSet<&str> = later.coverage.scanned.iter().map(String::as_str).collect();
    let could_see =
        |path: &str| change.is_deleted(path) || change.path(path).is_some_and(|path| scanned.contains(path));
    let gone = known.iter().zip(is_gone).filter(|(known, is_gone)| *is_gone && could_see(&known.item.path)).count();
    Between { is_new, gone }
}

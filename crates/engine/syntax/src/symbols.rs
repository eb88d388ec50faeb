//! Interned names.
//!
//! A rule set interns what its patterns mention into one [`Symbols`], which is then frozen and shared. Each file interns on
//! top of it ([`LocalSymbols`]), so that a name that a pattern mentions has the same [`Sym`] in every file and no lock is
//! shared between threads.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// An interned string. `Sym::NONE` is the empty string.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub struct Sym(pub u32);

impl Sym {
    pub const NONE: Sym = Sym(0);

    pub fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// Hash of a string, the same in every table and every run.
pub fn hash_text(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

/// A table of strings; [`Sym`]s count up from `first`.
#[derive(Clone, Debug, Default)]
struct Table {
    text: String,
    ends: Vec<(u32, u32, u64)>,
    map: HashTable<u32>,
}

impl Table {
    fn find(&self, text: &str, hash: u64) -> Option<u32> {
        self.map.find(hash, |&i| self.get(i) == text).copied()
    }

    fn insert(&mut self, text: &str, hash: u64) -> u32 {
        let index = self.ends.len() as u32;
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.ends.push((start, self.text.len() as u32, hash));
        let ends = &self.ends;
        self.map.insert_unique(hash, index, |&i| ends[i as usize].2);
        index
    }

    fn get(&self, index: u32) -> &str {
        let (start, end, _) = self.ends[index as usize];
        &self.text[start as usize..end as usize]
    }
}

/// Symbols of a rule set. Index 0 is the empty string.
#[derive(Clone, Debug)]
pub struct Symbols(Table);

impl Default for Symbols {
    fn default() -> Self {
        let mut table = Table::default();
        table.insert("", hash_text(""));
        Symbols(table)
    }
}

impl Symbols {
    pub fn intern(&mut self, text: &str) -> Sym {
        let hash = hash_text(text);
        Sym(self.0.find(text, hash).unwrap_or_else(|| self.0.insert(text, hash)))
    }

    pub fn find(&self, text: &str) -> Option<Sym> {
        self.0.find(text, hash_text(text)).map(Sym)
    }

    pub fn text(&self, sym: Sym) -> &str {
        self.0.get(sym.0)
    }

    /// Number of symbols; every `Sym` of this table is below it.
    pub fn len(&self) -> usize {
        self.0.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        false
    }
}

/// Symbols of one file, on top of a rule set's.
#[derive(Clone, Debug)]
pub struct LocalSymbols {
    base: Arc<Symbols>,
    local: Table,
}

impl LocalSymbols {
    pub fn new(base: Arc<Symbols>) -> Self {
        LocalSymbols { base, local: Table::default() }
    }

    pub fn intern(&mut self, text: &str) -> Sym {
        let hash = hash_text(text);
        if let Some(i) = self.base.0.find(text, hash) {
            return Sym(i);
        }
        let i = self.local.find(text, hash).unwrap_or_else(|| self.local.insert(text, hash));
        Sym(self.base.len() as u32 + i)
    }

    pub fn find(&self, text: &str) -> Option<Sym> {
        let hash = hash_text(text);
        self.base.0.find(text, hash).or_else(|| Some(self.base.len() as u32 + self.local.find(text, hash)?)).map(Sym)
    }

    pub fn text(&self, sym: Sym) -> &str {
        match (sym.0 as usize).checked_sub(self.base.len()) {
            None => self.base.text(sym),
            Some(i) => self.local.get(i as u32),
        }
    }

    /// Hash of the text, independent of the table it is in.
    pub fn hash(&self, sym: Sym) -> u64 {
        match (sym.0 as usize).checked_sub(self.base.len()) {
            None => self.base.0.ends[sym.0 as usize].2,
            Some(i) => self.local.ends[i].2,
        }
    }

    pub fn base(&self) -> &Arc<Symbols> {
        &self.base
    }
}

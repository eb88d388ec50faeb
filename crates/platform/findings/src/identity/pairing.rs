//! The passes.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::change::Change;
use super::{Kind, Pass, uncounted};

/// A finding, as far as it matters for who it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The rule's id in the registry: an older name of a rule has been replaced by its name of today.
    pub rule: String,
    pub path: String,
    /// From 1.
    pub line: u32,
    pub column: u32,
    pub signatures: BTreeMap<Kind, String>,
}

/// A stored finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub item: Item,
    /// Its line is that of the commit from which [`Change`] is told. It is not where a scan could not see it.
    pub is_placed: bool,
    /// Nobody has dismissed it.
    pub is_open: bool,
}

/// Indexes of a stored finding and the new one that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub known: usize,
    pub new: usize,
    pub pass: Pass,
}

/// Pairs stored findings with those of a new scan, in the order of the new ones.
///
/// `known` are those that were there before this scan, and lie where it looked: what it did not look at is not absent.
pub fn pair(known: &[Known], new: &[Item], change: &Change) -> Vec<Pair> {
    let mut pairing = Pairing {
        known,
        new,
        change,
        known_left: vec![true; known.len()],
        new_left: vec![true; new.len()],
        pairs: Vec::with_capacity(known.len().min(new.len())),
    };
    for kind in Kind::WHOLE {
        pairing.equal(kind);
    }
    pairing.lines(Pass::Line);
    pairing.lines(Pass::Rename);
    pairing.even(Pass::Scope, |item| Some((item.rule.clone(), item.signatures.get(&Kind::Scope)?.clone())));
    pairing.alone(Pass::Body, Kind::Body);
    pairing.edited();
    pairing.alone(Pass::Hint, Kind::Hint);
    pairing.pairs.sort_by_key(|pair| pair.new);
    pairing.pairs
}

struct Pairing<'a> {
    known: &'a [Known],
    new: &'a [Item],
    change: &'a Change,
    known_left: Vec<bool>,
    new_left: Vec<bool>,
    pairs: Vec<Pair>,
}

/// Indexes of what shares a key, on both sides.
type Groups<K> = HashMap<K, (Vec<usize>, Vec<usize>)>;

impl<'a> Pairing<'a> {
    fn take(&mut self, known: usize, new: usize, pass: Pass) {
        self.known_left[known] = false;
        self.new_left[new] = false;
        self.pairs.push(Pair { known, new, pass });
    }

    /// What is left and has a key, by it; groups without one of the sides are left out. Each side is in the order of its places.
    fn groups<K: Eq + Hash>(
        &self,
        of_known: impl Fn(&'a Known) -> Option<K>,
        of_new: impl Fn(&'a Item) -> Option<K>,
    ) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut groups: Groups<K> = HashMap::new();
        for (index, item) in self.new.iter().enumerate().filter(|(index, _)| self.new_left[*index]) {
            if let Some(key) = of_new(item) {
                groups.entry(key).or_default().1.push(index);
            }
        }
        for (index, known) in self.known.iter().enumerate().filter(|(index, _)| self.known_left[*index]) {
            // What is on no other side founds no group.
            if let Some(key) = of_known(known)
                && let Some(group) = groups.get_mut(&key)
            {
                group.0.push(index);
            }
        }
        let place = |item: &Item| (item.path.clone(), item.line, item.column);
        let mut groups: Vec<(Vec<usize>, Vec<usize>)> =
            groups.into_values().filter(|(known, _)| !known.is_empty()).collect();
        for (known, new) in &mut groups {
            if known.len() > 1 || new.len() > 1 {
                known.sort_by_cached_key(|&index| (place(&self.known[index].item), index));
                new.sort_by_cached_key(|&index| (place(&self.new[index]), index));
            }
        }
        groups
    }

    /// P1: the same signature that says who it is. Equal ones of a file are told apart by git, by their place in the function, by
    /// their order.
    fn equal(&mut self, kind: Kind) {
        let key = |item: &'a Item| item.signatures.get(&kind).map(|signature| uncounted(signature));
        for (known, new) in self.groups(|known| key(&known.item), key) {
            // As many as there were: they are those, in their order. Git finds lines again that look alike, wherever they were.
            if known.len() == new.len() {
                for (known, new) in known.into_iter().zip(new) {
                    self.take(known, new, Pass::Match);
                }
                continue;
            }
            let (known, new) = self.agreeing(known, new, Self::mapped, |own, new| {
                let item = &own.new[new];
                Some((item.path.as_str(), item.line, item.column))
            });
            let scope = |item: &'a Item| item.signatures.get(&Kind::Scope).map(String::as_str);
            let (of_known, of_new) = (self.known, self.new);
            let (mut known, new) =
                self.agreeing(known, new, |_, index| scope(&of_known[index].item), |_, index| scope(&of_new[index]));
            // To the letter the same: what nobody has dismissed stays in sight.
            known.sort_by_key(|&index| !self.known[index].is_open);
            known.truncate(new.len());
            known.sort_unstable();
            for (known, new) in known.into_iter().zip(new) {
                self.take(known, new, Pass::Match);
            }
        }
    }

    /// Where git says that a stored finding is now.
    fn mapped(&self, known: usize) -> Option<(&'a str, u32, u32)> {
        let (change, known) = (self.change, &self.known[known]);
        let (path, line) = known.is_placed.then(|| change.place(&known.item.path, known.item.line))??;
        Some((path, line, known.item.column))
    }

    /// Pairs those of a group that have something in common that no other of the group has; what is left of it.
    fn agreeing<K: Eq + Hash>(
        &mut self,
        known: Vec<usize>,
        new: Vec<usize>,
        of_known: impl Fn(&Self, usize) -> Option<K>,
        of_new: impl Fn(&Self, usize) -> Option<K>,
    ) -> (Vec<usize>, Vec<usize>) {
        let mut by_key: Groups<K> = HashMap::new();
        for &index in &known {
            if let Some(key) = of_known(self, index) {
                by_key.entry(key).or_default().0.push(index);
            }
        }
        for &index in &new {
            if let Some(key) = of_new(self, index) {
                by_key.entry(key).or_default().1.push(index);
            }
        }
        for group in by_key.into_values() {
            if let ([known], [new]) = (group.0.as_slice(), group.1.as_slice()) {
                self.take(*known, *new, Pass::Match);
            }
        }
        let left = |indexes: Vec<usize>, left: &[bool]| indexes.into_iter().filter(|&index| left[index]).collect();
        (left(known, &self.known_left), left(new, &self.new_left))
    }

    /// P2 and P3: the same rule on a line that did not change.
    fn lines(&mut self, pass: Pass) {
        let change = self.change;
        let place = |known: &'a Known| {
            let (path, line) = known.is_placed.then(|| change.place(&known.item.path, known.item.line))??;
            ((path == known.item.path) == (pass == Pass::Line)).then_some((path, line))
        };
        let exact = self.groups(
            |known| place(known).map(|(path, line)| (&known.item.rule, path, line, known.item.column)),
            |item| Some((&item.rule, item.path.as_str(), item.line, item.column)),
        );
        self.take_even(exact, pass);
        let near = self.groups(
            |known| place(known).map(|(path, line)| (&known.item.rule, path, line)),
            |item| Some((&item.rule, item.path.as_str(), item.line)),
        );
        self.take_even(near, pass);
    }

    /// P6: the same rule on a line that was changed where it stood, which has one finding of the rule before and after.
    fn edited(&mut self) {
        let change = self.change;
        let groups = self.groups(
            |known| {
                let (path, line) = known.is_placed.then(|| change.edited(&known.item.path, known.item.line))??;
                Some((&known.item.rule, path, line))
            },
            |item| Some((&item.rule, item.path.as_str(), item.line)),
        );
        self.take_even(groups.into_iter().filter(|(known, _)| known.len() == 1).collect(), Pass::Edit);
    }

    /// The same key, as often on both sides.
    fn even<K: Eq + Hash>(&mut self, pass: Pass, key: impl Fn(&'a Item) -> Option<K>) {
        let groups = self.groups(|known| key(&known.item), &key);
        self.take_even(groups, pass);
    }

    fn take_even(&mut self, groups: Vec<(Vec<usize>, Vec<usize>)>, pass: Pass) {
        for (known, new) in groups.into_iter().filter(|(known, new)| known.len() == new.len()) {
            for (known, new) in known.into_iter().zip(new) {
                self.take(known, new, pass);
            }
        }
    }

    /// P5: the same signature, which nothing else on either side has.
    fn alone(&mut self, pass: Pass, kind: Kind) {
        let key = |item: &'a Item| item.signatures.get(&kind).map(|signature| (&item.rule, signature.as_str()));
        for (known, new) in self.groups(|known| key(&known.item), key) {
            if let ([known], [new]) = (known.as_slice(), new.as_slice()) {
                self.take(*known, *new, pass);
            }
        }
    }
}

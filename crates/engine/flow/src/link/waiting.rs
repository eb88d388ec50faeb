//! The order in which what values hold is followed.

use crate::bits::Bits;

/// Nodes and fields of which more is known than was followed.
///
/// They are followed in rounds: what comes to one in a round goes on in the next, so that where there is no place for all, what is near
/// comes before what is far. In a round they are passed in the order of the program, as they lie in memory.
pub(super) struct Waiting {
    now: Bits,
    /// The node of this round that is next, if it waits.
    at: usize,
    later: Bits,
    fields: Bits,
    field: usize,
    later_fields: Bits,
    is_done: bool,
}

pub(super) enum Next {
    Node(usize),
    Field(u32),
}

impl Waiting {
    pub fn new(nodes: usize) -> Waiting {
        let [now, later] = [Bits::new(nodes), Bits::new(nodes)];
        let [fields, later_fields] = [Bits::new(0), Bits::new(0)];
        Waiting { now, at: 0, later, fields, field: 0, later_fields, is_done: true }
    }

    pub fn add(&mut self, node: usize) {
        self.later.set(node);
        self.is_done = false;
    }

    pub fn add_field(&mut self, field: u32) {
        self.later_fields.grow(field as usize + 1);
        self.later_fields.set(field as usize);
        self.is_done = false;
    }

    pub fn next(&mut self) -> Option<Next> {
        loop {
            if let Some(node) = self.now.take(self.at) {
                self.at = node + 1;
                return Some(Next::Node(node));
            }
            if let Some(field) = self.fields.take(self.field) {
                self.field = field + 1;
                return Some(Next::Field(field as u32));
            }
            if std::mem::replace(&mut self.is_done, true) {
                return None;
            }
            std::mem::swap(&mut self.now, &mut self.later);
            std::mem::swap(&mut self.fields, &mut self.later_fields);
            (self.at, self.field) = (0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_a_round_is_followed_in_the_next() {
        let mut waiting = Waiting::new(200);
        let mut seen = Vec::new();
        [150, 3].into_iter().for_each(|node| waiting.add(node));
        while let Some(next) = waiting.next() {
            match next {
                Next::Node(3) => {
                    waiting.add(90);
                    waiting.add_field(70);
                }
                Next::Node(90) => waiting.add(1),
                Next::Field(_) => waiting.add(2),
                Next::Node(_) => {}
            }
            seen.push(match next {
                Next::Node(node) => node,
                Next::Field(field) => 1_000 + field as usize,
            });
        }
        assert_eq!(seen, [3, 150, 90, 1_070, 1, 2]);
    }
}

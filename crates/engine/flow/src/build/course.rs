//! What runs after what, for rules whose sources taint all that follows.
//!
//! It is told as one more variable, the *course*: every expression makes a version of it from the one before, branches join it and
//! calls hand it to their callee and take it back, as they do with any variable. What happened at a place has happened wherever the
//! course comes to from there.

use super::*;

/// The course at an expression. What is said of one expression is said of the two nodes that are its own.
#[derive(Clone, Copy, Debug)]
pub struct Passing {
    /// Where it is about to be evaluated.
    before: Value,
    /// The same for what asks at this expression only: nothing leaves it.
    pub asks: Value,
    /// What this expression alone brings about: nothing comes to it.
    pub begins: Value,
    /// Where it has been evaluated.
    after: Value,
}

impl Builder<'_> {
    pub(super) fn course(&self) -> Var {
        self.this() + 1
    }

    fn keeps_order(&self) -> bool {
        self.order == Order::Kept
    }

    /// The course of the file, or of the function that is being built, begins here. What a lambda does is done after what stands
    /// before it; other functions run when they are called.
    pub(super) fn begin_course(&mut self, id: NodeId) {
        if !self.keeps_order() {
            return;
        }
        let begin = self.hidden(id);
        if self.tree.kind(id) == Kind::Lambda {
            let around = self.state[self.course() as usize];
            self.copy(around, begin);
        }
        if self.function == 0 {
            self.set_var(self.course(), begin);
        } else {
            self.parameter(self.course(), begin, Slot::Course, "", None);
        }
    }

    /// The expression `id` has been evaluated to `value`.
    pub(super) fn advance(&mut self, id: NodeId, value: Value) {
        if !self.keeps_order() || !self.alive {
            return;
        }
        let before = self.state[self.course() as usize];
        let [asks, begins, after] = std::array::from_fn(|_| self.hidden(id));
        self.copy(before, asks);
        self.copy(before, after);
        self.copy(begins, after);
        self.set_var(self.course(), after);
        self.passings.insert(value, Passing { before, asks, begins, after });
    }

    /// Hands the course to a call that was evaluated to `result`: where it is given back.
    pub(super) fn pass_course(&mut self, call: u32, result: Value) -> Option<(Slot, Value)> {
        let &Passing { before, after, .. } = self.passings.get(&result)?;
        self.edge_argument(before, call, Slot::Course);
        Some((Slot::Course, after))
    }

    /// The same for a call that the text does not show.
    pub(super) fn pass_course_on(&mut self, call: u32, id: NodeId) -> Option<(Slot, Value)> {
        let before = self.state[self.course() as usize];
        if !self.keeps_order() || before == NOWHERE {
            return None;
        }
        let after = self.hidden(id);
        self.copy(before, after);
        self.set_var(self.course(), after);
        self.edge_argument(before, call, Slot::Course);
        Some((Slot::Course, after))
    }

    /// Begin and end of the course of a function that only makes this call.
    pub(super) fn own_course(&mut self, call: u32, id: NodeId) -> Option<(Value, Value)> {
        if !self.keeps_order() {
            return None;
        }
        let (begin, end) = (self.hidden(id), self.hidden(id));
        self.copy(begin, end);
        self.edge_argument(begin, call, Slot::Course);
        Some((begin, end))
    }
}

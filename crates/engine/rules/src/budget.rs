//! What one rule may spend on one file.

use std::cell::Cell;
use std::time::Instant;

/// Steps are counted, as they are the same on every machine; the clock ends only what counting does not catch.
pub struct Budget {
    left: Cell<u64>,
    until: Instant,
    cut: Cell<bool>,
}

/// The clock is read once in so many steps: some hundreds of microseconds of them.
const STEPS_BETWEEN_LOOKS: u64 = 1 << 13;

impl Budget {
    /// No steps, and none after `until`.
    pub fn new(until: Instant) -> Budget {
        Budget { left: Cell::new(0), until, cut: Cell::new(false) }
    }

    /// The budget of the next rule.
    pub fn refill(&self, steps: u64) {
        self.left.set(steps);
        self.cut.set(false);
    }

    pub fn left(&self) -> u64 {
        self.left.get()
    }

    /// Takes steps; `false` when none are left.
    pub fn take(&self, steps: u64) -> bool {
        self.leave(self.left.get().saturating_sub(steps))
    }

    /// What a search that counted for itself has left; `false` when that is nothing.
    pub fn leave(&self, left: u64) -> bool {
        let is_late =
            || self.left.get() / STEPS_BETWEEN_LOOKS != left / STEPS_BETWEEN_LOOKS && Instant::now() > self.until;
        if left == 0 || is_late() {
            self.exhaust();
        } else {
            self.left.set(left);
        }
        left > 0
    }

    /// Nothing more is done.
    pub fn exhaust(&self) {
        self.left.set(0);
        self.cut.set(true);
    }

    /// More was there than is kept; work on the rest goes on.
    pub fn cut(&self) {
        self.cut.set(true);
    }

    /// Whether results may be missing.
    pub fn was_cut(&self) -> bool {
        self.cut.get()
    }
}

//! Sets of numbers that are passed in order.

/// A set of numbers: a bit for each, above them a bit for each word of those that is not empty, and so on until one word is left. So the
/// next number is found in as many looks as there are levels, however few there are: a long chain takes a round for each of its links.
pub(crate) struct Bits(Vec<Vec<u64>>);

impl Bits {
    /// For numbers below `end`.
    pub fn new(end: usize) -> Bits {
        let mut bits = Bits(Vec::new());
        bits.grow(end);
        bits
    }

    pub fn grow(&mut self, end: usize) {
        let mut words = end;
        for level in 0.. {
            words = words.div_ceil(64).max(1);
            if level == self.0.len() {
                let below = level.checked_sub(1).map_or(&[][..], |below| self.0[below].as_slice());
                let mut summary = vec![0; words];
                for (number, _) in below.iter().enumerate().filter(|(_, word)| **word != 0) {
                    summary[number / 64] |= 1 << (number % 64);
                }
                self.0.push(summary);
            }
            let known = self.0[level].len();
            self.0[level].resize(words.max(known), 0);
            if words == 1 {
                return;
            }
        }
    }

    pub fn set(&mut self, mut number: usize) {
        for level in &mut self.0 {
            level[number / 64] |= 1 << (number % 64);
            number /= 64;
        }
    }

    /// Takes out the first number from `from` on.
    pub fn take(&mut self, from: usize) -> Option<usize> {
        let (mut level, mut number) = (0, from);
        // Up, until there is something further on.
        loop {
            let bits = self.0.get(level)?.get(number / 64)? & (u64::MAX << (number % 64));
            if bits != 0 {
                number = number / 64 * 64 + bits.trailing_zeros() as usize;
                break;
            }
            (level, number) = (level + 1, number / 64 + 1);
        }
        // And down to the first of it.
        for words in self.0[..level].iter().rev() {
            number = number * 64 + words[number].trailing_zeros() as usize;
        }
        let mut place = number;
        for words in &mut self.0 {
            words[place / 64] &= !(1 << (place % 64));
            if words[place / 64] != 0 {
                break;
            }
            place /= 64;
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_in_order_and_once_at_any_size() {
        for end in [1, 64, 65, 4_096, 4_097, 300_000] {
            let numbers: Vec<usize> = (0..end).filter(|n| n % 97 == 0 || n % 4_096 == 4_095 || *n == end - 1).collect();
            let mut bits = Bits::new(end);
            numbers.iter().rev().for_each(|&number| bits.set(number));
            assert_eq!(bits.take(end + 1), None);
            let mut at = 0;
            for &number in &numbers {
                assert_eq!(bits.take(at), Some(number));
                at = number + 1;
            }
            assert_eq!((bits.take(at), bits.take(0)), (None, None));
            assert!(bits.0.iter().flatten().all(|word| *word == 0));
        }
    }

    #[test]
    fn a_set_grows_and_forgets_nothing() {
        let mut bits = Bits::new(0);
        for end in [1, 64, 65, 5_000, 300_000] {
            bits.grow(end);
            bits.set(end - 1);
        }
        bits.grow(10);
        let all: Vec<usize> = std::iter::from_fn(|| bits.take(0)).collect();
        assert_eq!(all, [0, 63, 64, 4_999, 299_999]);
    }
}

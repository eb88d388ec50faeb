//! Inputs made from real ones.

/// Longest input, in bytes: what goes wrong on long inputs mostly goes wrong on these, and many more of them can be tried.
const MAX_BYTES: usize = 64_000;

/// Random numbers: SplitMix64 by Steele, Lea and Flood.
pub struct Random(u64);

impl Random {
    /// Numbers of their own for each input, so that one can be made again without those before it.
    pub fn new(seed: u64, name: &str, number: u64) -> Random {
        let name = name.bytes().fold(0u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9).wrapping_add(name << 32).wrapping_add(number));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    /// Small numbers mostly, up to `end` seldom.
    pub fn small(&mut self, end: usize) -> usize {
        let bits = self.below(end.max(1).ilog2() as usize + 1);
        self.below((2 << bits).min(end + 1))
    }

    fn of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }

    fn range(&mut self, len: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(len);
        start..(start + 1 + self.small(longest)).min(len)
    }
}

pub struct Mutator<'t> {
    pub seeds: &'t [String],
    /// Tokens of the language. Neither list is empty.
    pub words: &'t [&'static str],
}

/// What stands around something else, in any of the languages.
const PAIRS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("f(", ")"),
    ("a[", "]"),
    ("{a: ", "}"),
    ("if (a) { ", " }"),
    ("() => ", ""),
    ("lambda: ", ""),
    ("a ? ", " : b"),
    ("<a>", "</a>"),
    ("`${", "}`"),
    ("f\"{", "}\""),
    ("not ", ""),
    ("-", ""),
    ("", ".a()"),
    ("", " + a"),
    ("new A() { int f() { return ", "; } }"),
    ("func() { ", " }()"),
    ("List<", ">"),
    ("<... ", " ...>"),
];

impl Mutator<'_> {
    /// One input: a real one, changed some times.
    pub fn input(&self, random: &mut Random) -> String {
        let mut text = random.of(self.seeds).clone().into_bytes();
        // Short inputs reach further in the time there is.
        if text.len() > 2_000 && random.below(4) > 0 {
            let range = random.range(text.len(), 2_000);
            text = lines_around(&text, range).to_vec();
        }
        for _ in 0..=random.small(12) {
            self.change(&mut text, random);
            if text.len() > MAX_BYTES {
                text.truncate(MAX_BYTES);
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    fn change(&self, text: &mut Vec<u8>, random: &mut Random) {
        let at = random.below(text.len() + 1);
        match random.below(16) {
            0 if !text.is_empty() => {
                let at = random.below(text.len());
                text[at] ^= 1 << random.below(8);
            }
            1 => {
                let odd = [
                    "\0",
                    "\u{FEFF}",
                    "\r",
                    "\u{2028}",
                    "é",
                    "\u{10FFFF}",
                    "µ",
                    "\\",
                    "\"",
                    "'",
                    "`",
                    "\t",
                    "\u{b}",
                    "$",
                    "...",
                ];
                insert(text, at, random.of(&odd).as_bytes());
            }
            2 => drop(text.drain(random.range(text.len(), 400))),
            3 => {
                let part = text[random.range(text.len(), 200)].to_vec();
                let times = 1 + random.small(MAX_BYTES / (part.len() + 1));
                insert(text, at, &part.repeat(times));
            }
            4 | 5 => insert(text, at, format!(" {} ", random.of(self.words)).as_bytes()),
            6 | 7 => {
                let token = token_at(text, at);
                text.splice(token, random.of(self.words).bytes());
            }
            8 => {
                // Two tokens change places.
                let other = random.below(text.len() + 1);
                let (a, b) = (token_at(text, at.min(other)), token_at(text, at.max(other)));
                if a.end <= b.start {
                    let (first, second) = (text[a.clone()].to_vec(), text[b.clone()].to_vec());
                    text.splice(b, first);
                    text.splice(a, second);
                }
            }
            9 => {
                let word = random.of(self.words);
                let times = random.small(MAX_BYTES / (word.len() + 1));
                insert(text, at, word.repeat(times).as_bytes());
            }
            10 | 11 => {
                let range = if random.below(2) == 0 { token_at(text, at) } else { random.range(text.len(), 100) };
                let (open, close) = random.of(PAIRS);
                let times = 1 + random.small(6_000);
                insert(text, range.end, close.repeat(times).as_bytes());
                insert(text, range.start, open.repeat(times).as_bytes());
            }
            12 => text.truncate(at),
            13 => drop(text.drain(..at)),
            14 => {
                let other = random.of(self.seeds).as_bytes();
                let from = random.below(other.len() + 1);
                text.truncate(at);
                text.extend_from_slice(&other[from..]);
            }
            _ => {
                let other = random.of(self.seeds).as_bytes();
                let range = random.range(other.len(), 1_000);
                insert(text, at, lines_around(other, range));
            }
        }
    }
}

fn insert(text: &mut Vec<u8>, at: usize, part: &[u8]) {
    text.splice(at..at, part.iter().copied());
}

/// The word or sign at `at`.
fn token_at(text: &[u8], at: usize) -> std::ops::Range<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let start = text[..at].iter().rposition(|byte| !is_word(byte)).map_or(0, |sign| sign + 1);
    let end = at + text[at..].iter().position(|byte| !is_word(byte)).unwrap_or(text.len() - at);
    if start == end { at..(at + 1).min(text.len()) } else { start..end }
}

/// The range made longer to whole lines.
fn lines_around(text: &[u8], range: std::ops::Range<usize>) -> &[u8] {
    let start = text[..range.start].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let end =
        text[range.end..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |newline| range.end + newline + 1);
    &text[start..end]
}

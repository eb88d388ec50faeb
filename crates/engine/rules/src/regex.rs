//! Placeholder interface until merged.
#[derive(Clone, Debug, Default)]
pub struct Flags { pub case_insensitive: bool, pub multi_line: bool, pub dot_all: bool }
#[derive(Clone, Debug)]
pub struct Regex(regex::Regex);
impl Regex {
    pub fn new(text: &str, _f: Flags) -> Result<Regex, String> { regex::Regex::new(text).map(Regex).map_err(|e| e.to_string()) }
    pub fn is_match_at_start(&self, t: &str) -> bool { self.0.find(t).is_some_and(|m| m.start() == 0) }
    pub fn is_match(&self, t: &str) -> bool { self.0.is_match(t) }
}

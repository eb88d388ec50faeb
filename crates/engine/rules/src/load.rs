//! Rule files to rules.

use crate::model::{Rule, RuleError};

pub fn load_str(_file: &str, _text: &str) -> (Vec<Rule>, Vec<RuleError>) {
    (Vec::new(), Vec::new())
}

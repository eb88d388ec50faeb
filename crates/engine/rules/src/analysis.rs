pub fn is_high_entropy(t: &str) -> bool { t.len() > 20 }
pub fn is_redos(t: &str) -> bool { t.contains("+)+") }

//! What someone may have meant: the known word closest to an unknown one.

/// "did you mean `x`?", or the choice if it is short.
pub fn hint(word: &str, known: &[&str]) -> Option<String> {
    if let Some(close) = nearest(word, known) {
        return Some(format!("did you mean `{close}`?"));
    }
    (known.len() <= 9).then(|| {
        let list: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
        format!("known here: {}", list.join(", "))
    })
}

/// The closest known word, unless so many letters differ that it is a guess.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    // Nobody mistypes a word this long, and distances cost its length squared.
    if word.len() > 60 {
        return None;
    }
    let word = word.to_ascii_lowercase().replace('_', "-");
    let (distance, close) = known
        .iter()
        .map(|k| (distance(word.as_bytes(), k.to_ascii_lowercase().replace('_', "-").as_bytes()), *k))
        .min_by_key(|(d, _)| *d)?;
    (distance <= 1 + word.len() / 5).then_some(close)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = last;
        last = row;
    }
    last[b.len()]
}

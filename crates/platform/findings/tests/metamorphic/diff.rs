//! The hunks of a change, as a diff of lines gives them.

use rampart_findings::identity::Hunk;

/// By the longest common subsequence of lines; what is the same at both ends is not looked at.
pub fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let width = b.len() + 1;
    let mut common = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i * width + j] = if a[i] == b[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut hunks) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let (from, to) = (i, j);
        while (i < a.len() || j < b.len()) && !(i < a.len() && j < b.len() && a[i] == b[j]) {
            let down = if i < a.len() { common[(i + 1) * width + j] } else { 0 };
            let right = if j < b.len() { common[i * width + j + 1] } else { 0 };
            if i < a.len() && (j == b.len() || down >= right) { i += 1 } else { j += 1 }
        }
        let line = |at: usize, count: usize| (start + at + usize::from(count > 0)) as u32;
        hunks.push(Hunk {
            old_start: line(from, i - from),
            old_lines: (i - from) as u32,
            new_start: line(to, j - to),
            new_lines: (j - to) as u32,
        });
    }
    hunks
}

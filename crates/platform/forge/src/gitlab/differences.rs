//! Where a line of the head stands in the difference that GitLab shows.

/// What of a line of the head is asked of GitLab: a line that the change wrote has a number in the head only, any other has one on
/// both sides.
///
/// `difference` is a unified difference of one file, from its first `@@` on; empty when the file is new or not shown.
pub fn line_before(difference: &str, line: u32) -> Option<u32> {
    // How far lines of the head are behind those of the base, before the next hunk.
    let mut shift: i64 = 0;
    let (mut before, mut after) = (0_i64, 0_i64);
    let line = i64::from(line);
    for row in difference.lines() {
        if let Some((from, to)) = row.strip_prefix("@@ -").and_then(hunk) {
            // A side without lines is said to begin at the line above.
            let first = |(at, count): (i64, i64)| if count == 0 { at + 1 } else { at };
            (before, after) = (first(from), first(to));
            if line < after {
                break;
            }
            shift = after - before;
            continue;
        }
        match row.as_bytes().first() {
            Some(b'+') => {
                if after == line {
                    return None;
                }
                (after, shift) = (after + 1, shift + 1);
            }
            Some(b'-') => (before, shift) = (before + 1, shift - 1),
            Some(b'\\') => {}
            _ => {
                if after == line {
                    break;
                }
                (before, after) = (before + 1, after + 1);
            }
        }
    }
    u32::try_from(line - shift).ok().filter(|line| *line > 0)
}

/// `3,7 +3,9 @@ fn x()`: where both sides begin, and how many lines they have.
fn hunk(text: &str) -> Option<((i64, i64), (i64, i64))> {
    let (from, rest) = text.split_once(" +")?;
    let (to, _) = rest.split_once(" @@")?;
    let side = |text: &str| {
        let (at, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((at.parse().ok()?, count.parse().ok()?))
    };
    Some((side(from)?, side(to)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGED: &str =
        "@@ -2,4 +2,5 @@ def f\n two\n-three\n+drei\n+new\n four\n five\n@@ -20,2 +21,1 @@\n twenty\n-gone\n";

    #[test]
    fn lines_that_the_change_wrote_have_one_side() {
        for (line, before) in [(1, Some(1)), (2, Some(2)), (3, None), (4, None), (5, Some(4)), (6, Some(5))] {
            assert_eq!(line_before(CHANGED, line), before, "{line}");
        }
        // Between hunks and behind them.
        for (line, before) in [(7, Some(6)), (21, Some(20)), (22, Some(22)), (30, Some(30))] {
            assert_eq!(line_before(CHANGED, line), before, "{line}");
        }
    }

    #[test]
    fn new_files_and_odd_ones_are_read() {
        let new = "@@ -0,0 +1,2 @@\n+one\n+two\n\\ No newline at end of file\n";
        assert_eq!((line_before(new, 1), line_before(new, 2)), (None, None));
        let gone = "@@ -1,2 +0,0 @@\n-one\n-two\n";
        assert_eq!(line_before(gone, 1), Some(3));
        assert_eq!((line_before("", 7), line_before("@@ -x", 7)), (Some(7), Some(7)));
    }
}

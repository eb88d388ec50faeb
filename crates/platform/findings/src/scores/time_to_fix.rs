//! How long findings live: from the first detection on the default branch until a scan has verified the fix.

use serde::Serialize;

/// One finding. Dismissed ones, false positives and those no longer observed are left out by whoever asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lifetime {
    pub hours: f64,
    /// It ended with a fix; otherwise it is still open.
    pub is_fixed: bool,
}

/// Fewer fixes than this say nothing about the next.
const LEAST_FIXED: usize = 5;

/// In hours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeToFix {
    pub fixed: u64,
    pub open: u64,
    /// Over those that were fixed; nothing when they are fewer than five, as the next two.
    pub mean: Option<f64>,
    pub median: Option<f64>,
    pub p90: Option<f64>,
    /// The time within which half of all are fixed, those counted that are still open (Kaplan and Meier 1958); nothing when fewer are.
    pub survival_median: Option<f64>,
}

pub fn time_to_fix(lifetimes: &[Lifetime]) -> TimeToFix {
    let mut fixed: Vec<f64> = lifetimes.iter().filter(|one| one.is_fixed).map(|one| one.hours.max(0.0)).collect();
    fixed.sort_by(f64::total_cmp);
    let open = lifetimes.len() - fixed.len();
    let is_enough = fixed.len() >= LEAST_FIXED;
    let number = |value: Option<f64>| value.filter(|_| is_enough);
    TimeToFix {
        fixed: fixed.len() as u64,
        open: open as u64,
        mean: number(Some(fixed.iter().sum::<f64>() / fixed.len().max(1) as f64)),
        median: number(quantile(&fixed, 0.5)),
        p90: number(quantile(&fixed, 0.9)),
        survival_median: number(survival_median(lifetimes)),
    }
}

/// The smallest value that at least this part of all does not exceed.
fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

fn survival_median(lifetimes: &[Lifetime]) -> Option<f64> {
    let mut all = lifetimes.to_vec();
    // At the same time, fixes come before those that are only known to have lived so long.
    all.sort_by(|a, b| a.hours.total_cmp(&b.hours).then(b.is_fixed.cmp(&a.is_fixed)));
    let (mut alive, mut survival) = (all.len(), 1.0);
    for same in all.chunk_by(|a, b| a.hours == b.hours) {
        let fixed = same.iter().filter(|one| one.is_fixed).count();
        survival *= 1.0 - fixed as f64 / alive as f64;
        if survival <= 0.5 {
            return Some(same[0].hours);
        }
        alive -= same.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fixed: &[f64], open: &[f64]) -> TimeToFix {
        let fixed = fixed.iter().map(|&hours| Lifetime { hours, is_fixed: true });
        time_to_fix(&fixed.chain(open.iter().map(|&hours| Lifetime { hours, is_fixed: false })).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_still_open_makes_it_longer() {
        let times = of(&[1.0, 2.0, 3.0, 4.0, 10.0], &[]);
        assert_eq!(
            (times.mean, times.median, times.p90, times.survival_median),
            (Some(4.0), Some(3.0), Some(10.0), Some(3.0))
        );
        let times = of(&[1.0, 2.0, 3.0, 4.0, 10.0], &[5.0, 5.0, 50.0]);
        assert_eq!((times.median, times.survival_median, times.open), (Some(3.0), Some(4.0), 3));
        let times = of(&[1.0, 2.0, 3.0, 4.0, 10.0], &[100.0; 20]);
        assert_eq!(times.survival_median, None);
    }

    #[test]
    fn the_estimate_is_that_of_the_textbook() {
        // Remission times of 21 patients under 6-mercaptopurine (Freireich 1963); the published median is 23 weeks.
        let fixed = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
        let open = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
        assert_eq!(of(&fixed, &open).survival_median, Some(23.0));
    }

    #[test]
    fn few_fixes_are_no_number() {
        let times = of(&[1.0, 2.0, 3.0, 4.0], &[1.0; 9]);
        assert_eq!((times.fixed, times.open, times.mean, times.survival_median), (4, 9, None, None));
        assert_eq!(of(&[], &[]).mean, None);
    }
}

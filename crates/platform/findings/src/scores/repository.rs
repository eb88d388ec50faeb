//! Score and overall risk of a repository, and of many.

use serde::Serialize;

/// The risks of what is open: each with how often it occurs, in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Open {
    /// From the greatest to the least.
    risks: Vec<(f64, u64)>,
}

impl Open {
    pub fn new(risks: impl IntoIterator<Item = (f64, u64)>) -> Open {
        let mut risks: Vec<(f64, u64)> = risks
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(risk, count)| (if risk.is_nan() { 1.0 } else { risk.clamp(0.0, 1.0) }, count))
            .collect();
        // Sums of floating numbers depend on their order; the same findings must give the same score.
        risks.sort_by(|a, b| b.0.total_cmp(&a.0));
        risks.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        Open { risks }
    }

    pub fn max(&self) -> f64 {
        self.risks.first().map_or(0.0, |(risk, _)| *risk)
    }
}

rampart_kernel::named! {
    /// For people: a score in one letter.
    pub enum Grade { A = "A", B = "B", C = "C", D = "D", E = "E" }
}

impl Grade {
    pub fn of(score: u32) -> Grade {
        match score {
            90.. => Grade::A,
            80.. => Grade::B,
            60.. => Grade::C,
            40.. => Grade::D,
            _ => Grade::E,
        }
    }
}

rampart_kernel::named! {
    /// For people: a risk in one word.
    pub enum Level {
        Low = "low",
        Moderate = "moderate",
        Elevated = "elevated",
        High = "high",
        Severe = "severe",
    }
}

impl Level {
    pub fn of(risk: f64) -> Level {
        match risk {
            r if r < 0.2 => Level::Low,
            r if r < 0.4 => Level::Moderate,
            r if r < 0.6 => Level::Elevated,
            r if r < 0.8 => Level::High,
            _ => Level::Severe,
        }
    }
}

/// Score and risk of a repository, and what they are made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// Of the worst finding.
    pub max_risk: f64,
    /// Points taken off for all of them, before they are spread over the size of the code.
    pub burden: f64,
    /// What the burden is divided by.
    pub size: f64,
    /// The most that the score can be with the worst finding.
    pub cap: u32,
    /// In 0..1.
    pub risk: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rating {
    /// In 0..100; nothing when less than half of the code was looked at.
    pub score: Option<u32>,
    pub risk: f64,
    pub terms: Terms,
}

/// Thousands of lines below which the size of code makes little difference.
const SMALL_KLOC: f64 = 10.0;
/// The burden at which a score is 100/e.
const SCALE: f64 = 12.0;
/// Of code of which less than this was covered nobody can say how good it is.
const LEAST_COVERAGE: f64 = 0.5;

/// `coverage` is the part of the code that was looked at, in 0..1; nothing when it was never scanned.
pub fn rate(open: &Open, lines_of_code: u64, coverage: Option<f64>) -> Rating {
    let burden: f64 = open.risks.iter().map(|(risk, count)| 10.0 * risk.powf(2.5) * *count as f64).sum();
    let size = 1.0 + (1.0 + lines_of_code as f64 / 1_000.0 / SMALL_KLOC).log2();
    let max_risk = open.max();
    let cap = match max_risk {
        r if r >= 0.85 => 39,
        r if r >= 0.65 => 59,
        r if r >= 0.40 => 79,
        r if r >= 0.15 => 94,
        r if r > 0.0 => 99,
        _ => 100,
    };
    let free = (100.0 * (-burden / size / SCALE).exp()).round() as u32;
    let is_rated = coverage.is_some_and(|coverage| coverage >= LEAST_COVERAGE);
    let risk = overall_risk(open);
    let terms = Terms { max_risk, burden, size, cap, risk };
    Rating { score: is_rated.then(|| free.min(cap)), risk, terms }
}

/// `R = r_max + (1 − r_max) · ½ · (1 − exp(−Σ r²/4))`, the sum over all but the worst.
fn overall_risk(open: &Open) -> f64 {
    let max = open.max();
    let others = open.risks.iter().enumerate().map(|(index, (risk, count))| {
        let count = if index == 0 { count - 1 } else { *count };
        risk * risk * count as f64
    });
    let sum: f64 = others.sum();
    (max + (1.0 - max) * 0.5 * (1.0 - (-sum / 4.0).exp())).clamp(0.0, 1.0)
}

/// One repository among others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overall {
    pub score: Option<u32>,
    pub risk: f64,
    pub lines_of_code: u64,
}

impl Overall {
    fn weight(&self) -> f64 {
        1.0 + (1.0 + self.lines_of_code as f64 / 1_000.0).log10()
    }
}

/// The mean over those that are rated, larger ones counting more; nothing when none is.
pub fn overall_score(all: &[Overall]) -> Option<u32> {
    let rated = || all.iter().filter_map(|one| Some((f64::from(one.score?), one.weight())));
    let weight = sum(rated().map(|(_, weight)| weight));
    (weight > 0.0).then(|| (sum(rated().map(|(score, weight)| score * weight)) / weight).round() as u32)
}

/// Half the worst, half the mean; in 0..1.
pub fn portfolio_risk(all: &[Overall]) -> f64 {
    let weight = sum(all.iter().map(Overall::weight));
    if weight <= 0.0 {
        return 0.0;
    }
    let mean = sum(all.iter().map(|one| one.risk * one.weight())) / weight;
    let max = all.iter().map(|one| one.risk).fold(0.0, f64::max);
    (0.5 * max + 0.5 * mean).clamp(0.0, 1.0)
}

/// In an order of its own, so that the same numbers give the same sum.
fn sum(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every risk that matters: the bounds of caps, and around them.
    const RISKS: [f64; 12] = [0.0, 0.001, 0.0475, 0.149, 0.15, 0.39, 0.4, 0.64, 0.65, 0.84, 0.85, 1.0];
    const LINES: [u64; 5] = [0, 900, 10_000, 1_000_000, u64::MAX];

    fn rated(risks: &[f64], lines: u64) -> (u32, f64) {
        let rating = rate(&Open::new(risks.iter().map(|&risk| (risk, 1))), lines, Some(1.0));
        (rating.score.unwrap(), rating.risk)
    }

    /// All multisets of up to four of the risks: 1,820.
    fn sets() -> Vec<Vec<f64>> {
        let mut sets = vec![Vec::new()];
        let mut last: Vec<(usize, Vec<f64>)> = vec![(0, Vec::new())];
        for _ in 0..4 {
            let longer = last.iter().flat_map(|(from, set)| {
                (*from..RISKS.len()).map(move |i| (i, set.iter().copied().chain([RISKS[i]]).collect::<Vec<f64>>()))
            });
            last = longer.collect();
            sets.extend(last.iter().map(|(_, set)| set.clone()));
        }
        sets
    }

    #[test]
    fn a_further_finding_never_raises_the_score_or_lowers_the_risk() {
        let sets = sets();
        assert_eq!(sets.len(), 1_820);
        for lines in LINES {
            for set in &sets {
                let (score, risk) = rated(set, lines);
                assert!(score <= 100 && (0.0..=1.0).contains(&risk), "{set:?} {lines}: {score} {risk}");
                for more in RISKS {
                    let larger: Vec<f64> = set.iter().copied().chain([more]).collect();
                    let (with, riskier) = rated(&larger, lines);
                    // The other way round: a fix never lowers the score or raises the risk.
                    assert!(with <= score && riskier >= risk, "{set:?} and {more} at {lines}");
                }
            }
        }
    }

    #[test]
    fn the_order_of_findings_does_not_matter() {
        let risks: Vec<f64> = (0..500).map(|i| f64::from((i * 7_919) % 1_000) / 1_000.0).collect();
        let mut turned = risks.clone();
        turned.reverse();
        turned.rotate_left(123);
        assert_eq!(rated(&risks, 5_000), rated(&turned, 5_000));
        let grouped = Open::new([(0.5, 3), (0.2, 1)]);
        let single = Open::new([(0.5, 1), (0.2, 1), (0.5, 1), (0.5, 1)]);
        assert_eq!(rate(&grouped, 77, Some(1.0)), rate(&single, 77, Some(1.0)));
    }

    #[test]
    fn scores_are_those_of_the_model() {
        assert_eq!(rated(&[], 0), (100, 0.0));
        assert_eq!(rated(&[0.95], 0).0, 39);
        assert_eq!(rated(&[0.5], 0).0, 79);
        assert_eq!(rated(&[0.05], 0).0, 99);
        // Burden 10 · 20 · 0.5^2.5 = 35.36, over 2 for 10,000 lines.
        assert_eq!(rated(&[0.5; 20], 10_000).0, 23);
        let (_, risk) = rated(&[0.8, 0.6], 0);
        assert!((risk - (0.8 + 0.2 * 0.5 * (1.0 - (-0.09f64).exp()))).abs() < 1e-12);
        assert_eq!(
            [100, 90, 89, 80, 79, 60, 59, 40, 39, 0].map(|score| Grade::of(score).name()),
            ["A", "A", "B", "B", "C", "C", "D", "D", "E", "E"]
        );
    }

    #[test]
    fn what_was_hardly_looked_at_is_not_rated() {
        let rate = |coverage| rate(&Open::default(), 1_000, coverage).score;
        assert_eq!((rate(None), rate(Some(0.49)), rate(Some(0.5))), (None, None, Some(100)));
    }

    #[test]
    fn many_repositories_are_their_mean_and_their_worst() {
        let of = |score, risk, lines_of_code| Overall { score, risk, lines_of_code };
        assert_eq!(overall_score(&[]), None);
        assert_eq!(overall_score(&[of(None, 0.9, 5)]), None);
        assert_eq!(overall_score(&[of(Some(80), 0.1, 0), of(Some(40), 0.1, 0), of(None, 0.0, 0)]), Some(60));
        // 1,000,000 lines weigh 4, none weigh 1.
        assert_eq!(overall_score(&[of(Some(100), 0.0, 999_000), of(Some(0), 1.0, 0)]), Some(80));
        assert!((portfolio_risk(&[of(None, 1.0, 0), of(None, 0.0, 0)]) - 0.75).abs() < 1e-12);
        assert_eq!(portfolio_risk(&[]), 0.0);
    }
}

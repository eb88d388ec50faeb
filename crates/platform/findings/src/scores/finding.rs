//! The risk of one finding: `r = clamp(impact · likelihood · context)`.

use rampart_report::model::Severity;
use serde::Serialize;

/// How bad it would be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Impact {
    /// A CVSS base score in 0..10.
    Cvss(f64),
    Severity(Severity),
}

impl Impact {
    fn factor(self) -> f64 {
        match self {
            Impact::Cvss(score) if score.is_finite() => (score / 10.0).clamp(0.0, 1.0),
            // No number: as bad as can be.
            Impact::Cvss(_) => 1.0,
            Impact::Severity(Severity::Critical) => 0.95,
            Impact::Severity(Severity::High) => 0.80,
            Impact::Severity(Severity::Medium) => 0.50,
            Impact::Severity(Severity::Low) => 0.25,
            Impact::Severity(Severity::Info) => 0.05,
        }
    }
}

rampart_kernel::named! {
    /// How data gets to a finding in code.
    pub enum CodeReach {
        /// It comes from the network.
        Network = "network",
        /// It comes from this machine.
        Local = "local",
        /// The code looks wrong wherever data comes from.
        Pattern = "pattern",
        Unreachable = "unreachable",
        /// Only tests run it.
        Test = "test",
    }
}

rampart_kernel::named! {
    /// How sure the rule is.
    pub enum Confidence { High = "high", Medium = "medium", Low = "low" }
}

impl Confidence {
    pub fn factor(self) -> f64 {
        match self {
            Confidence::High => 1.0,
            Confidence::Medium => 0.8,
            Confidence::Low => 0.5,
        }
    }
}

rampart_kernel::named! {
    /// Whether a dependency's weakness can be got at.
    pub enum DependencyReach {
        Reachable = "reachable",
        Unknown = "unknown",
        NotReachable = "not_reachable",
        DevelopmentOnly = "development_only",
    }
}

rampart_kernel::named! {
    /// Whether a secret still opens something.
    pub enum SecretState { Active = "active", Unknown = "unknown", Inactive = "inactive" }
}

/// What speaks for its being used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    Code {
        reach: CodeReach,
        confidence: Confidence,
    },
    Dependency {
        reach: DependencyReach,
        /// It is being exploited somewhere.
        is_known_exploited: bool,
        /// The probability of exploitation in 30 days, in 0..1.
        epss: Option<f64>,
    },
    Secret(SecretState),
}

/// EPSS of what nobody has looked at: most advisories are near it.
const USUAL_EPSS: f64 = 0.01;

impl Evidence {
    fn factor(self) -> f64 {
        match self {
            Evidence::Code { reach, confidence } => {
                let reach = match reach {
                    CodeReach::Network => 1.0,
                    CodeReach::Local => 0.8,
                    CodeReach::Pattern => 0.5,
                    CodeReach::Unreachable => 0.2,
                    CodeReach::Test => 0.1,
                };
                reach * confidence.factor()
            }
            Evidence::Dependency { reach, is_known_exploited: true, .. } => match reach {
                DependencyReach::Reachable | DependencyReach::Unknown => 1.0,
                DependencyReach::NotReachable | DependencyReach::DevelopmentOnly => 0.6,
            },
            Evidence::Dependency { reach, is_known_exploited: false, epss } => {
                let epss = epss.filter(|epss| epss.is_finite()).unwrap_or(USUAL_EPSS).clamp(0.0, 1.0);
                let reach = match reach {
                    DependencyReach::Reachable => 1.0,
                    DependencyReach::Unknown => 0.8,
                    DependencyReach::NotReachable => 0.3,
                    DependencyReach::DevelopmentOnly => 0.25,
                };
                (0.3 + 0.7 * (1.0 - (1.0 - epss).powi(3))) * reach
            }
            Evidence::Secret(SecretState::Active) => 1.0,
            Evidence::Secret(SecretState::Unknown) => 0.7,
            Evidence::Secret(SecretState::Inactive) => 0.1,
        }
    }
}

rampart_kernel::named! {
    /// Who can reach what runs the code.
    pub enum Exposure { Internet = "internet", Internal = "internal", None = "none" }
}

rampart_kernel::named! {
    /// How much depends on it.
    pub enum Criticality { Critical = "critical", High = "high", Normal = "normal", Low = "low" }
}

/// Where the code runs, as people said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    pub exposure: Exposure,
    pub criticality: Criticality,
}

impl Default for Context {
    fn default() -> Context {
        Context { exposure: Exposure::Internal, criticality: Criticality::Normal }
    }
}

impl Context {
    fn factor(self) -> f64 {
        let exposure = match self.exposure {
            Exposure::Internet => 1.1,
            Exposure::Internal => 1.0,
            Exposure::None => 0.8,
        };
        let criticality = match self.criticality {
            Criticality::Critical => 1.15,
            Criticality::High => 1.05,
            Criticality::Normal => 1.0,
            Criticality::Low => 0.9,
        };
        exposure * criticality
    }
}

/// A risk and what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Terms {
    pub impact: f64,
    pub likelihood: f64,
    pub context: f64,
    /// In 0..1.
    pub risk: f64,
}

/// In 0..1, with its terms.
pub fn risk(impact: Impact, evidence: Evidence, context: Context) -> Terms {
    let (impact, likelihood, context) = (impact.factor(), evidence.factor(), context.factor());
    Terms { impact, likelihood, context, risk: (impact * likelihood * context).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risks_are_those_of_the_model() {
        let code = |reach, confidence| Evidence::Code { reach, confidence };
        let plain = Context::default();
        let of = |impact, evidence, context| (risk(impact, evidence, context).risk * 10_000.0).round() / 10_000.0;
        let critical = Impact::Severity(Severity::Critical);
        assert_eq!(of(critical, code(CodeReach::Network, Confidence::High), plain), 0.95);
        assert_eq!(of(Impact::Cvss(9.8), code(CodeReach::Local, Confidence::Medium), plain), 0.6272);
        assert_eq!(of(critical, code(CodeReach::Test, Confidence::Low), plain), 0.0475);
        let exposed = Context { exposure: Exposure::Internet, criticality: Criticality::Critical };
        assert_eq!(of(critical, code(CodeReach::Network, Confidence::High), exposed), 1.0);
        let dependency = |reach, is_known_exploited, epss| Evidence::Dependency { reach, is_known_exploited, epss };
        assert_eq!(of(Impact::Cvss(10.0), dependency(DependencyReach::Reachable, true, None), plain), 1.0);
        assert_eq!(of(Impact::Cvss(10.0), dependency(DependencyReach::DevelopmentOnly, true, Some(0.9)), plain), 0.6);
        assert_eq!(of(Impact::Cvss(10.0), dependency(DependencyReach::Unknown, false, Some(1.0)), plain), 0.8);
        assert_eq!(of(Impact::Cvss(10.0), dependency(DependencyReach::Reachable, false, None), plain), 0.3208);
        assert_eq!(of(Impact::Severity(Severity::High), Evidence::Secret(SecretState::Unknown), plain), 0.56);
    }

    #[test]
    fn a_risk_is_in_range_whatever_is_given() {
        for impact in [f64::NAN, f64::INFINITY, -1.0, 0.0, 10.0, 1e300] {
            for epss in [f64::NAN, -1.0, 0.5, 7.0] {
                for reach in DependencyReach::ALL {
                    let evidence = Evidence::Dependency { reach: *reach, is_known_exploited: false, epss: Some(epss) };
                    let risk = risk(Impact::Cvss(impact), evidence, Context::default()).risk;
                    assert!((0.0..=1.0).contains(&risk), "{impact} {epss}: {risk}");
                }
            }
        }
    }
}

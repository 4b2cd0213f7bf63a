//! Composite indices: groups of components, each a figure with its most points, and what they add up to.
//!
//! A component without data has no points, never full ones: it is left out and said to be missing (QĐ 766/QĐ-TTg: a zero denominator).

use serde::{Deserialize, Serialize};

use crate::Localized;

/// `[[scorecard]]` of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScorecardDef {
    pub id: String,
    pub name: Localized,
    #[serde(default)]
    pub explain: Option<Localized>,
    /// Points of all groups together.
    pub total: f64,
    /// Decimal digits of points as shown.
    pub digits: u8,
    pub judged_by: JudgedBy,
    /// Share of all points, in per cent, that must have data before anything is judged: a unit whose catalogue alone speaks is not ranked.
    #[serde(default)]
    pub least_data: f64,
    #[serde(default)]
    pub groups: Vec<GroupDef>,
    #[serde(default)]
    pub bands: Vec<BandDef>,
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub note: Option<Localized>,
}

/// What a band looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    /// Points reached.
    Points,
    /// Points reached ÷ points of the components that have data, × total.
    Scaled,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupDef {
    pub id: String,
    pub name: Localized,
    pub max: f64,
    pub components: Vec<ComponentDef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComponentDef {
    /// `2.1`
    pub id: String,
    pub name: Localized,
    pub max: f64,
    /// The weight was not published: it is the pack's own and may be edited.
    #[serde(default)]
    pub own_weight: bool,
    /// Value that earns all points, in the measure's own terms (80 for 80 %); absent = 100 % of a ratio.
    #[serde(default)]
    pub full_at: Option<f64>,
    pub measure: Measure,
    #[serde(default)]
    pub explain: Option<Localized>,
    #[serde(default)]
    pub source: Option<String>,
}

/// Where the value of a component comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Indicator(String),
    /// Counted over the catalogue of procedures that the units offer.
    Catalogue(Catalogue),
    /// No data of this system can tell; why.
    Missing(Localized),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Catalogue {
    /// Announced in time ÷ announced (1.1).
    AnnouncedInTime,
    /// Published in time ÷ published (1.2).
    PublishedInTime,
    /// With all seven parts of Decree 63/2010, article 8 ÷ all (1.3).
    Complete,
    /// Offered online ÷ all (3.1).
    Online,
    /// Offered end to end ÷ all that are offered online (3.1).
    EndToEnd,
    /// With at least one dossier in the period ÷ offered online (3.2).
    Used,
    /// Payable online ÷ with a fee (3.5).
    Payable,
}

impl Catalogue {
    pub const ALL: [Self; 7] =
        [Self::AnnouncedInTime, Self::PublishedInTime, Self::Complete, Self::Online, Self::EndToEnd, Self::Used, Self::Payable];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::AnnouncedInTime => "announced_in_time",
            Self::PublishedInTime => "published_in_time",
            Self::Complete => "complete",
            Self::Online => "online",
            Self::EndToEnd => "end_to_end",
            Self::Used => "used",
            Self::Payable => "payable",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BandDef {
    pub id: String,
    pub name: Localized,
    /// From so many points (inclusive).
    pub from: f64,
    /// green, blue, amber, red …: never alone, the name stands beside it.
    pub tone: String,
}

/// Points of one thing out of a most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Points {
    /// `None` = nothing of it has data.
    pub got: Option<f64>,
    /// Most points of the components that have data.
    pub of: f64,
    /// Most points of all components.
    pub max: f64,
}

impl Points {
    /// Points as a share of what could be reached with the data there is.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        self.got.filter(|_| self.of > 0.0).map(|got| got / self.of)
    }

    /// All of it has data.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.max - self.of < 1e-6
    }

    fn add(&mut self, other: Self) {
        self.max += other.max;
        if let Some(got) = other.got {
            self.got = Some(self.got.unwrap_or(0.0) + got);
            self.of += other.of;
        }
    }
}

/// Everything scored: in the order of the declaration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    pub total: Points,
    pub groups: Vec<Points>,
    pub components: Vec<Vec<Points>>,
    /// What the bands look at.
    pub judged: Option<f64>,
    /// Place in the bands; `None` unless all points have data.
    pub band: Option<usize>,
}

impl ComponentDef {
    /// Points for a value in the measure's own terms (79.2 for 79,2 %): in proportion up to `full_at`, never more than the most and
    /// never less than nothing.
    #[must_use]
    pub fn points(&self, value: Option<f64>) -> Points {
        let full = self.full_at.unwrap_or(100.0);
        let got = value.filter(|v| v.is_finite()).map(|v| if full > 0.0 { self.max * (v / full).clamp(0.0, 1.0) } else { self.max });
        Points { got, of: if got.is_some() { self.max } else { 0.0 }, max: self.max }
    }
}

impl ScorecardDef {
    pub fn components(&self) -> impl Iterator<Item = &ComponentDef> {
        self.groups.iter().flat_map(|g| &g.components)
    }

    #[must_use]
    pub fn component(&self, id: &str) -> Option<&ComponentDef> {
        self.components().find(|c| c.id == id)
    }

    /// Scores the values, asked for one by one.
    #[must_use]
    pub fn score(&self, mut value: impl FnMut(&ComponentDef) -> Option<f64>) -> Score {
        let mut score = Score { total: Points::default(), groups: Vec::new(), components: Vec::new(), judged: None, band: None };
        for group in &self.groups {
            let mut sum = Points::default();
            let each: Vec<Points> = group
                .components
                .iter()
                .map(|c| {
                    let mut points = c.points(value(c));
                    points.got = points.got.map(|p| self.rounded(p));
                    sum.add(points);
                    points
                })
                .collect();
            score.total.add(sum);
            score.groups.push(sum);
            score.components.push(each);
        }
        if 100.0 * score.total.of < self.least_data * score.total.max {
            return score;
        }
        score.judged = match self.judged_by {
            JudgedBy::Points => score.total.got.map(|p| self.rounded(p)),
            JudgedBy::Scaled => score.total.share().map(|s| self.rounded(s * self.total)),
        };
        // A grade speaks of the whole: while some points cannot be measured, what is judged is provisional and has none.
        score.band = score.judged.filter(|_| score.total.is_complete()).and_then(|p| self.band(p));
        score
    }

    /// The highest band whose beginning is reached.
    #[must_use]
    pub fn band(&self, points: f64) -> Option<usize> {
        let reached = self.bands.iter().enumerate().filter(|(_, b)| points >= b.from);
        reached.max_by(|a, b| a.1.from.total_cmp(&b.1.from)).map(|(i, _)| i)
    }

    /// Half away from zero, as circulars round.
    #[must_use]
    pub fn rounded(&self, points: f64) -> f64 {
        let factor = 10f64.powi(i32::from(self.digits));
        // 1.005 is 1.00499… in binary: a hair is added before rounding.
        (points * factor * (1.0 + f64::EPSILON * 4.0)).round() / factor
    }

    /// What does not add up: the id of the group (or of the scorecard) with the sum and what it should be.
    #[must_use]
    pub fn sums(&self) -> Vec<(String, f64, f64)> {
        let differ = |a: f64, b: f64| (a - b).abs() > 1e-6;
        let mut out = Vec::new();
        for group in &self.groups {
            let sum: f64 = group.components.iter().map(|c| c.max).sum();
            if differ(sum, group.max) {
                out.push((group.id.clone(), sum, group.max));
            }
        }
        let sum: f64 = self.groups.iter().map(|g| g.max).sum();
        if differ(sum, self.total) {
            out.push((self.id.clone(), sum, self.total));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;

    use super::*;

    fn component(id: &str, max: f64, full_at: Option<f64>) -> ComponentDef {
        let measure = Measure::Indicator(id.to_owned());
        ComponentDef { id: id.into(), name: Localized::default(), max, own_weight: true, full_at, measure, explain: None, source: None }
    }

    fn card() -> ScorecardDef {
        let group = |id: &str, max, components| GroupDef { id: id.into(), name: Localized::default(), max, components };
        let band = |id: &str, from| BandDef { id: id.into(), name: Localized::default(), from, tone: "green".into() };
        ScorecardDef {
            id: "s".into(),
            name: Localized::default(),
            explain: None,
            total: 100.0,
            digits: 2,
            judged_by: JudgedBy::Scaled,
            least_data: 50.0,
            groups: vec![
                group("2", 20.0, vec![component("2.1", 20.0, None)]),
                group("3", 62.0, vec![component("3.1", 40.0, Some(80.0)), component("3.3", 22.0, Some(50.0))]),
                group("5", 18.0, vec![component("5.4", 18.0, Some(90.0))]),
            ],
            bands: vec![band("weak", 0.0), band("good", 80.0), band("fair", 70.0), band("best", 90.0)],
            source: None,
            note: None,
        }
    }

    #[rstest]
    #[case(Some(80.0), Some(10.0))]
    #[case(Some(79.2), Some(9.9))]
    #[case(Some(100.0), Some(10.0))]
    #[case(Some(40.0), Some(5.0))]
    #[case(Some(0.0), Some(0.0))]
    #[case(Some(-3.0), Some(0.0))]
    #[case(None, None)]
    #[case(Some(f64::NAN), None)]
    fn points_grow_up_to_the_threshold(#[case] value: Option<f64>, #[case] points: Option<f64>) {
        assert_eq!(component("c", 10.0, Some(80.0)).points(value).got.map(|p| (p * 1e6).round() / 1e6), points);
    }

    fn scored(values: &[(&str, f64)]) -> Score {
        let values: BTreeMap<&str, f64> = values.iter().copied().collect();
        card().score(|c| values.get(c.id.as_str()).copied())
    }

    #[test]
    fn what_has_no_data_is_left_out_and_never_full() {
        let all = scored(&[("2.1", 99.0), ("3.1", 80.0), ("3.3", 25.0), ("5.4", 45.0)]);
        assert_eq!((all.total.got, all.total.of, all.total.max), (Some(79.8), 100.0, 100.0));
        assert_eq!(all.groups.iter().map(|g| g.got.unwrap()).collect::<Vec<_>>(), [19.8, 51.0, 9.0]);
        assert_eq!((all.judged, all.band), (Some(79.8), Some(2)), "fair, not good");
        // Without 5.4 the rest is judged by what it could reach: 70.8 of 82.
        let some = scored(&[("2.1", 99.0), ("3.1", 80.0), ("3.3", 25.0)]);
        assert_eq!((some.total.got, some.total.of, some.total.max), (Some(70.8), 82.0, 100.0));
        assert_eq!((some.judged, some.components[2][0].got), (Some(86.34), None));
        assert_eq!((some.total.is_complete(), some.band), (false, None), "provisional: 18 points cannot be measured");
        assert!(all.total.is_complete() && some.groups[1].is_complete() && !some.groups[2].is_complete());
        let little = scored(&[("3.1", 80.0)]);
        assert_eq!((little.total.got, little.judged, little.band), (Some(40.0), None, None), "40 of 100 points have data");
        let none = scored(&[]);
        assert_eq!((none.total.got, none.judged, none.band), (None, None, None));
    }

    #[rstest]
    #[case(100.0, Some(3))]
    #[case(90.0, Some(3))]
    #[case(89.99, Some(1))]
    #[case(70.0, Some(2))]
    #[case(69.99, Some(0))]
    #[case(-1.0, None)]
    fn bands_begin_at_their_points(#[case] points: f64, #[case] band: Option<usize>) {
        assert_eq!(card().band(points), band);
    }

    #[test]
    fn rounding_and_sums() {
        assert_eq!(card().rounded(1.005), 1.01);
        assert_eq!(ScorecardDef { digits: 1, ..card() }.rounded(11.25), 11.3);
        assert_eq!(card().sums(), []);
        let mut wrong = card();
        wrong.groups[1].components[0].max = 41.0;
        assert_eq!(wrong.sums(), [("3".to_owned(), 63.0, 62.0)]);
        wrong.groups[1].max = 63.0;
        assert_eq!(wrong.sums(), [("s".to_owned(), 101.0, 100.0)]);
    }
}

//! A composite index: its groups, the components as doors to their figures, and the units side by side.

use askama::Template;

use super::{Chip, Figure, Shell};
use crate::chart::Svg;

/// One component.
#[derive(Debug, Clone)]
pub struct ComponentRow {
    /// "2.1"
    pub code: String,
    pub name: String,
    /// How it is counted, or why there is no data.
    pub note: String,
    /// Its value; leads to the figure with its records.
    pub figure: Figure,
    /// "≥ 80 %"; empty where everything is needed.
    pub full_at: String,
    /// "19,80"; "–" without data; empty where nothing can be earned.
    pub points: String,
    /// "20"
    pub max: String,
    /// The weight was not published: the pack's own.
    pub own_weight: bool,
    pub bar: Svg,
}

#[derive(Debug, Clone)]
pub struct GroupRow {
    pub name: String,
    /// "19,80 / 20"; "4,00 / 4 có dữ liệu (18)" where the rest has no data.
    pub points: String,
    pub rows: Vec<ComponentRow>,
}

/// One unit among its neighbours.
#[derive(Debug, Clone)]
pub struct LeagueRow {
    /// "1."; empty where nothing is judged.
    pub place: String,
    pub href: String,
    pub name: String,
    pub bar: Svg,
    pub points: String,
    pub band: String,
    /// The reader's own unit.
    pub own: bool,
}

/// `/scorecards/{id}`
#[derive(Template)]
#[template(path = "scorecard.html")]
pub struct ScorecardPage {
    pub s: Shell,
    pub chips: Vec<Chip>,
    pub unit: String,
    pub period: String,
    /// What is judged: "86,34"; "–" when too little has data.
    pub judged: String,
    pub of: String,
    /// "Tốt"; empty where nothing is judged, or only provisionally.
    pub band: String,
    /// "Tạm tính, 68/100 điểm có dữ liệu"; empty where all points have some.
    pub provisional: String,
    /// "70,80 / 82": points of the components with data.
    pub reached: String,
    /// Components without data, in words; empty when all have some.
    pub missing: String,
    pub explain: String,
    pub note: String,
    pub groups: Vec<GroupRow>,
    pub league: Vec<LeagueRow>,
    pub bands: Vec<(String, String)>,
    /// Some weight is the pack's own.
    pub own_weights: bool,
    /// "Quyết định …, Thủ tướng Chính phủ, 23/06/2022"
    pub source: String,
}

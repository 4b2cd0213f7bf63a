//! Directives, targets, tasks.

use askama::Template;

use super::figures::WorkRow;
use super::{Chip, Choice, Column, Conflict, Figure, Form, Happened, Link, Mark, Pager, Pair, Shell};
use crate::chart::Svg;

/// One directive of the tree, depth first.
#[derive(Debug, Clone)]
pub struct DirectiveRow {
    pub href: String,
    pub number: String,
    pub title: String,
    pub issuer: String,
    /// "22/12/2024"; empty: the source gives none.
    pub issued_on: String,
    pub depth: u8,
    /// Targets and tasks below it by status.
    pub marks: Vec<(Mark, i64)>,
    pub conflict: bool,
}

/// `/directives`
#[derive(Template)]
#[template(path = "directives.html")]
pub struct DirectiveListPage {
    pub s: Shell,
    pub rows: Vec<DirectiveRow>,
    pub create: String,
}

/// `/directives/{id}`
#[derive(Template)]
#[template(path = "directive.html")]
pub struct DirectivePage {
    pub s: Shell,
    pub number: String,
    pub title: String,
    /// Where work is given under it; empty for those who may not.
    pub assign: String,
    pub facts: Vec<Pair>,
    /// Plans that carry it out.
    pub below: Vec<DirectiveRow>,
    pub targets: Vec<WorkRow>,
    pub tasks: Vec<WorkRow>,
    pub conflicts: Vec<Conflict>,
    pub history: Vec<Happened>,
}

/// `/tasks`
#[derive(Template)]
#[template(path = "tasks.html")]
pub struct TaskListPage {
    pub s: Shell,
    pub chips: Vec<Chip>,
    pub q: String,
    pub columns: Vec<Column>,
    pub rows: Vec<WorkRow>,
    pub count: i64,
    pub pager: Pager,
    pub create: String,
    pub export: String,
}

/// `/tasks/{id}`
#[derive(Template)]
#[template(path = "task.html")]
pub struct TaskPage {
    pub s: Shell,
    pub code: String,
    pub title: String,
    pub mark: Mark,
    /// The rule that gave the status, in a sentence.
    pub why: String,
    /// Lifecycle state: "Đã giao", "Chờ duyệt".
    pub state: String,
    pub progress: i64,
    pub bar: Svg,
    /// The six: who, what, responsibility, authority, time, product. In this order.
    pub six: [Pair; 6],
    pub facts: Vec<Pair>,
    pub below: Vec<WorkRow>,
    /// Update of progress, submit, return, approve: those the reader may do now.
    pub actions: Vec<Form>,
    pub history: Vec<Happened>,
}

/// `/targets`
#[derive(Template)]
#[template(path = "targets.html")]
pub struct TargetListPage {
    pub s: Shell,
    pub chips: Vec<Chip>,
    /// The directives to choose from; a GET form.
    pub directives: Vec<Choice>,
    pub q: String,
    pub rows: Vec<WorkRow>,
    pub count: i64,
    pub export: String,
}

/// A step on the way to a target.
#[derive(Debug, Clone)]
pub struct Step {
    pub date: String,
    pub goal: String,
    pub figure: Figure,
    pub mark: Mark,
}

/// `/targets/{id}`
#[derive(Template)]
#[template(path = "target.html")]
pub struct TargetPage {
    pub s: Shell,
    pub code: String,
    pub title: String,
    pub mark: Mark,
    pub why: String,
    pub figure: Figure,
    /// "≥ 70 %"
    pub threshold: String,
    /// Deadline with what is left: ("30/08/2025", "còn 40 ngày"). Several: contradicting claims.
    pub deadlines: Vec<(String, String)>,
    pub indicator: Link,
    pub directive: Link,
    pub facts: Vec<Pair>,
    pub trend_wide: Svg,
    pub trend_narrow: Svg,
    pub steps: Vec<Step>,
    pub conflicts: Vec<Conflict>,
    pub units: Vec<WorkRow>,
    pub tasks: Vec<WorkRow>,
    pub history: Vec<Happened>,
}

//! The body of the report and its annexes: which table stands where, and what each column says.

use super::labels;
use super::letter::{PORTRAIT_WIDTH, annex_heading};
use super::model::{Chart, Conflict, Figure, ReportModel, ResultRow, Status, UnitColumn, UnitRow};
use super::values::{self, inner};
use super::word::{Align, BODY, Cell, Column, GAP, Look, Merge, Row, Stand, TABLE, line, paragraph, run, table};
use super::{Lang, MAX_CHARTS, clean, clean_lines};

/// Text width of a landscape page: 297 mm less the margins of 30 and 15 mm.
pub const LANDSCAPE_WIDTH: i32 = 14_286;
/// Targets side by side in the table of units; more go into a further table.
const UNIT_COLUMNS: usize = 8;
/// Width of a column that holds a value with its two counts beside it, and the most that such a column needs.
const ROOMY: (i32, i32) = (2150, 2700);
/// Characters that stay together in a printed root hash.
const HASH_GROUP: usize = 8;
/// What proves the figures, 12 pt.
const LEDGER: u16 = 24;
/// Captions, 13 pt italic.
const CAPTION: u16 = 26;
/// Lesser lines inside a table cell, 10 pt.
const SMALL: u16 = 20;
const ROMAN: [&str; 10] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];

/// Numbers of parts, tables and charts as the text goes along.
struct Writer<'a> {
    model: &'a ReportModel,
    charts: &'a [&'a Chart],
    lang: Lang,
    out: String,
    parts: usize,
    tables: usize,
}

/// Parts I to VI, on portrait pages.
pub fn body(model: &ReportModel, charts: &[&Chart], lang: Lang, chart: impl Fn(usize, &Chart) -> String) -> String {
    let mut w = Writer { model, charts, lang, out: String::new(), parts: 0, tables: 0 };
    w.summary();
    w.results();
    w.charts(chart);
    w.late();
    w.conflicts();
    w.remarks();
    w.out
}

impl Writer<'_> {
    fn part(&mut self, title: &str) {
        let number = ROMAN.get(self.parts).copied().unwrap_or("");
        self.parts += 1;
        let stand = Stand { style: Some("Heading1"), before: GAP, align: Align::Left, ..Stand::body() }.keep();
        self.out += &line(&format!("{number}. {title}"), Look::bold(BODY), stand);
    }

    fn section(&mut self, number: usize, title: &str) {
        let stand = Stand { style: Some("Heading2"), align: Align::Left, ..Stand::body() }.keep();
        self.out += &line(&format!("{number}. {title}"), Look::bold(BODY), stand);
    }

    fn text(&mut self, text: &str) {
        self.out += &line(text, Look::plain(BODY), Stand::body());
    }

    fn table(&mut self, title: &str, columns: &[Column], rows: &[Row]) {
        self.tables += 1;
        let caption = format!("{} {}. {title}", labels::table(self.lang), self.tables);
        self.out += &line(&caption, Look::italic(CAPTION), Stand { before: 60, after: 80, ..Stand::new(Align::Center) }.keep());
        self.out += &table(columns, rows);
        self.out += &after_table();
    }

    fn summary(&mut self) {
        let (model, lang) = (self.model, self.lang);
        self.part(labels::part_summary(lang));
        self.scope();
        for sentence in &model.summary {
            self.text(sentence);
        }
        if model.results.is_empty() {
            self.text(labels::no_figures(lang));
            return;
        }
        self.out += &line(&labels::out_of_targets(model.results.len(), lang), Look::plain(BODY), Stand::body().keep());
        let width = PORTRAIT_WIDTH / 7;
        let columns: Vec<Column> = Status::ALL.iter().map(|s| Column::new(labels::status(*s, lang), width, Align::Center)).collect();
        let cells = Status::ALL.map(|status| {
            let n = model.results.iter().filter(|row| row.status == status).count();
            Cell::styled(&n.to_string(), Look::bold(BODY))
        });
        self.table(labels::table_status(lang), &columns, &[Row::from(cells.to_vec())]);
    }

    /// Period, comparison, unit, moment of reading and boundaries: what a figure needs to be read rightly.
    fn scope(&mut self) {
        let (scope, lang) = (&self.model.scope, self.lang);
        let mut parts = vec![format!("{}: {}", labels::scope_period(lang), values::period(scope.period, lang))];
        if let Some(previous) = scope.previous {
            parts.push(format!("{}: {}", inner(labels::scope_previous(lang)), values::period(previous, lang)));
        }
        parts.push(format!("{}: {}", inner(labels::scope_unit(lang)), scope.unit));
        let as_of = scope.as_of.map_or_else(|| labels::unknown(lang).to_owned(), |at| values::moment(at, lang));
        parts.push(format!("{}: {as_of}", inner(labels::scope_as_of(lang))));
        if !scope.boundaries.is_empty() {
            parts.push(format!("{}: {}", inner(labels::scope_boundaries(lang)), scope.boundaries));
        }
        let mut runs = run(&format!("{}. ", labels::part_scope(lang)), Look::bold(BODY));
        runs += &run(&format!("{}.", parts.join("; ")), Look::plain(BODY));
        if scope.simulated {
            runs += &run(&format!(" {}", labels::simulated_sentence(lang)), Look::bold(BODY));
        }
        if !labels::quoted(lang).is_empty() {
            runs += &run(&format!(" {}", labels::quoted(lang)), Look::plain(BODY));
        }
        self.out += &paragraph(&runs, Stand::body());
    }

    fn results(&mut self) {
        let (model, lang) = (self.model, self.lang);
        self.part(labels::part_results(lang));
        if model.results.is_empty() {
            self.text(labels::no_figures(lang));
            return;
        }
        let columns = [
            Column::new(labels::col_index(lang), 480, Align::Center),
            Column::new(labels::col_target(lang), 2290, Align::Left),
            Column::new(labels::col_threshold_deadline(lang), 1324, Align::Center),
            Column::new(labels::col_current(lang), 1500, Align::Right),
            Column::new(labels::col_previous(lang), 1400, Align::Right),
            Column::new(labels::col_change(lang), 1110, Align::Right),
            Column::new(labels::col_status(lang), 1250, Align::Left),
        ];
        let rows: Vec<Row> = model.results.iter().enumerate().map(|(i, row)| result_row(i, row, lang).into()).collect();
        self.table(labels::table_results(lang), &columns, &rows);
    }

    fn charts(&mut self, chart: impl Fn(usize, &Chart) -> String) {
        let (model, lang) = (self.model, self.lang);
        if model.charts.is_empty() {
            return;
        }
        let charts = self.charts;
        if !charts.is_empty() {
            self.out += &line(labels::charts_intro(lang), Look::plain(BODY), Stand::body().keep());
        }
        for (i, content) in charts.iter().copied().enumerate() {
            let centre = Stand::new(Align::Center);
            self.out += &paragraph(&chart(i, content), Stand { before: 60, ..centre }.keep());
            let caption = format!("{} {}. {}", labels::chart(lang), i + 1, content.title);
            self.out += &line(&caption, Look::italic(CAPTION), Stand { before: 40, after: 120, ..centre });
        }
        for (content, value) in model.charts.iter().take(MAX_CHARTS).filter_map(|c| Some((c, c.uniform()?))) {
            self.text(&labels::chart_left_out(&content.title, &values::measured(value, content.measure, lang), lang));
        }
    }

    fn late(&mut self) {
        let (model, lang) = (self.model, self.lang);
        self.part(labels::part_late(lang));

        self.section(1, labels::part_overdue(lang));
        let columns = [
            Column::new(labels::col_index(lang), 520, Align::Center),
            Column::new(labels::col_task(lang), 3350, Align::Left),
            Column::new(labels::col_deadline(lang), 1350, Align::Center),
            Column::new(labels::col_days_late(lang), 850, Align::Center),
            Column::new(labels::col_reason(lang), 3284, Align::Left),
        ];
        let rows: Vec<Row> = numbered(&model.overdue, |item| {
            let reason = item.reason.as_deref().filter(|r| !r.trim().is_empty());
            let reason = match reason {
                Some(text) => Cell::text(text),
                None => Cell::styled(labels::no_reason(lang), Look::italic(TABLE)),
            };
            let days = item.days_late.map_or_else(|| "–".into(), |d| values::count(d, 0, lang));
            vec![task(&item.code, &item.title, &item.owner, lang), date_cell(item.deadline, lang), Cell::text(&days), reason]
        });
        self.list(labels::table_overdue(lang), &columns, &rows);

        self.section(2, labels::part_risk(lang));
        let wide = |third: &str, last: &str| {
            [
                Column::new(labels::col_index(lang), 520, Align::Center),
                Column::new(labels::col_task(lang), 3600, Align::Left),
                Column::new(third, 1350, Align::Center),
                Column::new(last, 3884, Align::Left),
            ]
        };
        let columns = wide(labels::col_deadline(lang), labels::col_explanation(lang));
        let rows = numbered(&model.at_risk, |item| {
            vec![task(&item.code, &item.title, &item.owner, lang), date_cell(item.deadline, lang), Cell::text(&item.explanation)]
        });
        self.list(labels::table_risk(lang), &columns, &rows);

        self.section(3, labels::part_waiting(lang));
        let columns = wide(labels::col_since(lang), labels::col_waiting_for(lang));
        let rows = numbered(&model.waiting, |item| {
            vec![task(&item.code, &item.title, &item.owner, lang), date_cell(item.since, lang), Cell::text(&item.waiting_for)]
        });
        self.list(labels::table_waiting(lang), &columns, &rows);
    }

    fn list(&mut self, title: &str, columns: &[Column], rows: &[Row]) {
        if rows.is_empty() {
            self.text(labels::none(self.lang));
        } else {
            self.table(title, columns, rows);
        }
    }

    fn conflicts(&mut self) {
        let (model, lang) = (self.model, self.lang);
        self.part(labels::part_conflicts(lang));
        if model.conflicts.is_empty() {
            self.text(labels::none(lang));
            return;
        }
        self.text(labels::conflicts_intro(lang));
        let columns = [
            Column::new(labels::col_index(lang), 520, Align::Center),
            Column::new(labels::col_target(lang), 2250, Align::Left),
            Column::new(labels::col_value(lang), 1350, Align::Right),
            Column::new(labels::col_as_of(lang), 1350, Align::Center),
            Column::new(labels::col_source(lang), 3884, Align::Left),
        ];
        let rows: Vec<Row> = model.conflicts.iter().enumerate().flat_map(|(i, c)| conflict_rows(i, c, lang)).collect();
        self.table(labels::table_conflicts(lang), &columns, &rows);
    }

    fn remarks(&mut self) {
        let (model, lang) = (self.model, self.lang);
        for (title, remarks) in [(labels::part_difficulties(lang), &model.difficulties), (labels::part_proposals(lang), &model.proposals)] {
            self.part(title);
            if remarks.is_empty() {
                self.text(labels::none(lang));
            }
            for remark in remarks {
                let by = remark.unit.as_deref().filter(|unit| !unit.is_empty());
                for (n, text) in clean_lines(&remark.text).lines().filter(|text| !text.trim().is_empty()).enumerate() {
                    let mut runs = String::new();
                    if n == 0 {
                        runs += &run("- ", Look::plain(BODY));
                        if let Some(unit) = by {
                            runs += &run(&format!("{unit}: "), Look::italic(BODY));
                        }
                    }
                    runs += &run(text.trim(), Look::plain(BODY));
                    self.out += &paragraph(&runs, Stand::body());
                }
            }
        }
    }
}

fn after_table() -> String {
    paragraph("", Stand { exact_line: Some(120), after: 60, ..Stand::new(Align::Left) })
}

fn numbered<T>(items: &[T], cells: impl Fn(&T) -> Vec<Cell>) -> Vec<Row> {
    let row = |(i, item): (usize, &T)| {
        let mut all = vec![Cell::text(&(i + 1).to_string())];
        all.extend(cells(item));
        Row::from(all)
    };
    items.iter().enumerate().map(row).collect()
}

fn task(code: &str, title: &str, owner: &str, lang: Lang) -> Cell {
    let title = if code.is_empty() { title.to_owned() } else { format!("{code}. {title}") };
    let owner = if owner.is_empty() { String::new() } else { format!("{} {owner}", labels::in_charge(lang)) };
    Cell::text(&title).under(&owner, Look::italic(SMALL))
}

fn date_cell(date: Option<jiff::civil::Date>, lang: Lang) -> Cell {
    Cell::text(&date.map_or_else(|| labels::unset(lang).to_owned(), |d| values::date(d, lang)))
}

fn result_row(i: usize, row: &ResultRow, lang: Lang) -> Vec<Cell> {
    let name = format!("{}. {}", row.code, row.name);
    let measure = if row.unit_of_measure.is_empty() { String::new() } else { format!(" ({})", row.unit_of_measure) };
    let threshold = row.threshold.as_ref().map_or_else(|| "–".to_owned(), |t| values::threshold(t, row.measure, lang));
    let deadline = row.deadline.map_or_else(String::new, |d| values::date(d, lang));
    let change =
        if row.stale { labels::no_new_figure(lang).to_owned() } else { values::change(&row.current, &row.previous, row.measure, lang) };
    let (small, note) = (Look::plain(SMALL), Look::italic(SMALL));
    let of = |figure: &Figure, span: &str, sum: &Figure, look: Look| {
        let whole = if sum.value.is_some() {
            format!("{} {}", labels::whole_period(lang), values::figure(sum, row.measure, lang))
        } else {
            String::new()
        };
        Cell::styled(&values::figure(figure, row.measure, lang), look)
            .under(&values::counts(figure, lang).unwrap_or_default(), small)
            .under(if figure.value.is_some() || figure.units.is_some() { span } else { "" }, note)
            .under(&whole, small)
            .under(&values::counts(sum, lang).unwrap_or_default(), small)
    };
    vec![
        Cell::text(&(i + 1).to_string()),
        Cell::runs(run(&name, Look::plain(TABLE)) + &run(&measure, Look::italic(TABLE)))
            .under(row.deadline_note.as_deref().unwrap_or(""), note)
            .under(row.note.as_deref().unwrap_or(""), note),
        Cell::text(&threshold).under(&deadline, Look::plain(TABLE)),
        of(&row.current, &row.current_span, &row.current_sum, Look::bold(TABLE)),
        of(&row.previous, &row.previous_span, &row.previous_sum, Look::plain(TABLE)),
        Cell::text(&change),
        Cell::text(labels::status(row.status, lang)).under(row.status_note.as_deref().unwrap_or(""), note),
    ]
}

fn conflict_rows(i: usize, conflict: &Conflict, lang: Lang) -> Vec<Row> {
    let row = |(n, claim): (usize, &super::model::Claim)| {
        let merge = if n == 0 { Merge::First } else { Merge::Following };
        let name = format!("{}. {}", conflict.code, conflict.name);
        let (index, name) = if n == 0 { (Cell::text(&(i + 1).to_string()), Cell::text(&name)) } else { Default::default() };
        let as_of = claim.as_of.map_or_else(|| labels::unknown(lang).to_owned(), |d| values::date(d, lang));
        let cells = vec![
            index.merged(merge),
            name.merged(merge),
            Cell::styled(&claim.value, Look::bold(TABLE)),
            Cell::text(&as_of),
            Cell::text(&claim.source),
        ];
        // What contradicts each other is read together.
        Row { cells, strong: false, keep: n + 1 < conflict.claims.len() }
    };
    conflict.claims.iter().enumerate().map(row).collect()
}

/// Annexes I to III, on landscape pages.
pub fn annexes(model: &ReportModel, lang: Lang) -> String {
    let mut out = annex_heading("I", labels::annex_results(lang), model, lang, true);
    if model.results.is_empty() {
        out += &line(labels::no_figures(lang), Look::plain(BODY), Stand::body());
    } else {
        out += &detail_table(model, lang);
    }
    out += &annex_heading("II", labels::annex_units(lang), model, lang, false);
    out += &units(model, lang);
    out += &annex_heading("III", labels::annex_ledger(lang), model, lang, false);
    out += &definitions(model, lang);
    out += &ledger(model, lang);
    out
}

fn detail_table(model: &ReportModel, lang: Lang) -> String {
    let columns = [
        Column::new(labels::col_code(lang), 1000, Align::Center),
        Column::new(labels::col_target(lang), 4436, Align::Left),
        Column::new(labels::col_measure(lang), 950, Align::Center),
        Column::new(labels::col_numerator(lang), 1200, Align::Right),
        Column::new(labels::col_denominator(lang), 1400, Align::Right),
        Column::new(labels::col_value_current(lang), 1350, Align::Right),
        Column::new(labels::col_as_of(lang), 1350, Align::Center),
        Column::new(labels::col_source(lang), 2600, Align::Left),
    ];
    let number = |value: Option<i64>, scale: u8| Cell::text(&value.map_or_else(|| "–".into(), |n| values::count(n, scale, lang)));
    let rows: Vec<Row> = model
        .results
        .iter()
        .map(|row| {
            let as_of = row.as_of.map_or_else(|| labels::unknown(lang).to_owned(), |d| values::date(d, lang));
            let owner = if row.owner.is_empty() { String::new() } else { format!("{} {}", labels::in_charge(lang), row.owner) };
            Row::from(vec![
                Cell::text(&row.code),
                Cell::text(&row.name).under(&owner, Look::italic(SMALL)),
                Cell::text(&row.unit_of_measure),
                number(row.current.numerator, row.current.scale),
                number(row.current.denominator, 0),
                Cell::styled(&values::figure(&row.current, row.measure, lang), Look::bold(TABLE)),
                Cell::text(&as_of),
                Cell::text(&row.source),
            ])
        })
        .collect();
    // Nothing after it: an empty paragraph would not fit beneath a full page and stand alone on the next.
    table(&columns, &rows)
}

fn units(model: &ReportModel, lang: Lang) -> String {
    let units = &model.by_unit;
    if units.columns.is_empty() || units.rows.is_empty() {
        return line(labels::no_figures(lang), Look::plain(BODY), Stand::body());
    }
    let mut out = String::new();
    for (part, columns) in units.columns.chunks(UNIT_COLUMNS).enumerate() {
        let from = part * UNIT_COLUMNS;
        let name_width = 2600;
        let each = ((LANDSCAPE_WIDTH - 600 - name_width) / i32::try_from(columns.len()).unwrap_or(1)).min(ROOMY.1);
        // The counts beside the value where there is room, the status beneath.
        let beside = each >= ROOMY.0;
        let mut heads =
            vec![Column::new(labels::col_index(lang), 600, Align::Center), Column::new(labels::col_unit(lang), name_width, Align::Left)];
        heads.extend(columns.iter().map(|c| Column::new(unit_heading(c, lang), each, Align::Right)));
        let mut rows: Vec<Row> =
            units.rows.iter().enumerate().map(|(i, row)| unit_row(&(i + 1).to_string(), row, columns, from, beside, false, lang)).collect();
        if let Some(total) = &units.total {
            rows.push(unit_row("", total, columns, from, beside, true, lang));
        }
        out += &table(&heads, &rows);
        out += &after_table();
    }
    out += &line(labels::counts_note(lang), Look::plain(TABLE), Stand::new(Align::Left));
    out
}

fn unit_heading(column: &UnitColumn, lang: Lang) -> String {
    let threshold = column.threshold.as_ref().map_or_else(String::new, |t| format!(" ({})", values::threshold(t, column.measure, lang)));
    let span = if column.span.is_empty() { String::new() } else { format!(", {}", column.span) };
    format!("{}. {}{threshold}{span}", column.code, column.name)
}

fn unit_row(index: &str, row: &UnitRow, columns: &[UnitColumn], from: usize, beside: bool, strong: bool, lang: Lang) -> Row {
    let look = if strong { Look::bold(TABLE) } else { Look::plain(TABLE) };
    let mut cells = vec![Cell::text(index), Cell::styled(&row.name, look)];
    for (i, column) in columns.iter().enumerate() {
        let cell = row.cells.get(from + i);
        let figure = cell.map_or(Figure::NONE, |c| c.figure);
        let value = run(&values::figure(&figure, column.measure, lang), look);
        let counts = values::counts(&figure, lang).unwrap_or_default();
        let status = cell.and_then(|c| c.status).map_or("", |s| labels::status(s, lang));
        let small = Look::plain(SMALL);
        let shown = if beside && !counts.is_empty() {
            Cell::runs(value + &run(&format!(" ({counts})"), small))
        } else {
            Cell::runs(value).under(&counts, small)
        };
        cells.push(shown.under(status, Look::italic(SMALL)));
    }
    Row { cells, strong, keep: false }
}

fn definitions(model: &ReportModel, lang: Lang) -> String {
    let mut out = line(&format!("1. {}", labels::definitions(lang)), Look::bold(BODY), Stand::body().keep());
    if model.results.is_empty() {
        return out + &line(labels::none(lang), Look::plain(BODY), Stand::body());
    }
    let columns = [
        Column::new(labels::col_code(lang), 1000, Align::Center),
        Column::new(labels::col_target(lang), 6300, Align::Left),
        Column::new(labels::col_definition(lang), 6986, Align::Left),
    ];
    let rows: Vec<Row> = model
        .results
        .iter()
        .map(|row| {
            let definition = if row.definition.is_empty() { "–" } else { &row.definition };
            Row::from(vec![Cell::text(&row.code), Cell::text(&row.name), Cell::text(definition)])
        })
        .collect();
    out += &table(&columns, &rows);
    out + &after_table()
}

fn ledger(model: &ReportModel, lang: Lang) -> String {
    let out = line(&format!("2. {}", labels::ledger(lang)), Look::bold(BODY), Stand { before: GAP, ..Stand::body() }.keep());
    let Some(checkpoint) = &model.ledger else {
        return out + &line(labels::ledger_open(lang), Look::plain(BODY), Stand::body());
    };
    let lead = if checkpoint.frozen { labels::ledger_frozen(lang) } else { labels::ledger_open_at(lang) };
    let size = values::count(i64::try_from(checkpoint.size).unwrap_or(i64::MAX), 0, lang);
    let mut facts = vec![format!("{}: {size}", labels::ledger_size(lang))];
    facts.extend(checkpoint.at.map(|at| format!("{}: {}", inner(labels::ledger_at(lang)), values::moment(at, lang))));
    facts.push(format!("{}: {}", inner(labels::ledger_root(lang)), in_groups(&clean(&checkpoint.root))));
    let whole = format!("{} “{}”", labels::ledger_note_where(lang), labels::sheet_sources(lang));
    out + &line(&format!("{lead} {}. {whole}.", facts.join("; ")), Look::plain(LEDGER), Stand::body())
}

/// A long hash that can be compared by eye: "bee4a571 5f2c90d3 …".
fn in_groups(hash: &str) -> String {
    let chars: Vec<char> = hash.chars().collect();
    chars.chunks(HASH_GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

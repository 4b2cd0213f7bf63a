//! The Excel annex: the same figures as numbers, with ratios as formulas over their two counts so that a reader can check.

use super::labels as l;
use super::model::{Figure, Measure, ReportModel, Status, UnitRow};
use super::values::{self, inner};
use super::{Lang, ReportError, chart, clean, clean_lines};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, utility::row_col_to_cell,
};
use std::collections::BTreeMap;

/// Rows above the heading row of each sheet: title, scope, notice.
const HEAD: u32 = 3;
/// Height of one line of 11 pt, and the lines that Excel's tallest row (409 pt) holds.
const LINE_POINTS: f64 = 15.0;
const MAX_LINES: u32 = 27;
/// Characters of a landscape A4 page at a size that can be read on paper (about 75 %).
const PAGE_WIDTH: f64 = 196.0;
/// Columns that say what a row is of: printed again on each page beside the first.
const NAMING: usize = 2;
/// Columns of one target in the sheet of units, and how many targets stand side by side on a page at [`UNITS_SCALE`].
const UNIT_COLUMNS: usize = 4;
const UNITS_ON_PAGE: usize = 3;
/// Per cent at which they fit.
const UNITS_SCALE: u16 = 75;
/// Excel's own code for A4.
const A4: u8 = 9;

/// Fixed so that the same model gives the same bytes.
pub fn fixed_properties(title: &str) -> Result<DocProperties, ReportError> {
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&ExcelDateTime::from_ymd(2020, 3, 5)?))
}

struct Looks {
    title: Format,
    notice: Format,
    head: Format,
    text: Format,
    number: Format,
    date: Format,
    total: Format,
}

impl Looks {
    fn new() -> Self {
        let base = Format::new().set_font_name("Times New Roman").set_font_size(11).set_align(FormatAlign::VerticalCenter);
        let ruled = base.clone().set_border(FormatBorder::Thin);
        Self {
            title: base.clone().set_bold().set_font_size(13),
            notice: base.set_bold().set_font_color("#B91C1C"),
            head: ruled.clone().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_background_color("#E8EEF4"),
            text: ruled.clone().set_text_wrap().set_align(FormatAlign::Left).set_indent(1),
            number: ruled.clone(),
            date: ruled.clone().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Center),
            total: ruled.set_bold().set_text_wrap().set_background_color("#F3F4F6"),
        }
    }

    fn number(&self, measure: Measure) -> Format {
        self.number.clone().set_num_format(chart::format_code(measure))
    }
}

/// A sheet being filled from top to bottom.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    looks: &'a Looks,
    lang: Lang,
    /// Column widths, in characters.
    widths: Vec<f64>,
    /// Lines of the tallest cell so far in each row.
    lines: BTreeMap<u32, u32>,
}

pub fn workbook(model: &ReportModel, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let mut book = Workbook::new();
    book.set_properties(&fixed_properties(&clean(&model.subject).chars().take(250).collect::<String>())?);
    let looks = Looks::new();
    results(&mut book, &looks, model, lang)?;
    units(&mut book, &looks, model, lang)?;
    late(&mut book, &looks, model, lang)?;
    conflicts(&mut book, &looks, model, lang)?;
    sources(&mut book, &looks, model, lang)?;
    Ok(book.save_to_buffer()?)
}

impl<'a> Page<'a> {
    /// Title, scope and notice; a frozen heading row with filters; A4 landscape, fitted to the width.
    fn open(
        book: &'a mut Workbook,
        looks: &'a Looks,
        model: &ReportModel,
        lang: Lang,
        name: &str,
        columns: &[(String, f64)],
        rows: usize,
    ) -> Result<Self, ReportError> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        // Otherwise an empty cached result is written as 0.
        sheet.set_formula_result_default("");
        sheet.write_string_with_format(0, 0, clean(&format!("{name} – {}", model.subject)), &looks.title)?;
        let scope = &model.scope;
        let as_of = scope.as_of.map_or_else(|| l::unknown(lang).to_owned(), |at| values::moment(at, lang));
        let mut line = format!("{}: {}", l::scope_period(lang), values::period(scope.period, lang));
        if let Some(previous) = scope.previous {
            line += &format!("; {}: {}", inner(l::scope_previous(lang)), values::period(previous, lang));
        }
        line += &format!(
            "; {}: {}; {}: {as_of}; {}: {}",
            inner(l::scope_unit(lang)),
            scope.unit,
            inner(l::scope_as_of(lang)),
            inner(l::scope_boundaries(lang)),
            scope.boundaries
        );
        sheet.write_string_with_format(
            1,
            0,
            clean(&line),
            &Format::new().set_font_name("Times New Roman").set_font_size(11).set_italic(),
        )?;
        if scope.simulated {
            sheet.write_string_with_format(2, 0, l::simulated(lang), &looks.notice)?;
            sheet.set_header(format!("&C&\"Times New Roman,Bold\"{}", l::simulated(lang)));
        }
        sheet.set_footer("&C&P / &N");
        for (i, (title, width)) in columns.iter().enumerate() {
            let column = column(i);
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(HEAD, column, clean(title), &looks.head)?;
        }
        let last_row = HEAD + u32::try_from(rows).unwrap_or(0);
        sheet.set_freeze_panes(HEAD + 1, 0)?;
        if !columns.is_empty() {
            sheet.autofilter(HEAD, 0, last_row, column(columns.len() - 1))?;
        }
        sheet.set_repeat_rows(HEAD, HEAD)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        // A sheet too wide for one page is spread over several at a size that can be read, each with the columns that name its rows.
        let width: f64 = columns.iter().map(|(_, width)| *width).sum();
        if width > PAGE_WIDTH {
            let named: f64 = columns.iter().take(NAMING).map(|(_, width)| *width).sum();
            let pages = ((width - named) / (PAGE_WIDTH - named)).ceil();
            sheet.set_repeat_columns(0, column(NAMING - 1))?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few pages")]
            sheet.set_print_fit_to_pages(pages as u16, 0);
        }
        let widths = columns.iter().map(|(_, width)| *width).collect();
        let mut page = Self { sheet, looks, lang, widths, lines: BTreeMap::new() };
        for (i, (title, _)) in columns.iter().enumerate() {
            page.grow(HEAD, column(i), title)?;
        }
        Ok(page)
    }

    fn text(&mut self, row: u32, col: u16, text: &str) -> Result<(), ReportError> {
        self.sheet.write_string_with_format(row, col, clean(text), &self.looks.text)?;
        self.grow(row, col, text)
    }

    /// Makes the row tall enough for a wrapped text: not every program does so by itself on opening.
    fn grow(&mut self, row: u32, col: u16, text: &str) -> Result<(), ReportError> {
        // Words do not fill a line to the last character; a tenth is lost.
        let width = self.widths.get(usize::from(col)).copied().unwrap_or(10.0) * 0.9;
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by MAX_LINES")]
        let lines = |line: &str| ((line.chars().count() as f64 / width).ceil() as u32).clamp(1, MAX_LINES);
        let wanted = text.lines().map(lines).sum::<u32>().clamp(1, MAX_LINES);
        let tallest = self.lines.entry(row).or_insert(1);
        if wanted > *tallest {
            *tallest = wanted;
            self.sheet.set_row_height(row, f64::from(wanted) * LINE_POINTS)?;
        }
        Ok(())
    }

    fn number(&mut self, row: u32, col: u16, value: Option<f64>, measure: Measure) -> Result<(), ReportError> {
        let look = self.looks.number(measure);
        match value.filter(|v| v.is_finite()) {
            Some(v) => self.sheet.write_number_with_format(row, col, v, &look)?,
            None => self.sheet.write_blank(row, col, &look)?,
        };
        Ok(())
    }

    fn date(&mut self, row: u32, col: u16, date: Option<jiff::civil::Date>, missing: &str) -> Result<(), ReportError> {
        let excel = date
            .and_then(|d| ExcelDateTime::from_ymd(u16::try_from(d.year()).ok()?, d.month().unsigned_abs(), d.day().unsigned_abs()).ok());
        match excel {
            Some(d) => self.sheet.write_datetime_with_format(row, col, &d, &self.looks.date)?,
            None => self.sheet.write_string_with_format(row, col, missing, &self.looks.text)?,
        };
        Ok(())
    }

    /// Numerator, denominator and result in three columns from `col`: the result is a formula where both counts are known.
    fn figure(&mut self, row: u32, col: u16, figure: &Figure, measure: Measure) -> Result<(), ReportError> {
        if let Some((reached, of)) = figure.units {
            self.text(row, col, "")?;
            self.text(row, col + 1, "")?;
            return self.text(row, col + 2, &l::units_reached(reached, of, self.lang));
        }
        let numerator = figure.numerator.map(|n| values::scaled(n, figure.scale));
        let denominator = figure.denominator.map(|n| values::scaled(n, 0));
        self.number(row, col, numerator, Measure::Decimal { decimals: figure.scale })?;
        self.number(row, col + 1, denominator, Measure::Integer)?;
        if numerator.is_none() || denominator.is_none() {
            return match figure.value.filter(|v| v.is_finite()).zip(figure.qualifier) {
                // A real number behind the word, so that it can be compared.
                Some((v, q)) => {
                    let code = format!("\"{} \"{}", l::qualifier(q, self.lang), chart::format_code(measure));
                    self.sheet.write_number_with_format(row, col + 2, v, &self.looks.number.clone().set_num_format(code))?;
                    Ok(())
                }
                None => self.number(row, col + 2, figure.value, measure),
            };
        }
        let (n, d) = (row_col_to_cell(row, col), row_col_to_cell(row, col + 1));
        let formula = format!(r#"=IF({d}=0,"",{n}/{d})"#);
        // The cached result, for readers that do not calculate.
        let result = match (numerator, denominator) {
            (Some(n), Some(d)) if d != 0.0 => (n / d).to_string(),
            _ => String::new(),
        };
        self.sheet.write_formula_with_format(row, col + 2, Formula::new(formula).set_result(result), &self.looks.number(measure))?;
        Ok(())
    }

    fn status(&mut self, row: u32, col: u16, status: Status) -> Result<(), ReportError> {
        self.text(row, col, l::status(status, self.lang))
    }
}

fn column(i: usize) -> u16 {
    u16::try_from(i).unwrap_or(u16::MAX)
}

fn titles(list: &[(&str, f64)]) -> Vec<(String, f64)> {
    list.iter().map(|(title, width)| ((*title).to_owned(), *width)).collect()
}

/// Rows of a sheet, numbered from under the heading.
fn below<T>(items: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (HEAD + 1..).zip(items)
}

fn results(book: &mut Workbook, looks: &Looks, model: &ReportModel, lang: Lang) -> Result<(), ReportError> {
    let columns = titles(&[
        (l::col_code(lang), 8.0),
        (l::col_target(lang), 30.0),
        (l::col_measure(lang), 8.0),
        (l::col_threshold(lang), 9.0),
        (l::col_deadline(lang), 11.0),
        (l::col_deadline_note(lang), 13.0),
        (l::col_numerator(lang), 9.5),
        (l::col_denominator(lang), 9.5),
        (l::col_value_current(lang), 9.0),
        (l::col_qualifier(lang), 9.0),
        (l::col_previous_numerator(lang), 9.5),
        (l::col_previous_denominator(lang), 9.5),
        (l::col_previous(lang), 9.0),
        (l::col_change(lang), 12.0),
        (l::col_status(lang), 14.0),
        (l::col_status_note(lang), 13.0),
        (l::col_owner(lang), 18.0),
        (l::col_as_of(lang), 11.0),
        (l::col_source(lang), 30.0),
        (l::col_span(lang), 16.0),
        (l::col_previous_span(lang), 16.0),
    ]);
    let mut page = Page::open(book, looks, model, lang, l::sheet_results(lang), &columns, model.results.len())?;
    for (r, row) in below(&model.results) {
        page.text(r, 0, &row.code)?;
        page.text(r, 1, &row.name)?;
        page.text(r, 2, &row.unit_of_measure)?;
        match &row.threshold {
            Some(t) => {
                // A real number behind the sign, so that it can be compared.
                let sign = if t.at_most { "≤" } else { "≥" };
                let look = looks.number.clone().set_num_format(format!("\"{sign} \"{}", chart::format_code(row.measure)));
                page.sheet.write_number_with_format(r, 3, t.value, &look)?;
            }
            None => page.text(r, 3, "")?,
        }
        page.date(r, 4, row.deadline, l::unset(lang))?;
        let notes: Vec<&str> = row.deadline_note.iter().chain(&row.note).map(String::as_str).collect();
        page.text(r, 5, &notes.join("; "))?;
        page.figure(r, 6, &row.current, row.measure)?;
        let qualifier = match (row.current.value, row.current.qualifier) {
            (None, _) => "",
            (Some(_), None) => l::exact(lang),
            (Some(_), Some(q)) => l::qualifier(q, lang),
        };
        page.text(r, 9, qualifier)?;
        page.figure(r, 10, &row.previous, row.measure)?;
        let (now, before) = (row_col_to_cell(r, 8), row_col_to_cell(r, 12));
        // "18 %" more would be read as a growth rate: shares change by percentage points.
        let points = matches!(row.measure, Measure::Percent { .. });
        let (scale, times) = if points { (100.0, "*100") } else { (1.0, "") };
        let look = if points {
            looks.number.clone().set_num_format(format!("0.00\" {}\"", l::percentage_points(lang)))
        } else {
            looks.number(row.measure)
        };
        let difference = match (row.current.value, row.previous.value) {
            (Some(a), Some(b)) => ((a - b) * scale).to_string(),
            _ => String::new(),
        };
        let formula = Formula::new(format!(r#"=IF(OR({now}="",{before}=""),"",({now}-{before}){times})"#)).set_result(difference);
        if row.stale {
            page.text(r, 13, l::no_new_figure(lang))?;
        } else if row.current.units.is_some() {
            page.text(r, 13, "")?;
        } else {
            page.sheet.write_formula_with_format(r, 13, formula, &look)?;
        }
        page.status(r, 14, row.status)?;
        page.text(r, 15, row.status_note.as_deref().unwrap_or(""))?;
        page.text(r, 16, &row.owner)?;
        page.date(r, 17, row.as_of, l::unknown(lang))?;
        page.text(r, 18, &row.source)?;
        page.text(r, 19, &row.current_span)?;
        page.text(r, 20, &row.previous_span)?;
    }
    Ok(())
}

fn units(book: &mut Workbook, looks: &Looks, model: &ReportModel, lang: Lang) -> Result<(), ReportError> {
    let table = &model.by_unit;
    let mut columns = titles(&[(l::col_index(lang), 5.0), (l::col_unit(lang), 30.0)]);
    for c in &table.columns {
        let span = if c.span.is_empty() { String::new() } else { format!(", {}", c.span) };
        let name = format!("{}. {}{span}", c.code, c.name);
        columns.push((format!("{name} – {}", l::col_numerator(lang)), 12.0));
        columns.push((format!("{name} – {}", l::col_denominator(lang)), 12.0));
        columns.push((format!("{name} – {}", l::col_value_current(lang)), 12.0));
        columns.push((format!("{name} – {}", l::col_status(lang)), 18.0));
    }
    let mut page = Page::open(book, looks, model, lang, l::sheet_units(lang), &columns, table.rows.len())?;
    if table.columns.len() > UNITS_ON_PAGE {
        // Whole targets on each page: a page never ends between a numerator and its denominator.
        let breaks: Vec<u32> = (1..)
            .map(|i| i * UNITS_ON_PAGE)
            .take_while(|n| *n < table.columns.len())
            .map(|n| u32::from(column(NAMING + n * UNIT_COLUMNS)))
            .collect();
        page.sheet.set_print_scale(UNITS_SCALE).set_vertical_page_breaks(&breaks)?;
    }
    let fill = |page: &mut Page<'_>, r: u32, row: &UnitRow| -> Result<(), ReportError> {
        for (i, c) in table.columns.iter().enumerate() {
            let col = column(NAMING + i * UNIT_COLUMNS);
            let cell = row.cells.get(i);
            page.figure(r, col, &cell.map_or(Figure::NONE, |cell| cell.figure), c.measure)?;
            match cell.and_then(|cell| cell.status) {
                Some(status) => page.status(r, col + 3, status)?,
                None => page.text(r, col + 3, "")?,
            }
        }
        Ok(())
    };
    for (r, row) in below(&table.rows) {
        page.sheet.write_number_with_format(r, 0, f64::from(r - HEAD), &looks.date.clone().set_num_format("0"))?;
        page.text(r, 1, &row.name)?;
        fill(&mut page, r, row)?;
    }
    if let Some(total) = &table.total {
        let r = HEAD + 1 + u32::try_from(table.rows.len()).unwrap_or(0);
        page.sheet.write_string_with_format(r, 1, clean(&total.name), &looks.total)?;
        page.sheet.write_blank(r, 0, &looks.total)?;
        fill(&mut page, r, total)?;
    }
    Ok(())
}

fn late(book: &mut Workbook, looks: &Looks, model: &ReportModel, lang: Lang) -> Result<(), ReportError> {
    let columns = titles(&[
        (l::col_kind(lang), 19.0),
        (l::col_code(lang), 9.0),
        (l::col_task(lang), 46.0),
        (l::col_owner(lang), 28.0),
        (l::col_deadline(lang), 12.0),
        (l::col_days_late(lang), 9.0),
        (l::col_reason(lang), 60.0),
    ]);
    let rows = model.overdue.len() + model.at_risk.len() + model.waiting.len();
    let mut page = Page::open(book, looks, model, lang, l::sheet_late(lang), &columns, rows)?;
    let mut r = HEAD;
    let mut common = |page: &mut Page<'_>, status, texts: [&str; 4], date| -> Result<u32, ReportError> {
        r += 1;
        page.status(r, 0, status)?;
        for (col, text) in [1, 2, 3, 6].into_iter().zip(texts) {
            page.text(r, col, text)?;
        }
        page.date(r, 4, date, l::unset(lang))?;
        page.text(r, 5, "")?;
        Ok(r)
    };
    for item in &model.overdue {
        let reason = item.reason.as_deref().unwrap_or(l::no_reason(lang));
        let r = common(&mut page, Status::Overdue, [&item.code, &item.title, &item.owner, reason], item.deadline)?;
        page.number(r, 5, item.days_late.map(|d| values::scaled(d, 0)), Measure::Integer)?;
    }
    for item in &model.at_risk {
        common(&mut page, Status::AtRisk, [&item.code, &item.title, &item.owner, &item.explanation], item.deadline)?;
    }
    for item in &model.waiting {
        let since = item.since.map_or_else(String::new, |d| format!(" ({} {})", l::col_since(lang).to_lowercase(), values::date(d, lang)));
        let why = format!("{}{since}", item.waiting_for);
        common(&mut page, Status::Waiting, [&item.code, &item.title, &item.owner, &why], None)?;
    }
    Ok(())
}

fn conflicts(book: &mut Workbook, looks: &Looks, model: &ReportModel, lang: Lang) -> Result<(), ReportError> {
    let columns = titles(&[
        (l::col_code(lang), 10.0),
        (l::col_target(lang), 56.0),
        (l::col_value(lang), 22.0),
        (l::col_as_of(lang), 14.0),
        (l::col_source(lang), 60.0),
    ]);
    let rows = model.conflicts.iter().map(|c| c.claims.len()).sum();
    let mut page = Page::open(book, looks, model, lang, l::sheet_conflicts(lang), &columns, rows)?;
    let mut r = HEAD;
    for conflict in &model.conflicts {
        for claim in &conflict.claims {
            r += 1;
            page.text(r, 0, &conflict.code)?;
            page.text(r, 1, &conflict.name)?;
            page.text(r, 2, &claim.value)?;
            page.date(r, 3, claim.as_of, l::unknown(lang))?;
            page.text(r, 4, &claim.source)?;
        }
    }
    Ok(())
}

fn sources(book: &mut Workbook, looks: &Looks, model: &ReportModel, lang: Lang) -> Result<(), ReportError> {
    let columns =
        titles(&[(l::col_code(lang), 19.0), (l::col_target(lang), 46.0), (l::col_definition(lang), 60.0), (l::col_source(lang), 50.0)]);
    let mut page = Page::open(book, looks, model, lang, l::sheet_sources(lang), &columns, model.results.len())?;
    for (r, row) in below(&model.results) {
        page.text(r, 0, &row.code)?;
        page.text(r, 1, &row.name)?;
        page.text(r, 2, &row.definition)?;
        page.text(r, 3, &row.source)?;
    }
    let r = HEAD + 2 + u32::try_from(model.results.len()).unwrap_or(0);
    page.sheet.write_string_with_format(r, 0, l::ledger(lang), &looks.title)?;
    let Some(checkpoint) = &model.ledger else {
        page.sheet.write_string(r + 1, 0, l::ledger_open(lang))?;
        return Ok(());
    };
    if !checkpoint.frozen {
        page.text(r, 1, l::ledger_open_at(lang))?;
    }
    let size = values::scaled(i64::try_from(checkpoint.size).unwrap_or(i64::MAX), 0);
    page.text(r + 1, 0, l::ledger_size(lang))?;
    page.number(r + 1, 1, Some(size), Measure::Integer)?;
    page.text(r + 2, 0, l::ledger_root(lang))?;
    page.text(r + 2, 1, &checkpoint.root)?;
    page.text(r + 3, 0, l::ledger_at(lang))?;
    page.text(r + 3, 1, &checkpoint.at.map_or_else(|| l::unknown(lang).to_owned(), |at| values::moment(at, lang)))?;
    page.text(r + 4, 0, l::ledger_note(lang))?;
    // The note whole, in one cell: copied out, its signature must still verify.
    page.sheet.write_string_with_format(r + 4, 1, clean_lines(&checkpoint.signed_note), &looks.text)?;
    page.grow(r + 4, 1, &checkpoint.signed_note)
}
